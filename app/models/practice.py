"""Practice sheets: invented entries that judges try the screen on, in a table that no result reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key


class PracticeSheet(Base):
    """What a judge typed for an invented entry. ``points`` are texts by criterion: no figure is ever computed from them.

    There is no entry and no assignment behind it, so that nothing that counts sheets can reach it.
    """

    __tablename__ = "practice_sheet"
    __table_args__ = (
        UniqueConstraint("seat_id", "example"),
        CheckConstraint("example != ''", name="example"),
    )

    id: Mapped[Key]
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    example: Mapped[str] = mapped_column(String(32))
    points: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comment: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
