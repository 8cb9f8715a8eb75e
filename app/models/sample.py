"""Samples of products that come with their dossiers: where each one is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import SampleState
from app.models.base import Base, Key, related, word
from app.models.entry import Entry


class Sample(Base):
    """The sample of one entry. ``token`` stands in the address that its label's QR symbol holds."""

    __tablename__ = "sample"
    __table_args__ = (CheckConstraint("state = 'expected' OR moved_at IS NOT NULL", name="moved"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[SampleState] = mapped_column(word(SampleState), default=SampleState.EXPECTED)
    place: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime | None]
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    entry: Mapped[Entry] = related()
