"""Score sheets that come back on paper: scanned batches, their pages, and the figures that two people key in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import PaperState, ScanFinding
from app.models.base import Base, Digest, ExactPoints, Key, related, word
from app.models.panel import Assignment


class ScanBatch(Base):
    """One file of scanned sheets. ``read`` counts the pages that the background job has split off."""

    __tablename__ = "scan_batch"
    __table_args__ = (CheckConstraint("pages > 0 AND read >= 0 AND read <= pages", name="pages"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sha256: Mapped[Digest] = mapped_column(ForeignKey("stored_file.sha256"))
    filename: Mapped[str]
    pages: Mapped[int]
    read: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime]


class PaperSheet(Base):
    """A sheet on paper for one assignment, from its first page until its figures are entered.

    ``obstacle`` is the code of what keeps it from being entered; ``reason`` the words of the third look.
    """

    __tablename__ = "paper_sheet"
    __table_args__ = (CheckConstraint("state != 'entered' OR entered_at IS NOT NULL", name="entered"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    state: Mapped[PaperState] = mapped_column(word(PaperState), default=PaperState.WAITING)
    obstacle: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(default="")
    arrived_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = related()
    readings: Mapped[list[PaperReading]] = related(
        order_by="PaperReading.place", cascade="all, delete-orphan", back_populates="sheet"
    )
    pages: Mapped[list[ScanPage]] = related(order_by="ScanPage.id", back_populates="sheet")


class ScanPage(Base):
    """One page of a batch with its picture, what its code said, and what became of it.

    It belongs to a sheet, or was set aside with a reason, or waits for a person: it is never dropped.
    """

    __tablename__ = "scan_page"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("sheet_id IS NULL OR set_aside = ''", name="one_place"),
    )

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("scan_batch.id"))
    number: Mapped[int]
    picture: Mapped[Digest]
    width: Mapped[int]
    height: Mapped[int]
    said: Mapped[str] = mapped_column(default="")
    finding: Mapped[ScanFinding] = mapped_column(word(ScanFinding))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("paper_sheet.id"), index=True)
    set_aside: Mapped[str] = mapped_column(default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]

    batch: Mapped[ScanBatch] = related()
    sheet: Mapped[PaperSheet | None] = related(back_populates="pages")


class PaperReading(Base):
    """What one person read off a sheet: places 1 and 2 without seeing each other, place 3 decides."""

    __tablename__ = "paper_reading"
    __table_args__ = (
        UniqueConstraint("sheet_id", "place"),
        UniqueConstraint("sheet_id", "keyer_id"),
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
    )

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    place: Mapped[int]
    keyer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    points: Mapped[dict[str, Any]]
    written_total: Mapped[Decimal | None] = mapped_column(ExactPoints())
    comment: Mapped[str] = mapped_column(default="")
    keyed_at: Mapped[datetime]

    sheet: Mapped[PaperSheet] = related(back_populates="readings")
