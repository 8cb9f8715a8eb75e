"""Recusals in the council: a member who takes no part in one entry, written down with the reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import CouncilRole, SessionState
from app.models.council import Attendance, BallotMark, CouncilRecusal, CouncilSeat, Tally, Vote
from app.models.result import ResultLine
from app.services.council_access import count_vote, meeting_of, record, require_steward

# What can be recognised at all: the pass mark is necessary (domain: "từ 70 điểm trở lên").
ON_BALLOT = ("selected", "council", "over_quota")


def recuse(
    session: Session,
    actor: Actor,
    *,
    session_id: int,
    entry_id: int,
    reason: str,
    now: datetime,
    seat_id: int | None = None,
) -> CouncilRecusal:
    """Take a member out of one entry's discussion and vote; an open vote already cast on it is taken back.

    A member does it for themself; with ``seat_id`` who runs the session writes it down for a member.
    The majority on that entry is then reckoned over the members who take part.

    Raises:
        NotFound: no such session for the actor, the entry is not on the ballot, or no such seat with a vote.
        Refused: ``session_closed``; ``ballot_cast`` when the member's secret ballot is in the box.
        Invalid: ``reason`` is missing.
    """
    meeting, round_ = meeting_of(session, session_id)
    if seat_id is None:
        policies.require(actor, Verb.VOTE, round_)
        seat_id = actor.council_seats[round_.id].id
    else:
        require_steward(actor, round_)
    row_seat = session.get(CouncilSeat, seat_id)
    if row_seat is None or row_seat.round_id != round_.id or row_seat.role is CouncilRole.SECRETARY:
        raise NotFound("seat")
    if meeting.state is SessionState.CLOSED:
        raise Refused("session_closed")
    line = session.get(ResultLine, (meeting.run_id, entry_id))
    if line is None or line.selection not in ON_BALLOT:
        raise NotFound("entry")
    if session.get(BallotMark, (session_id, seat_id)):
        raise Refused("ballot_cast")
    if not reason.strip():
        raise Invalid.one("reason", "required")
    _take_back(session, session_id, entry_id, seat_id)
    row = session.get(CouncilRecusal, (session_id, entry_id, seat_id)) or CouncilRecusal(
        session_id=session_id, entry_id=entry_id, seat_id=seat_id, recused_at=now
    )
    row.reason = reason.strip()
    session.add(row)
    session.flush()
    details = {"session": session_id, "seat": seat_id, "reason": row.reason}
    record(session, actor, round_.id, "council:recuse", f"entry:{entry_id}", now, details)
    return row


def recused_entries(session: Session, session_id: int, seat_id: int) -> frozenset[int]:
    """Entries of a session that a member takes no part in."""
    return frozenset(
        session.scalars(
            select(CouncilRecusal.entry_id).where(CouncilRecusal.session_id == session_id, CouncilRecusal.seat_id == seat_id)
        )
    )


def recusals_by_entry(session: Session, session_id: int) -> dict[int, int]:
    """How many of the members present are recused, by entry."""
    rows = session.execute(
        select(CouncilRecusal.entry_id, func.count())
        .join(
            Attendance,
            (Attendance.seat_id == CouncilRecusal.seat_id) & (Attendance.session_id == CouncilRecusal.session_id),
        )
        .where(CouncilRecusal.session_id == session_id)
        .group_by(CouncilRecusal.entry_id)
    )
    return {row[0]: row[1] for row in rows}


def _take_back(session: Session, session_id: int, entry_id: int, seat_id: int) -> None:
    given = session.get(Vote, (session_id, entry_id, seat_id))
    if given is not None:
        count_vote(session.get_one(Tally, (session_id, entry_id), with_for_update=True), given.choice, -1)
        session.delete(given)
