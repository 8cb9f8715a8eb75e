"""Open sessions: begun at sign-in, looked up at every request, ended by their owner or by people in charge."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.models.council import CouncilSeat
from app.models.panel import PanelSeat
from app.models.sign_in import UserSession
from app.queries.among import of_secretary
from app.services import audit

# How long a session lives unused, how long at most, and how exactly its last use is kept.
IDLE = timedelta(hours=12)
IDLE_REMEMBERED = timedelta(days=30)
LONGEST = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)


def digest_of(token: str) -> str:
    """What the database knows of the cookie's random word: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session, *, user_id: int, token: str, device: str, address: str, now: datetime, remembered: bool = False
) -> UserSession:
    """Open a session for a person who has just proved who they are."""
    row = UserSession(
        user_id=user_id,
        digest=digest_of(token),
        began_at=now,
        seen_at=now,
        remembered=remembered,
        device=device[:64],
        address=address[:64],
    )
    session.add(row)
    session.flush()
    return row


def is_alive(row: UserSession, now: datetime) -> bool:
    """True while nobody ended the session and it is neither too old nor too long unused."""
    idle = IDLE_REMEMBERED if row.remembered else IDLE
    return row.ended_at is None and now - row.seen_at < idle and now - row.began_at < LONGEST


def see(session: Session, *, session_id: int, now: datetime) -> None:
    """Keep that the session was used."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def close(session: Session, *, session_id: int, now: datetime) -> None:
    """The person signed out on that device: nothing that anybody must account for."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id, UserSession.ended_at.is_(None)).values(ended_at=now)
    )


def end(session: Session, actor: Actor, *, session_id: int, now: datetime) -> UserSession:
    """End one session: the actor's own, or somebody's whose sessions the actor may end.

    Raises:
        NotFound: there is none, or it is not the actor's to end.
    """
    row = session.get(UserSession, session_id, populate_existing=True)
    if row is None or not may_end(session, actor, row.user_id):
        raise NotFound("session")
    _end(session, actor, [row.id], now)
    audit.record(
        session, actor, action="session:end", subject=f"user:{row.user_id}", now=now, details={"device": row.device}
    )
    return row


def end_all(session: Session, actor: Actor, *, user_id: int, now: datetime, keep: int | None = None) -> int:
    """End every open session of a person, but for ``keep`` (a row's id); how many there were.

    The person themselves may, administrators, the system, and the secretariat of a round in whose panel or
    council the person sits: a lost tablet is reported to it.

    Raises:
        NotFound: the person's sessions are not the actor's to end.
    """
    if not may_end(session, actor, user_id):
        raise NotFound("user")
    found = session.scalars(
        select(UserSession.id).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    ).all()
    ended = [row_id for row_id in found if row_id != keep]
    _end(session, actor, ended, now)
    if ended:
        details = {"count": len(ended)}
        audit.record(session, actor, action="session:end_all", subject=f"user:{user_id}", now=now, details=details)
    return len(ended)


def may_end(session: Session, actor: Actor, user_id: int) -> bool:
    """True if the person's sessions are the actor's to end."""
    is_system = actor.is_guest and actor.name != ""
    if is_system or actor.is_administrator or actor.user_id == user_id:
        return True
    return bool(session.scalar(select(_sits_in(actor, user_id)))) if actor.secretary_of else False


def _sits_in(actor: Actor, user_id: int) -> ColumnElement[bool]:
    """Whether the person has a seat in a round that the actor is secretary of."""
    return or_(
        *(
            exists().where(table.user_id == user_id, of_secretary(table.round_id, actor))
            for table in (PanelSeat, CouncilSeat)
        )
    )


def _end(session: Session, actor: Actor, row_ids: list[int], now: datetime) -> None:
    statement = update(UserSession).where(UserSession.id.in_(row_ids), UserSession.ended_at.is_(None))
    session.execute(statement.values(ended_at=now, ended_by_id=actor.user_id))
    session.flush()
