"""A person's messages: what the outbox wrote to them, read or not."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.record import OutboxMail

PAGE = 50


def messages(session: Session, user_id: int, *, page: int = 1, size: int = PAGE) -> tuple[Sequence[OutboxMail], int]:
    """A page of the person's messages, newest first, and how many there are."""
    mine = OutboxMail.user_id == user_id
    total = session.scalar(select(func.count()).where(mine)) or 0
    rows = session.scalars(
        select(OutboxMail).where(mine).order_by(OutboxMail.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    return rows, total


def unread(session: Session, user_id: int) -> int:
    """How many messages the person has not opened."""
    return session.scalar(select(func.count()).where(OutboxMail.user_id == user_id, OutboxMail.read_at.is_(None))) or 0


def message(session: Session, user_id: int, message_id: int) -> OutboxMail | None:
    """One of the person's own messages."""
    return session.scalar(select(OutboxMail).where(OutboxMail.id == message_id, OutboxMail.user_id == user_id))
