"""The seats of a council: who sits in it, as what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import CouncilRole
from app.models.account import User
from app.models.council import Attendance, CouncilSeat
from app.services.council_access import record, require_no_open_session, round_of


def seat(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    user_id: int,
    role: CouncilRole,
    now: datetime,
    position: str = "",
) -> CouncilSeat:
    """Give a person a seat in the round's council, or change the seat that they have.

    Raises:
        NotFound: no such round for the actor, or no such person.
        Refused: ``phase_closed``; ``chair_taken``; ``session_open`` while a session goes on.
    """
    round_ = round_of(session, round_id)
    policies.require(actor, Verb.EDIT_COUNCIL, round_)
    if session.get(User, user_id) is None:
        raise NotFound("user")
    require_no_open_session(session, round_id)
    existing = session.scalar(select(CouncilSeat).where(CouncilSeat.round_id == round_id, CouncilSeat.user_id == user_id))
    if role is CouncilRole.CHAIR and session.scalar(
        select(CouncilSeat.id).where(
            CouncilSeat.round_id == round_id,
            CouncilSeat.role == CouncilRole.CHAIR,
            CouncilSeat.user_id != user_id,
        )
    ):
        raise Refused("council_chair_taken")
    row = existing or CouncilSeat(round_id=round_id, user_id=user_id, role=role)
    row.role, row.position = role, position
    session.add(row)
    session.flush()
    record(session, actor, round_id, "council:seat", f"user:{user_id}", now, {"role": role, "position": position})
    return row


def unseat(session: Session, actor: Actor, *, seat_id: int, now: datetime) -> None:
    """Take a seat away that has not been used in a session.

    Raises:
        NotFound: no such seat in a round of the actor.
        Refused: ``phase_closed``; ``seat_used`` when the member was present at a session.
    """
    row = session.get(CouncilSeat, seat_id)
    if row is None:
        raise NotFound("seat")
    policies.require(actor, Verb.EDIT_COUNCIL, round_of(session, row.round_id))
    if session.scalar(select(Attendance.seat_id).where(Attendance.seat_id == seat_id).limit(1)):
        raise Refused("council_seat_used")
    session.delete(row)
    session.flush()
    record(session, actor, row.round_id, "council:unseat", f"user:{row.user_id}", now, {})
