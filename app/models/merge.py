"""Entries of one facility that the council decides on as one set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, related
from app.models.entry import Entry


class EntryMerge(Base):
    """A set made after scoring, led by the entry whose sheets give its figure (decision 0008).

    ``figures`` maps each entry's code to its exact figure in the run ``run_id`` from which the rule
    chose the leader; the other entries name the leader in ``Entry.merged_into_id``.
    """

    __tablename__ = "entry_merge"
    __table_args__ = (
        CheckConstraint("rule IN ('highest','lowest')", name="rule"),
        CheckConstraint("name != '' AND reason != ''", name="told"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("result_run.id"))
    name: Mapped[str]
    rule: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    figures: Mapped[dict[str, Any]]
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    entry: Mapped[Entry] = related()
