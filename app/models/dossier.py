"""The living dossier of a product, and its immutable snapshots.

A dossier belongs to the product, not to a round: by law it serves all levels (liên thông). Each
submission takes a snapshot under a digest; officers and judges read the snapshot, nothing newer.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.vocabulary import FileKind
from app.models.base import Base, Code, Digest, Key, related, word
from app.models.facility import Product


class StoredFile(Base):
    """A file in storage under the SHA-256 of its bytes, with what intake found out about it.

    ``renditions`` maps a rendition's name (list, page, print, ...) to
    ``{sha256, media_type, width, height, bytes}``; for papers ``pages`` pictures are ``page-1`` on.
    """

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("bytes >= 0", name="bytes"),)

    sha256: Mapped[Digest] = mapped_column(primary_key=True)
    kind: Mapped[FileKind] = mapped_column(word(FileKind))
    media_type: Mapped[str] = mapped_column(String(100))
    bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    phash: Mapped[str | None] = mapped_column(String(32))
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    renditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stored_at: Mapped[datetime]


class Dossier(Base):
    """What a facility says about one product; edited until it is submitted, and between levels.

    ``answers`` maps question keys of ``dossier_form.toml`` to typed values; ``conditions`` holds
    the product conditions of Điều 4 that the facility declared; ``evidence`` maps a criterion
    ("1" to "4") to what of the dossier proves it: ``photo:<sha256>``, ``paper:<id>``, ``answer:<key>``.
    """

    __tablename__ = "dossier"

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    declared_true_at: Mapped[datetime | None]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = related()
    photos: Mapped[list[DossierPhoto]] = related(
        back_populates="dossier", order_by="DossierPhoto.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[DossierDocument]] = related(
        back_populates="dossier", order_by="DossierDocument.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class DossierPhoto(Base):
    """A photo of the product, in the order that the facility chose."""

    __tablename__ = "dossier_photo"

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    position: Mapped[int]
    caption: Mapped[str] = mapped_column(default="")
    filename: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]

    dossier: Mapped[Dossier] = related(back_populates="photos")
    file: Mapped[StoredFile] = related()


class DossierDocument(Base):
    """A paper in a typed slot, with its number, issuer and dates."""

    __tablename__ = "dossier_document"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on", name="dates"),
    )

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    slot: Mapped[Code]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    filename: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    added_at: Mapped[datetime]

    dossier: Mapped[Dossier] = related(back_populates="documents")
    file: Mapped[StoredFile] = related()


class DossierSnapshot(Base):
    """What was submitted, word for word: canonical ``content`` under its SHA-256."""

    __tablename__ = "dossier_snapshot"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        Index("ix_dossier_snapshot_entry", "entry_id"),
    )

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[Digest]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class DossierPrint(Base):
    """The printable dossier of a snapshot: made once by a job, kept in storage.

    ``layout`` is the version of the layout that made it; another one makes it anew. ``sha256`` is
    NULL until it is made.
    """

    __tablename__ = "dossier_print"
    __table_args__ = (CheckConstraint("(sha256 IS NULL) = (made_at IS NULL)", name="made"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("dossier_snapshot.id"), primary_key=True)
    layout: Mapped[int]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None]
    pages: Mapped[int | None]
    made_at: Mapped[datetime | None]
