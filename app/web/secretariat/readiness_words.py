"""What a round needs before its next phase, in words, and where each thing is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.vocabulary import EntryState
from app.models.round import Round
from app.queries.readiness import Condition


def condition_row(row: Round, line: Condition) -> dict[str, Any]:
    """A condition as the macro ``tasks`` takes it."""
    text, hint = condition_words(line)
    state = "done" if line.met else "wrong" if line.blocking else "optional"
    word = None if line.met else _("Chưa đạt") if line.blocking else _("Nên xem lại")
    return {"label": text, "hint": None if line.met else hint, "state": state, "word": word, "href": _where(row, line)}


def condition_words(line: Condition) -> tuple[str, str]:
    """What the condition asks, and what is missing."""
    count, least = line.count, line.params.get("minimum")
    words = {
        "has_groups": (_("Đợt có ít nhất một nhóm sản phẩm"), ""),
        "has_authority": (_("Đã ghi cơ quan công nhận và chức danh người ký"), _("Điền trong thông tin đợt.")),
        "has_window_registration": (_("Đã đặt thời gian nhận hồ sơ"), _("Hạn nộp là ngày đóng nhận hồ sơ.")),
        "has_window_checking": (_("Đã đặt thời gian kiểm tra hồ sơ"), ""),
        "has_window_judging": (_("Đã đặt thời gian chấm điểm"), ""),
        "no_open_entries": (
            _("Mọi hồ sơ đã nộp đều có kết quả kiểm tra"),
            _("Còn %(count)s hồ sơ chờ kiểm tra hoặc chờ bổ sung.", count=count),
        ),
        "has_accepted_entries": (_("Có hồ sơ đủ điều kiện để chấm"), _("Chưa có hồ sơ nào đủ điều kiện.")),
        "has_chair": (_("Ban giám khảo có trưởng ban"), _("Chưa có trưởng ban.")),
        "enough_judges": (
            _("Có ít nhất %(least)s giám khảo", least=least),
            _("Hiện có %(count)s giám khảo.", count=count),
        ),
        "groups_have_judges": (
            _("Mỗi nhóm có hồ sơ đều đủ giám khảo"),
            _("Còn thiếu ở: %(groups)s.", groups=line.params.get("groups", "")),
        ),
        "judges_assigned": (
            _("Mỗi hồ sơ đã được phân công đủ giám khảo"),
            _("%(count)s hồ sơ chưa đủ %(least)s giám khảo; có thể phân công sau khi mở chấm.", count=count, least=least),
        ),
        "list_agreed": (
            _("Hội đồng đã thống nhất danh sách đưa vào chấm điểm"),
            _("Danh sách đã thay đổi sau khi hội đồng thống nhất.")
            if line.params.get("outdated")
            else _("Ghi số biên bản của hội đồng ở trang Hội đồng, nếu hội đồng có họp."),
        ),
        "no_drafts": (
            _("Không còn hồ sơ đang soạn dở"),
            _("%(count)s hồ sơ chưa nộp sẽ không được chấm.", count=count),
        ),
        "sheets_signed": (_("Mọi phiếu được phân công đã ký"), _("Còn %(count)s phiếu chưa ký.", count=count)),
        "conflicts_ruled": (
            _("Mọi khai báo xung đột đã được trưởng ban quyết định"),
            _("Còn %(count)s khai báo.", count=count),
        ),
        "enough_sheets": (
            _("Mỗi hồ sơ có ít nhất %(least)s phiếu đã ký", least=least),
            _("%(count)s hồ sơ thiếu phiếu sẽ không được xếp hạng.", count=count),
        ),
        "first_stage_closed": (_("Vòng một đã đóng"), _("Trưởng ban giám khảo đóng vòng một ở trang của ban.")),
        "discrepancies_settled": (
            _("Mọi cảnh báo chênh lệch điểm đã được giải quyết"),
            _("Còn %(count)s cảnh báo; sau khi đóng chấm điểm, giám khảo không chấm lại được nữa.", count=count),
        ),
    }
    return words[line.code]


def _where(row: Round, line: Condition) -> str | None:
    if line.met:
        return None
    if line.code == "no_open_entries":
        return url_for("secretariat.screening", round_id=row.id, state=EntryState.SUBMITTED.value)
    endpoint = {
        "has_authority": "edit_round",
        "has_accepted_entries": "screening",
        "no_drafts": "screening",
        "sheets_signed": "progress",
        "enough_sheets": "progress",
        "first_stage_closed": "progress",
        "discrepancies_settled": "progress",
        "list_agreed": "council",
        "has_chair": "panel",
        "enough_judges": "panel",
        "groups_have_judges": "panel",
        "judges_assigned": "panel_assigning",
    }.get(line.code)
    if line.code.startswith("has_window"):
        endpoint = "windows"
    return url_for(f"secretariat.{endpoint}", round_id=row.id) if endpoint else None


def before_opening(row: Round, lines: Sequence[Condition]) -> list[dict[str, Any]]:
    """The way from a new round to an open one: what must be there, what to look through, what may wait."""

    def look(label: str, hint: str, endpoint: str) -> dict[str, Any]:
        href = url_for(f"secretariat.{endpoint}", round_id=row.id)
        return {"label": label, "hint": hint, "state": "optional", "word": _("Nên xem lại"), "href": href}

    later = {"state": "optional", "word": _("Có thể làm sau"), "href": url_for("secretariat.panel", round_id=row.id)}
    return [
        *(condition_row(row, line) for line in lines),
        look(_("Quy tắc của đợt"), _("Điểm sàn, chỉ tiêu số lượng, cách tính điểm đã điền sẵn."), "rules"),
        look(_("Tiêu chí chấm"), _("Đã có sẵn bốn tiêu chí, 100 điểm."), "rubrics"),
        later | {"label": _("Ban giám khảo"), "hint": _("Cần có trước khi mở chấm điểm.")},
    ]
