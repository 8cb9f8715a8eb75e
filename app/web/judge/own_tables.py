"""A judge's own sheets, and the history of one sheet, as tables for a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.sheet import ScoreEvent
from app.queries.judging import QueueItem
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label
from scoring.rubric import Rubric


def send_own_sheets(kind: str, items: Iterable[QueueItem], *, two_stages: bool) -> Response:
    """The judge's queue as it is shown, names masked where the round is blind."""
    head = [_("Mã số"), _("Sản phẩm"), _("Nhóm"), _("Tình trạng"), _("Tổng điểm"), _("Lần lưu cuối")]
    rows = [[*_sheet(item), *([item.stage] if two_stages else [])] for item in items]
    return send_table(kind, _("Phiếu của tôi"), [*head, *([_("Vòng")] if two_stages else [])], rows)


def send_history(kind: str, code: str, rubric: Rubric, events: Sequence[tuple[ScoreEvent, str]]) -> Response:
    """Every event of a sheet, newest first: when, what, by whom, each criterion's points, the chain's number and digest."""
    codes = [item.code for item in rubric.criteria]
    head = [_("Lúc"), _("Việc"), _("Người"), *(_("Tiêu chí %(code)s", code=code) for code in codes)]
    head += [_("Tổng"), _("Nhận xét"), _("Lý do"), _("Mắt xích"), _("Mã")]
    return send_table(kind, _("Các lần lưu của phiếu %(code)s", code=code), head, [_event(*one, codes) for one in events])


def _sheet(item: QueueItem) -> list[Cell]:
    state = _("Đang đóng") if item.closed else label(item.state) if item.state else _("Chưa chấm")
    return [item.code, item.product, _(item.group), state, item.total, item.saved_at]


def _event(event: ScoreEvent, name: str, codes: Sequence[str]) -> list[Cell]:
    body = event.body
    points = [_points(body["points"].get(code)) for code in codes]
    total, comment, reason = _points(body.get("total")), body.get("comment"), body.get("reason")
    return [event.at, label(event.action), name, *points, total, comment, reason, event.number, event.digest]


def _points(written: str | None) -> Decimal | None:
    return Decimal(written) if written else None
