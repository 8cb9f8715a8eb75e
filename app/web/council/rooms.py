"""What the pages of a session share: whose session it is, the member's seat, rows as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.errors import NotFound
from app.domain.vocabulary import CouncilRole, SessionState
from app.infra.database import db
from app.queries import council as reads
from app.web.shared.actor import actor
from app.web.shared.result_words import quota_words, selection_badge

CHAIRS = (CouncilRole.CHAIR, CouncilRole.VICE_CHAIR)


@dataclass(frozen=True)
class Member:
    """The person who looks: their seat and what they may do in this session."""

    seat_id: int
    role: CouncilRole
    present: bool
    may_vote: bool
    has_cast: bool

    @property
    def chairs(self) -> bool:
        """Chair or vice-chair."""
        return self.role in CHAIRS


def own_room(session_id: int) -> tuple[reads.Room, Member]:
    """The session and the member's seat in its council.

    Raises:
        NotFound: no such session, or no seat in its council.
    """
    room = reads.room(db.session(), session_id)
    seat = actor().council_seats.get(room.round.id)
    if seat is None:
        raise NotFound("session")
    present = seat.id in room.present
    role = CouncilRole(seat.role)
    voting = present and role is not CouncilRole.SECRETARY and room.meeting.state is SessionState.OPEN
    return room, Member(seat.id, role, present, voting, seat.id in room.voted)


def require_chair(session_id: int) -> reads.Room:
    """The session, for its chair and vice-chair alone.

    Raises:
        NotFound: for everybody else.
    """
    room, me = own_room(session_id)
    if not me.chairs:
        raise NotFound("session")
    return room


def shown(lines: tuple[reads.BallotLine, ...], me: Member | None = None) -> list[dict[str, Any]]:
    """Lines with their badges; ``bracket`` marks the first and last of a tie left to the council."""
    found = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        found.append(
            {
                "row": line,
                "badge": selection_badge(line.selection),
                "recused_me": any(one.seat_id == me.seat_id for one in line.recused) if me else False,
                "bracket_start": line.is_tie and not (before and before.is_tie and before.place == line.place),
                "cut_after": _is_cut(line, after),
            }
        )
    return found


def quota_line(room: reads.Room) -> str:
    """The words of the line where the quota ends."""
    rules = reads.rules_in_force(room.round)
    return quota_words({"total": rules.quota_total, "groups": rules.quota_groups}, None)


def _is_cut(line: reads.BallotLine, after: reads.BallotLine | None) -> bool:
    inside = ("selected", "council")
    return line.selection in inside and (after is None or after.selection not in inside)
