"""People's words for a result: selections, why a place is as it is, quota lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.domain.vocabulary import Outcome
from app.queries.own_result import OwnResult
from app.web.shared.formats import points

SELECTIONS: Mapping[str, tuple[str, str, str]] = {
    "selected": ("Đề xuất công nhận", "done", "check-circle"),
    "council": ("Bằng điểm, hội đồng chọn", "wait", "people"),
    "over_quota": ("Ngoài chỉ tiêu", "plain", "dash-circle"),
    "below_pass_mark": ("Dưới điểm sàn", "plain", "dash-circle"),
    "not_advanced": ("Không vào vòng hai", "plain", "dash-circle"),
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


def reasons_of(found: OwnResult) -> list[str]:
    """Why a product was or was not recognised, in whole sentences; the council's own reason is not among them."""
    if found.status == "not_advanced":
        return [_("Sản phẩm không vào vòng chấm thứ hai nên không được xếp hạng.")]
    if found.published is None:
        return [
            _(
                "Sản phẩm có %(counted)s phiếu chấm hợp lệ, cần ít nhất %(needed)s phiếu nên không xếp hạng được.",
                counted=found.counted,
                needed=found.minimum_sheets,
            )
        ]
    return [_pass_words(found), *_line_words(found), *_council_words(found)]


def _pass_words(found: OwnResult) -> str:
    values = {"figure": points(found.published, found.places), "pass_mark": points(found.pass_mark)}
    if found.selection == "below_pass_mark":
        return _("Sản phẩm đạt %(figure)s điểm, thấp hơn điểm sàn %(pass_mark)s điểm.", **values)
    return _("Sản phẩm đạt %(figure)s điểm, từ điểm sàn %(pass_mark)s điểm trở lên.", **values)


def _line_words(found: OwnResult) -> list[str]:
    """How the product stands to the quota; nothing where no quota was at work."""
    count = found.quota_group if found.quota_group is not None else found.quota_total
    if count is None or found.selection == "below_pass_mark":
        return []
    whose = _("của cả đợt")
    if found.quota_group is not None:
        whose = _("của %(group)s", group=found.group[:1].lower() + found.group[1:])
    if found.selection == "selected":
        return [_("Sản phẩm nằm trong chỉ tiêu %(whose)s: %(count)s sản phẩm.", whose=whose, count=count)]
    if found.selection == "council":
        text = _(
            "Sản phẩm bằng điểm với sản phẩm khác ở vạch chỉ tiêu %(whose)s (%(count)s sản phẩm).", whose=whose, count=count
        )
        return [text, _("Quy tắc không phân được thứ tự nên hội đồng chọn.")]
    lines = [_("Chỉ tiêu %(whose)s là %(count)s sản phẩm và đã hết trước sản phẩm này.", whose=whose, count=count)]
    if found.last_figure is not None:
        figure = points(found.last_figure, found.places)
        lines.append(_("Sản phẩm cuối cùng trong chỉ tiêu đạt %(figure)s điểm.", figure=figure))
    return lines


def _council_words(found: OwnResult) -> list[str]:
    if found.against_jury:
        return [_("Hội đồng quyết định khác đề xuất của ban giám khảo và ghi lý do.")]
    if found.selection == "council":
        chosen = found.outcome is Outcome.RECOGNISED
        return [_("Hội đồng đã chọn sản phẩm này.") if chosen else _("Hội đồng không chọn sản phẩm này.")]
    return [_("Hội đồng quyết định theo đề xuất của ban giám khảo.")]
