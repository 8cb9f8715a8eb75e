"""Access of other programs: tokens that act for a person, and answers kept for repeated requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Key


class ApiToken(Base):
    """A word with which a program acts for its owner, within ``scopes``. Only the word's SHA-256 is kept.

    ``hint`` is its beginning, so that its owner knows which program holds it.
    """

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="period"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    hint: Mapped[str] = mapped_column(String(16))
    digest: Mapped[Digest] = mapped_column(unique=True)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class KeptAnswer(Base):
    """The answer to a request under an Idempotency-Key: the same request is answered from here, not done twice."""

    __tablename__ = "kept_answer"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_kept_answer_made_at", "made_at"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(200))
    request_digest: Mapped[Digest]
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
