"""What people agreed to about their personal data, and what they ask to be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import ErasureState
from app.models.base import Base, Key, word


class Consent(Base):
    """A person's yes to one purpose in one version of its text; withdrawing keeps the row."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_user", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    purpose: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ErasureRequest(Base):
    """A person's request to be erased, and what an administrator decided and did."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'withdrawn') OR decided_at IS NOT NULL", name="decided"),
        Index("ix_erasure_request_state", "state"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[ErasureState] = mapped_column(word(ErasureState), default=ErasureState.WAITING)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(default="")
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
