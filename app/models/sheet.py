"""Score sheets, their lines, and each judge's chain of score events."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import SheetAction, SheetState
from app.models.base import Base, ExactPoints, Key, related, word
from app.models.panel import Assignment


class ScoreSheet(Base):
    """One judge's sheet for one entry at one stage. NULL points are not zero."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        CheckConstraint("state != 'signed' OR (signed_at IS NOT NULL AND total IS NOT NULL)", name="signed"),
        CheckConstraint("total IS NULL OR (total >= 0 AND total <= 100)", name="total"),
    )

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    state: Mapped[SheetState] = mapped_column(word(SheetState), default=SheetState.DRAFT)
    total: Mapped[Decimal | None] = mapped_column(ExactPoints())
    comment: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    reopened_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = related()
    lines: Mapped[list[ScoreLine]] = related(
        back_populates="sheet", order_by="ScoreLine.criterion", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class ScoreLine(Base):
    """Points for one criterion or sub-criterion, with the maximum that held when it was written."""

    __tablename__ = "score_line"
    __table_args__ = (CheckConstraint("points IS NULL OR (points >= 0 AND points <= maximum)", name="range"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(16), primary_key=True)
    points: Mapped[Decimal | None] = mapped_column(ExactPoints())
    maximum: Mapped[Decimal] = mapped_column(ExactPoints())
    note: Mapped[str] = mapped_column(default="")

    sheet: Mapped[ScoreSheet] = related(back_populates="lines")


class ScoreEvent(Base):
    """One link of a judge's chain: what was saved, signed or reopened, word for word.

    ``operation`` is the client's id of the save: the same id is answered from here, once.
    """

    __tablename__ = "score_event"
    __table_args__ = (
        UniqueConstraint("seat_id", "number"),
        UniqueConstraint("seat_id", "operation"),
        Index("ix_score_event_sheet", "sheet_id"),
    )

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"))
    number: Mapped[int]
    action: Mapped[SheetAction] = mapped_column(word(SheetAction))
    operation: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    body_digest: Mapped[str] = mapped_column(String(64))
    sheet_version: Mapped[int]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
