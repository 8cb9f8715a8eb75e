"""Rescoring proposals: the only way to change a sheet once judging is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import RescoringKind, RescoringState
from app.models.base import Base, Key, word


class Rescoring(Base):
    """One proposed change with its reason, and what the panel's chair made of it.

    A correction names new ``points`` by criterion as text; a recusal takes the judge from the entry.
    ``run_id`` is the result run that the approval made. With a complaint behind it, it comes after
    publication: that run is proof of what the change would give, and is never in force.
    """

    __tablename__ = "rescoring"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("reason != ''", name="reason"),
        CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name="settled_at"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by"),
        CheckConstraint("(state = 'approved') = (run_id IS NOT NULL)", name="approved"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    kind: Mapped[RescoringKind] = mapped_column(word(RescoringKind))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    points: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str]
    state: Mapped[RescoringState] = mapped_column(word(RescoringState), default=RescoringState.PROPOSED)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("result_run.id"))
