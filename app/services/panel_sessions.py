"""Ending a judge's sessions: a lost tablet is shut out, and what it carried is wiped at its next contact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.models.account import User
from app.models.panel import PanelSeat
from app.models.round import Round
from app.services import audit, messages, sessions


def end_sessions(session: Session, actor: Actor, *, seat_id: int, now: datetime) -> User:
    """End every session of the person in a seat, on all devices, and tell them.

    The person signs in again with the password; devices that carry dossiers of theirs wipe them when they
    are next in touch with the server.

    Raises:
        NotFound: no such seat for the actor.
        Refused: ``phase_closed``: the round does not judge now.
        Forbidden: the actor is not the round's secretary.
    """
    found = session.execute(
        select(PanelSeat, Round).join(Round, Round.id == PanelSeat.round_id).where(PanelSeat.id == seat_id)
    ).first()
    if found is None:
        raise NotFound("seat")
    seat, round_ = found
    require(actor, Verb.END_SESSIONS, round_)
    person = session.get_one(User, seat.user_id)
    count = sessions.end_all(session, actor, user_id=person.id, now=now)
    details = {"name": person.name, "seat": seat.code, "count": count}
    subject = f"user:{person.id}"
    audit.record(session, actor, action="user:end-sessions", subject=subject, round_id=round_.id, now=now, details=details)
    values = {"round": round_.name}
    messages.tell(
        session, person, event="sessions_ended", round_id=round_.id, values=values, now=now, link="/giam-khao/"
    )  # fmt: skip
    return person
