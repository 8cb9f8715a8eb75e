"""The package that goes up with a nomination letter: line list and dossiers in one file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest


class NominationPackage(Base):
    """What a letter brings up, as one round may have it: made by a job, kept in storage.

    ``holds`` is the digest of what belongs in it (letter, entries, snapshots): when that is another one, the
    package is made anew. ``sha256`` is NULL until it is made.
    """

    __tablename__ = "nomination_package"
    __table_args__ = (CheckConstraint("(sha256 IS NULL) = (made_at IS NULL)", name="made"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("legal_document.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    holds: Mapped[Digest]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None]
    made_at: Mapped[datetime | None]
