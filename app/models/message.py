"""Messages: a round's rules and templates, bulk messages, and what each person wants to receive and how."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Key


class MessageRule(Base):
    """What a round says at an event, and whether by mail too. Without a row the default of the event holds.

    An empty ``subject`` or ``body`` is the default text. The inbox always gets the message, unless it is ``off``.
    """

    __tablename__ = "message_rule"
    __table_args__ = (CheckConstraint("NOT (off AND by_mail)", name="off"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(64), primary_key=True)
    by_mail: Mapped[bool]
    off: Mapped[bool] = mapped_column(default=False, server_default=false())
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class BulkMessage(Base):
    """A message to a group. ``letters`` holds ``{user_id, subject, body}`` for each reader, as shown before it went."""

    __tablename__ = "bulk_message"

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    audience: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str]
    body: Mapped[str]
    letters: Mapped[list[Any]] = mapped_column(default=list)
    invites: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    sent_at: Mapped[datetime | None]


class MessageChoice(Base):
    """How a person wants messages: one mail a day instead of many, and which kinds not at all by mail."""

    __tablename__ = "message_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    refused: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    digest_sent_on: Mapped[date | None]


class CalendarFeed(Base):
    """A person's private calendar address; the token is kept as its SHA-256 only. Revoking deletes the row."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    token_sha256: Mapped[Digest] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
