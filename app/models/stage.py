"""The closing of a round's first stage: who goes on to the second, and the figures that said so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Key


class StageClosing(Base):
    """Written once, by the panel's chair, and never changed.

    ``advanced`` lists the codes of the entries sent on; ``lines`` holds what the first stage said of every entry
    (code, counted, exact, published, reached); ``digest`` is the SHA-256 of the signed sheets and rules that it rests on.
    """

    __tablename__ = "stage_closing"
    __table_args__ = (UniqueConstraint("round_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    advanced: Mapped[list[Any]]
    lines: Mapped[list[Any]]
    digest: Mapped[Digest]
    note: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
