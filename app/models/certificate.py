"""Certificates: the frozen contents are the record, the file follows from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import CertificateState
from app.models.base import Base, Code, Digest, Key, related, word
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


class CertificateDesign(Base):
    """A version of a design, under the digest of everything that decides how it looks.

    ``assets`` maps a file's name to its SHA-256 in storage; ``compiled_sha256`` names the compiled
    form with which certificates were stamped. Once ``issued_at`` is set the row is part of the record.
    """

    __tablename__ = "certificate_design"
    __table_args__ = (Index("ix_certificate_design_name", "name", "version"),)

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    name: Mapped[Code]
    version: Mapped[int]
    label: Mapped[str]
    html: Mapped[str]
    css: Mapped[str]
    faces: Mapped[list[Any]]
    assets: Mapped[dict[str, Any]]
    shipped: Mapped[bool]
    compiled_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime | None]


class Certificate(Base):
    """One issued certificate. Serial and code never return; ``content`` is what is printed.

    ``file_digest`` is the SHA-256 of the file: an unsigned file is stamped anew on demand and must
    equal it; ``sha256`` names a signed file in storage. ``status_index`` is its place, from 0 and
    without gaps, in the published lists of what no longer stands. A recognition has one certificate that
    replaces none; each certificate is replaced at most once.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("state != 'revoked' OR revocation_id IS NOT NULL", name="revoked"),
        CheckConstraint("state != 'replaced' OR replaced_by_id IS NOT NULL", name="replaced"),
        Index("ix_certificate_round", "round_id"),
        Index("uq_certificate_status_index", "status_index", unique=True),
        Index("ix_certificate_recognition", "recognition_id"),
        Index(
            "uq_certificate_first",
            "recognition_id",
            unique=True,
            sqlite_where=text("replaces_id IS NULL"),
            postgresql_where=text("replaces_id IS NULL"),
        ),
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
    design_digest: Mapped[Digest] = mapped_column(ForeignKey("certificate_design.digest"))
    file_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    replacement_reason: Mapped[str] = mapped_column(default="")
    revocation_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    revoked_at: Mapped[datetime | None]
    status_index: Mapped[int | None]

    recognition: Mapped[Recognition] = related()
    revocation: Mapped[LegalDocument | None] = related()
    replaced_by: Mapped[Certificate | None] = related(
        remote_side="Certificate.id", foreign_keys=[replaced_by_id], post_update=True
    )
    replaces: Mapped[Certificate | None] = related(remote_side="Certificate.id", foreign_keys=[replaces_id])


class CertificateSignature(Base):
    """A copy of a certificate's file that the authority signed with a tool of its own.

    The copy holds the certificate's own file, byte for byte, in front of what the tool added. ``signer`` is the
    common name in the signing certificate, ``signed_at`` the moment that the signature claims; ``stamped``
    tells whether a time-stamp service vouches for it, ``trusted`` whether an issuer that the installation trusts
    vouches for the signer. Copies are only ever added; the newest is the one that is handed out.
    """

    __tablename__ = "certificate_signature"

    id: Mapped[Key]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    sha256: Mapped[Digest] = mapped_column(unique=True)
    signer: Mapped[str]
    signed_at: Mapped[datetime | None]
    stamped: Mapped[bool]
    trusted: Mapped[bool]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class CertificateReminder(Base):
    """The holder of a certificate was told, once, that it ends in at most ``lead_days`` days."""

    __tablename__ = "certificate_reminder"
    __table_args__ = (CheckConstraint("lead_days > 0", name="lead"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    lead_days: Mapped[int] = mapped_column(primary_key=True)
    reminded_at: Mapped[datetime]
