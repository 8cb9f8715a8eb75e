"""A council's ballot as a table for a file: what the asking person's page shows, and no more."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.vocabulary import SessionState
from app.queries.council import BallotLine, Room
from app.web.shared.result_words import selection_badge
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label


def shows_count(room: Room) -> bool:
    """Whether the count may be seen: of open votes from the opening on, of a secret ballot once it is closed."""
    state = room.meeting.state
    return state is SessionState.CLOSED or (state is SessionState.OPEN and not room.is_secret)


def send_ballot(kind: str, room: Room, lines: Iterable[BallotLine], *, decided: bool = False) -> Response:
    """The entries in order of places; ``decided`` adds what the chair decided and why."""
    head = [_("Hạng"), _("Mã số"), _("Sản phẩm"), _("Cơ sở"), _("Nhóm"), _("Điểm"), _("Ban giám khảo")]
    counted = shows_count(room)
    if counted:
        head += [_("Đồng ý"), _("Không đồng ý"), _("Không ý kiến"), _("Không tham gia"), _("Số người tham gia")]
    if decided:
        head += [_("Theo biểu quyết"), _("Quyết định"), _("Lý do"), _("Đề cử lên cấp trên")]
    title = _("Phiên họp %(number)s", number=room.meeting.number)
    return send_table(kind, title, head, [_row(line, counted, decided) for line in lines])


def _row(line: BallotLine, counted: bool, decided: bool) -> list[Cell]:
    proposal = selection_badge(line.selection)["word"]
    cells: list[Cell] = [line.place, line.code, line.product, line.facility, line.group, line.published, proposal]
    if counted:
        votes = line.count
        cells += [votes.votes_for, votes.votes_against, votes.votes_blank, len(line.recused), line.taking_part]
    if decided:
        outcome = label(line.outcome) if line.outcome else None
        cells += [label(line.suggested), outcome, line.reason, _("Có") if line.nominated else _("Không")]
    return cells
