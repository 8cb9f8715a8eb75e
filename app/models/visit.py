"""Site visits: what the organisers found where a product is made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import VisitVerdict
from app.models.base import Base, Key, related, word
from app.models.dossier import StoredFile
from app.models.entry import Entry


class SiteVisit(Base):
    """One visit for one entry: who, when, what was found, and whether it is as declared.

    "Not as declared" bars the computing of the result until the panel's chair has ruled on it.
    """

    __tablename__ = "site_visit"
    __table_args__ = (
        CheckConstraint("visitors != '' AND findings != ''", name="told"),
        CheckConstraint("ruled_at IS NULL OR (ruling != '' AND ruled_by_id IS NOT NULL)", name="ruling"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    visited_on: Mapped[date]
    visitors: Mapped[str]
    findings: Mapped[str]
    verdict: Mapped[VisitVerdict] = mapped_column(word(VisitVerdict))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ruling: Mapped[str] = mapped_column(default="")
    ruled_at: Mapped[datetime | None]
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    entry: Mapped[Entry] = related()
    photos: Mapped[list[VisitPhoto]] = related(back_populates="visit", order_by="VisitPhoto.id")


class VisitPhoto(Base):
    """A photo of a visit."""

    __tablename__ = "visit_photo"
    __table_args__ = (UniqueConstraint("visit_id", "sha256"),)

    id: Mapped[Key]
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visit.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))

    visit: Mapped[SiteVisit] = related(back_populates="photos")
    file: Mapped[StoredFile] = related()
