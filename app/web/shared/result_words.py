"""People's words for a result: selections, why a place is as it is, quota lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

SELECTIONS: Mapping[str, tuple[str, str, str]] = {
    "selected": ("Đề xuất công nhận", "done", "check-circle"),
    "council": ("Bằng điểm, hội đồng chọn", "wait", "people"),
    "over_quota": ("Ngoài chỉ tiêu", "plain", "dash-circle"),
    "below_pass_mark": ("Dưới điểm sàn", "plain", "dash-circle"),
    "insufficient": ("Chưa đủ phiếu", "wrong", "exclamation-circle"),
}
RULES: Mapping[str, str] = {
    "points": "%(previous)s đứng trên vì điểm bình quân cao hơn",
    "lower_spread": "Bằng điểm; %(previous)s đứng trên vì chênh lệch giữa các giám khảo nhỏ hơn",
    "tie": "Bằng %(previous)s ở mọi quy tắc: cùng hạng",
}
CRITERION = "Bằng điểm; %(previous)s đứng trên vì tiêu chí %(criterion)s cao hơn"


def selection_badge(selection: str | None) -> dict[str, str]:
    """Word, tone and icon of a selection; None is an entry without enough sheets."""
    word, tone, icon = SELECTIONS[selection or "insufficient"]
    return {"word": _(word), "tone": tone, "icon": icon}


def why(decided_by: str | None, previous: str | None) -> str:
    """Why an entry stands after the one before it."""
    if previous is None or decided_by is None:
        return _("Đứng đầu")
    if decided_by.startswith("criterion:"):
        return _(CRITERION, previous=previous, criterion=decided_by.partition(":")[2])
    return _(RULES[decided_by], previous=previous)


def quota_words(quota: Mapping[str, Any] | None, group: str | None) -> str:
    """The quota that the line across the ranking stands for."""
    limits = quota or {}
    own = (limits.get("groups") or {}).get(group) if group else None
    if own is not None:
        return _("Hết đề xuất: chỉ tiêu của nhóm %(count)s sản phẩm", count=own)
    if limits.get("total") is not None:
        return _("Hết đề xuất: chỉ tiêu chung %(count)s sản phẩm", count=limits["total"])
    return _("Hết đề xuất: dưới đây không đạt điểm sàn")
