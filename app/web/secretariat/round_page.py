"""The board of one round: phases, four numbers, progress of the jury, whose turn it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.domain.deadlines import is_passed, local_date
from app.domain.vocabulary import EntryState, Phase
from app.infra.clock import now
from app.infra.database import db
from app.models.round import Round
from app.queries import complaints as complaint_reads
from app.queries import rounds
from app.queries import visits as visit_reads
from app.queries.readiness import conditions
from app.queries.round_board import Dashboard
from app.web.secretariat import bp
from app.web.secretariat.desk import require_own, round_context
from app.web.secretariat.readiness_words import before_opening
from app.web.shared.formats import number, points, vi_date
from app.web.shared.words import label

LINE = (Phase.REGISTRATION, Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION, Phase.PUBLISHED)
SHOWN = 5


@bp.get("/dot/<int:round_id>")
def round_page(round_id: int) -> str:
    """The round at a glance."""
    require_own(round_id)
    at = now()
    board = rounds.dashboard(db.session(), round_id, at)
    return render_template(
        "secretariat/round_page.html",
        board=board,
        phase_line=phase_line(board.round, at),
        numbers=numbers(board),
        first_steps=first_steps(board.round),
        waits=[*late_complaints(round_id, at), *unruled_visits(round_id), *waits(board, at)],
        **round_context(board.round, "round_page"),
    )


def first_steps(row: Round) -> list[dict[str, Any]]:
    """What leads to an open round; nothing once it is open."""
    if row.phase is not Phase.DRAFT:
        return []
    return before_opening(row, conditions(db.session(), row, Phase.REGISTRATION))


def late_complaints(round_id: int, at: datetime) -> list[dict[str, Any]]:
    """One line on top while complaints are past their day without an answer."""
    count = complaint_reads.late(db.session(), round_id, at)
    if not count:
        return []
    text = _("%(count)s khiếu nại quá hạn trả lời", count=count)
    href = url_for("secretariat.complaints", round_id=round_id)
    return [{"badge": {"word": _("Quá hạn"), "tone": "wrong"}, "text": text, "href": href}]


def unruled_visits(round_id: int) -> list[dict[str, Any]]:
    """One line while visits that found an entry not as declared wait for the panel's chair."""
    count = visit_reads.unruled(db.session(), round_id)
    if not count:
        return []
    text = _("%(count)s kiểm tra thực tế không đúng như đã khai chờ kết luận, chưa tính được kết quả", count=count)
    return [{"badge": {"word": _("Trưởng ban"), "tone": "wrong"}, "text": text}]


def phase_line(row: Round, at: datetime) -> list[dict[str, Any]]:
    """The phases with their dates, as the macro ``phases`` takes them."""
    windows = {window.phase: window for window in row.phases}
    order = list(Phase)
    found = []
    for phase in LINE:
        place = order.index(phase) - order.index(row.phase)
        state = "now" if place == 0 else "done" if place < 0 else "next"
        window = windows.get(phase)
        when = _("chưa đặt ngày") if window is None else window_words(window.opens_at, window.closes_at)
        if state == "now" and window is not None:
            when = left_words(window.closes_at, at)
        href = url_for("secretariat.windows", round_id=row.id)
        found.append({"label": short_phase(phase), "when": when, "state": state, "href": href})
    return found


def short_phase(phase: Phase) -> str:
    """The phase as a step of the line."""
    return {
        Phase.REGISTRATION: _("Nhận hồ sơ"),
        Phase.CHECKING: _("Kiểm tra hồ sơ"),
        Phase.JUDGING: _("Chấm điểm"),
        Phase.DELIBERATION: _("Họp hội đồng"),
        Phase.PUBLISHED: _("Công bố"),
    }.get(phase) or label(phase)


def window_words(opens_at: datetime, closes_at: datetime) -> str:
    """``01/03 – 30/04`` (local days); one day once; with the year when they differ."""
    first, last = local_date(opens_at), local_date(closes_at)
    if first == last:
        return vi_date(first)
    if first.year == last.year:
        return f"{first:%d/%m} – {vi_date(last)}"
    return f"{vi_date(first)} – {vi_date(last)}"


def left_words(closes_at: datetime, at: datetime) -> str:
    """How long the present phase still has, in local days."""
    days = (local_date(closes_at) - local_date(at)).days
    if is_passed(at, closes_at):
        return str(_("quá hạn từ %(day)s", day=vi_date(closes_at)))
    return str(_("còn %(days)s ngày, đến %(day)s", days=days, day=vi_date(closes_at)) if days else _("hết hạn hôm nay"))


def numbers(board: Dashboard) -> list[dict[str, Any]]:
    """The four numbers, each a link to the rows that it counts."""
    states, sheets = board.states, board.sheets
    listed: dict[str, Any] = {"round_id": board.round.id}
    return [
        {
            "label": _("Hồ sơ đã nộp"),
            "value": number(board.submitted),
            "note": _(
                "%(facilities)s cơ sở · %(localities)s địa phương",
                facilities=board.facilities,
                localities=board.localities,
            ),
            "href": url_for("secretariat.screening", **listed),
        },
        {
            "label": _("Đủ điều kiện"),
            "value": number(states.get(EntryState.ACCEPTED, 0)),
            "note": _(
                "%(waiting)s chờ kiểm tra · %(asked)s chờ bổ sung · %(refused)s bị loại",
                waiting=states.get(EntryState.SUBMITTED, 0),
                asked=states.get(EntryState.SUPPLEMENT_REQUESTED, 0),
                refused=states.get(EntryState.REFUSED, 0),
            ),
            "href": url_for("secretariat.screening", **listed, state=EntryState.ACCEPTED.value),
        },
        {
            "label": _("Phiếu đã ký"),
            "value": number(sheets.signed),
            "of": number(sheets.due),
            "progress": [sheets.signed, sheets.due],
            "href": "#giam-khao",
        },
        {
            "label": _("Cảnh báo"),
            "value": number(len(board.gaps) + board.overdue),
            "tone": "wrong" if board.gaps or board.overdue else "done",
            "note": _("%(gaps)s chênh điểm · %(overdue)s quá hạn bổ sung", gaps=len(board.gaps), overdue=board.overdue),
            "href": url_for("secretariat.screening", **listed, overdue=1) if board.overdue else "#dang-cho",
        },
    ]


def waits(board: Dashboard, at: datetime) -> list[dict[str, Any]]:
    """What is late and whose turn it is, the latest first."""
    found = [_wait_of_facility(line, at) for line in board.supplements]
    if board.states.get(EntryState.SUBMITTED, 0):
        href = url_for("secretariat.screening", round_id=board.round.id, state=EntryState.SUBMITTED.value)
        text = _("%(count)s hồ sơ chờ tổ giúp việc kiểm tra", count=board.states[EntryState.SUBMITTED])
        found.append({"badge": {"word": _("Tổ giúp việc"), "tone": "info"}, "text": text, "href": href})
    found += [
        {
            "badge": {"word": _("Trưởng ban"), "tone": "wrong"}
            if gap.waits_for_chair
            else {"word": _("Giám khảo"), "tone": "wait"},
            "code": gap.code,
            "text": _("chênh %(points)s điểm giữa các giám khảo", points=points(gap.points)),
            "href": url_for("secretariat.entry_page", entry_id=gap.entry_id),
        }
        for gap in board.gaps[:SHOWN]
    ]
    if board.pending_conflicts:
        text = _("%(count)s khai báo xung đột chờ quyết định", count=board.pending_conflicts)
        found.append({"badge": {"word": _("Trưởng ban"), "tone": "wait"}, "text": text})
    return found + _waits_of_judges(board)


def _wait_of_facility(line: Any, at: datetime) -> dict[str, Any]:
    days = (local_date(at) - local_date(line.due_at)).days
    late = _("Quá hạn %(days)s ngày", days=days) if days else _("Quá hạn hôm nay")
    word = late if line.overdue else vi_date(line.due_at)
    return {
        "badge": {"word": word, "tone": "wrong" if line.overdue else "wait"},
        "code": line.code,
        "text": _("chờ cơ sở bổ sung: %(name)s", name=line.name),
        "href": url_for("secretariat.entry_page", entry_id=line.entry_id),
    }


def _waits_of_judges(board: Dashboard) -> list[dict[str, Any]]:
    if board.round.phase is not Phase.JUDGING:
        return []
    behind = sorted(board.judges, key=lambda line: line.total.signed - line.total.due)
    return [
        {
            "badge": {"word": _("Giám khảo"), "tone": "info"},
            "text": _("%(name)s còn %(count)s phiếu", name=line.name, count=line.total.due - line.total.signed),
        }
        for line in behind[:SHOWN]
        if line.total.due > line.total.signed
    ]
