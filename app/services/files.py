"""Rows of stored files: what intake found out about a file, kept under its digest."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.vocabulary import FileKind
from app.models.dossier import StoredFile
from uploads.intake import Received


def keep(session: Session, received: Received, *, kind: FileKind, now: datetime) -> StoredFile:
    """The row of a file that intake has stored; the same bytes have one row, however often they come."""
    row = session.get(StoredFile, received.sha256)
    if row is None:
        row = StoredFile(
            sha256=received.sha256,
            kind=kind,
            media_type=received.media_type,
            bytes=received.bytes,
            width=received.width,
            height=received.height,
            pages=received.pages,
            phash=received.phash or None,
            warnings=list(received.warnings),
            renditions={name: asdict(made) for name, made in received.renditions.items()},
            stored_at=now,
        )
        session.add(row)
        session.flush()
    return row
