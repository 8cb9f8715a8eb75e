"""Recognitions of earlier years that were decided outside the system, taken over from lists on paper."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import LevelCode
from app.models.base import Base, Code, Key, related, word
from app.models.facility import Facility
from app.models.unit import Unit


class PastRecognition(Base):
    """One recognition as an older list names it; a statement about the past, never a certificate of ours.

    ``serial`` is the number that stands on the old paper, which the system neither allots nor verifies.
    ``facility_id`` names the facility where it was known when the list was taken over; one that registers
    later is found by ``tax_code``. ``round_id`` is the round whose secretariat answers for the line.
    """

    __tablename__ = "past_recognition"
    __table_args__ = (
        UniqueConstraint("level", "year", "product_folded", "facility_folded"),
        CheckConstraint("year BETWEEN 1990 AND 2100", name="year"),
        CheckConstraint("valid_until IS NULL OR decided_on IS NULL OR valid_until >= decided_on", name="dates"),
        Index("ix_past_recognition_tax_code", "tax_code"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    level: Mapped[LevelCode] = mapped_column(word(LevelCode))
    year: Mapped[int]
    product: Mapped[str]
    product_folded: Mapped[str]
    facility: Mapped[str]
    facility_folded: Mapped[str]
    tax_code: Mapped[str] = mapped_column(String(20), default="")
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"), index=True)
    locality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    group_code: Mapped[Code]
    serial: Mapped[str] = mapped_column(default="")
    order_number: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    authority: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date | None]
    taken_over_at: Mapped[datetime]
    taken_over_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    locality: Mapped[Unit] = related()
    known: Mapped[Facility | None] = related()
