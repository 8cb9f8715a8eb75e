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
from app.services import audit, outbox, sessions


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
    _tell(session, person, now)
    return person


def _tell(session: Session, person: User, now: datetime) -> None:
    outbox.write(
        session,
        person,
        subject="Các phiên đăng nhập của bạn đã được kết thúc",
        body=(
            "Tổ giúp việc đã kết thúc mọi phiên đăng nhập của bạn, thường là vì một máy bị thất lạc.\n"
            "Hồ sơ mang theo trên các máy đó bị xóa khi máy có mạng trở lại. Bạn đăng nhập lại bằng mật khẩu của mình."
        ),
        link="/giam-khao/",
        now=now,
    )
