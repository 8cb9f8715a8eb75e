"""Reading marks of a person's messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.models.record import OutboxMail


def mark_read(session: Session, actor: Actor, *, message_id: int, now: datetime) -> OutboxMail:
    """Mark one of the actor's messages as read; the first time counts.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    row = session.get(OutboxMail, message_id)
    if row is None or row.user_id is None or row.user_id != actor.user_id:
        raise NotFound("message")
    row.read_at = row.read_at or now
    session.flush()
    return row


def mark_all_read(session: Session, actor: Actor, *, now: datetime) -> int:
    """Mark all of the actor's messages as read; returns how many were new."""
    changed = session.execute(
        update(OutboxMail).where(OutboxMail.user_id == actor.user_id, OutboxMail.read_at.is_(None)).values(read_at=now)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]
