"""What happened and what is to be done: the audit chain, jobs, and the mail outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import JobState, MailState
from app.models.base import Base, Digest, Key, word


class AuditChain(Base):
    """The head of an audit chain. Whoever appends holds this row, so that a chain cannot fork."""

    __tablename__ = "audit_chain"

    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[Digest]


class AuditEvent(Base):
    """One link of an audit chain: who did what to which thing, on whose behalf, before and after.

    ``chain`` names the chain (``round:7`` or ``office``); ``number`` counts within it without a gap.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index("ix_audit_event_subject", "subject"),
    )

    id: Mapped[Key]
    chain: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(default="")
    on_behalf_of: Mapped[str | None]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[Digest]
    digest: Mapped[Digest]


class Job(Base):
    """A piece of background work. The row is the truth; a worker holds it by a lease."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="progress"),
        Index("ix_job_state", "state", "lease_until"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.WAITING)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class OutboxMail(Base):
    """A message to send; it is written in the transaction that causes it.

    A ``secret`` one opens an account: no page shows it, and its body goes when it is sent. ``kind`` names the
    event behind it where the reader may decline mails of that kind; ``calendar`` is an iCalendar file to attach.
    Until ``claimed_until`` one worker is at it, and no other tries.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state", "state"),)

    id: Mapped[Key]
    recipient: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    subject: Mapped[str]
    body: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(64), default="", server_default="")
    calendar: Mapped[str] = mapped_column(default="", server_default="")
    secret: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[MailState] = mapped_column(word(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
