"""What the panel's chair did about sheets of one entry that lie too far apart."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import AlertDeed
from app.models.base import Base, ExactPoints, Key, word


class DiscrepancyDeed(Base):
    """One deed about one alert, word for word as the alert stood; rows are added and never changed.

    The alerts themselves are computed from the signed sheets whenever they are asked for. ``judges`` are codes of seats,
    ``difference`` and ``threshold`` points; ``sheet_id`` and ``total`` tell the sheet that was given back and what it said.
    """

    __tablename__ = "discrepancy_deed"
    __table_args__ = (
        CheckConstraint("note != ''", name="note"),
        CheckConstraint("(deed = 'asked') = (sheet_id IS NOT NULL)", name="sheet"),
        Index("ix_discrepancy_deed_round", "round_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    stage: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(16))
    criterion: Mapped[str] = mapped_column(String(16), default="")
    judges: Mapped[list[Any]]
    difference: Mapped[Decimal] = mapped_column(ExactPoints())
    threshold: Mapped[Decimal] = mapped_column(ExactPoints())
    deed: Mapped[AlertDeed] = mapped_column(word(AlertDeed))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("score_sheet.id"))
    total: Mapped[Decimal | None] = mapped_column(ExactPoints())
    note: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
