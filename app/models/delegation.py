"""Parts in a round lent to another person for a period."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import DelegatedPart
from app.models.account import User
from app.models.base import Base, Key, related, word


class Delegation(Base):
    """One person acts in another's part of a round from one moment to another.

    It counts only while the giver holds the part: what was never one's own cannot be lent.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("valid_from < valid_until", name="period"),
        CheckConstraint("giver_id != taker_id", name="two_people"),
        Index("ix_delegation_taker", "taker_id"),
        Index("ix_delegation_giver", "giver_id"),
    )

    id: Mapped[Key]
    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    part: Mapped[DelegatedPart] = mapped_column(word(DelegatedPart))
    reason: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    giver: Mapped[User] = related(foreign_keys=[giver_id])
    taker: Mapped[User] = related(foreign_keys=[taker_id])
