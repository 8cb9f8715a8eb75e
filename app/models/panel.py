"""The jury: panels, seats, conflict declarations, recusals and assignments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import ConflictAnswer, ConflictRuling, PanelRole
from app.models.account import User
from app.models.base import Base, Digest, Key, related, word
from app.models.entry import Entry


class PanelSeat(Base):
    """A person's seat in a round's panel. ``code`` (J01...) stands for the judge in bundles.

    ``groups`` lists the product groups that the judge is an expert of; empty means all. Who is not
    ``available`` while the round is scored gets no entries.
    """

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("round_id", "user_id"),
        UniqueConstraint("round_id", "code"),
        CheckConstraint("maximum_load IS NULL OR maximum_load > 0", name="load"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code: Mapped[str] = mapped_column(String(16))
    role: Mapped[PanelRole] = mapped_column(word(PanelRole))
    position: Mapped[str] = mapped_column(default="")
    groups: Mapped[list[Any]] = mapped_column(default=list)
    maximum_load: Mapped[int | None]
    available: Mapped[bool] = mapped_column(default=True, server_default=true())
    on_roster: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[ConflictAnswer | None] = mapped_column(word(ConflictAnswer))
    answered_at: Mapped[datetime | None]
    chain_head: Mapped[str] = mapped_column(String(64), default="")
    chain_length: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = related()
    assignments: Mapped[list[Assignment]] = related(back_populates="seat")


class PanelInvitation(Base):
    """An invitation by mail to sit in a round's panel, for somebody who may have no account yet.

    The link's token is kept as its SHA-256 only; what the organiser proposes (role, groups, load) is
    confirmed or changed by the judge who accepts. It ends in one way: accepted, declined or withdrawn
    (``closed_at``), or by its time.
    """

    __tablename__ = "panel_invitation"
    __table_args__ = (
        CheckConstraint("accepted_at IS NULL OR closed_at IS NULL", name="one_end"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted"),
        CheckConstraint("maximum_load IS NULL OR maximum_load > 0", name="load"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[PanelRole] = mapped_column(word(PanelRole))
    position: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="", server_default="")
    groups: Mapped[list[Any]] = mapped_column(default=list)
    maximum_load: Mapped[int | None]
    token_sha256: Mapped[Digest] = mapped_column(unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")

    invited_by: Mapped[User] = related(foreign_keys=[invited_by_id])


class ConflictDeclaration(Base):
    """A judge's declared interest in one entry or one facility's entries, and the chair's ruling."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (
        UniqueConstraint("seat_id", "entry_id"),
        CheckConstraint("ruling = 'pending' OR (ruled_at IS NOT NULL)", name="ruled"),
    )

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str]
    declared_at: Mapped[datetime]
    ruling: Mapped[ConflictRuling] = mapped_column(word(ConflictRuling), default=ConflictRuling.PENDING)
    ruling_note: Mapped[str] = mapped_column(default="")
    ruled_at: Mapped[datetime | None]
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    seat: Mapped[PanelSeat] = related()
    entry: Mapped[Entry] = related()


class Recusal(Base):
    """A judge who stepped back from an entry: the sheet leaves the mean and stands in the minutes."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("seat_id", "entry_id"),)

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    reason: Mapped[str]
    recused_at: Mapped[datetime]

    seat: Mapped[PanelSeat] = related()


class Assignment(Base):
    """A judge is to score an entry at a stage. Withdrawn assignments keep their sheet readable."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("seat_id", "entry_id", "stage"),
        Index("ix_assignment_entry", "entry_id"),
    )

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    stage: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    seed: Mapped[int | None]
    assigned_at: Mapped[datetime]

    seat: Mapped[PanelSeat] = related(back_populates="assignments")
    entry: Mapped[Entry] = related()
