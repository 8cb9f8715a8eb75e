"""Certificates: the frozen contents are the record, the file follows from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import CertificateState
from app.models.base import Base, Digest, Key, related, word
from app.models.council import LegalDocument, Recognition


class CertificateSeries(Base):
    """A gap-free run of numbers for one level, territory and year."""

    __tablename__ = "certificate_series"
    __table_args__ = (
        UniqueConstraint("key", "year"),
        CheckConstraint("next_number >= 1", name="positive"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64))
    year: Mapped[int]
    pattern: Mapped[str] = mapped_column(String(100))
    next_number: Mapped[int] = mapped_column(default=1)


class Certificate(Base):
    """One issued certificate. Serial and code never return; ``content`` is what is printed.

    ``file_digest`` is the SHA-256 of the file: an unsigned file is stamped anew on demand and must
    equal it; ``sha256`` names a signed file in storage.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("state != 'revoked' OR revocation_id IS NOT NULL", name="revoked"),
        CheckConstraint("state != 'replaced' OR replaced_by_id IS NOT NULL", name="replaced"),
        Index("ix_certificate_round", "round_id"),
        Index("ix_certificate_recognition", "recognition_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"))
    series_id: Mapped[int] = mapped_column(ForeignKey("certificate_series.id"))
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(String(100), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[CertificateState] = mapped_column(word(CertificateState), default=CertificateState.ISSUED)
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[Digest]
    design: Mapped[str] = mapped_column(String(64))
    design_digest: Mapped[Digest]
    file_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    replacement_reason: Mapped[str] = mapped_column(default="")
    revocation_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    revoked_at: Mapped[datetime | None]

    recognition: Mapped[Recognition] = related()
    revocation: Mapped[LegalDocument | None] = related()
    replaced_by: Mapped[Certificate | None] = related(remote_side="Certificate.id")
