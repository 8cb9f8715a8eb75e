"""Certificates as files: one PDF, a ZIP in a stream, the print file in parts."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.models.certificate import Certificate, CertificateSignature
from app.services.designs import PressRoom
from certificates.content import CertificateContent
from certificates.press import file_name

BATCH = 50
PART = 500


def file_of(session: Session, room: PressRoom, row: Certificate) -> bytes:
    """The PDF that is handed out: the newest copy that the authority signed, else the certificate's own file.

    Raises:
        Refused: ``certificate_file_differs``; the bytes are not those whose digest was recorded.
    """
    newest = (
        select(CertificateSignature.sha256)
        .where(CertificateSignature.certificate_id == row.id)
        .order_by(CertificateSignature.id.desc())
        .limit(1)
    )
    copy = session.scalar(newest)
    if copy is None:
        return record_file_of(session, room, row)
    return _same(_stored(room, copy), copy, row)


def record_file_of(session: Session, room: PressRoom, row: Certificate) -> bytes:
    """The certificate's own PDF: the stored one if it was signed here, else stamped anew from its record.

    Raises:
        Refused: ``certificate_file_differs``; the bytes are not those whose digest was recorded.
    """
    if row.sha256:
        pdf = _stored(room, row.sha256)
    else:
        pdf = room.press(session, row.design_digest).stamp(CertificateContent.from_dict(row.content))
    return _same(pdf, row.file_digest, row)


def _stored(room: PressRoom, sha256: str) -> bytes:
    with room.storage.open(sha256) as file:
        return bytes(file.read())


def _same(pdf: bytes, digest: str | None, row: Certificate) -> bytes:
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise Refused("certificate_file_differs", serial=row.serial)
    return pdf


def zip_of(session: Session, room: PressRoom, ids: Sequence[int]) -> Iterator[bytes]:
    """A ZIP of the certificates in the given order, in pieces: one file is in memory at a time."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for row in _rows(session, ids):
            day = row.content["issued_on"]
            moment = (max(int(day[:4]), 1980), int(day[5:7]), int(day[8:]), 0, 0, 0)
            name = file_name(CertificateContent.from_dict(row.content))
            archive.writestr(zipfile.ZipInfo(name, moment), file_of(session, room, row))
            yield pipe.drain()
    yield pipe.drain()


def write_print_file(
    session: Session, room: PressRoom, ids: Sequence[int], file: BinaryIO, *, design_digest: str, crop_marks: bool = False
) -> int:
    """Write one PDF of the certificates, a page each in the given order; returns how many.

    All must be of one design. A print file is for paper: it carries no signature.
    """
    contents = (CertificateContent.from_dict(row.content) for row in _rows(session, ids))
    return room.press(session, design_digest).write_combined(contents, file, crop_marks)


@dataclass(frozen=True)
class Part:
    """A part of a print file: certificates ``first`` to ``last`` of the order, counted from 1."""

    number: int
    first: int
    last: int


def parts_of(total: int, size: int) -> list[Part]:
    """How ``total`` certificates are split into files of at most ``size`` pages."""
    return [
        Part(number, start + 1, min(start + size, total))
        for number, start in enumerate(range(0, total, size), start=1)
    ]


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Certificate]:
    """The rows in order, a batch in memory at a time."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = {row.id: row for row in session.scalars(select(Certificate).where(Certificate.id.in_(batch)))}
        yield from (found[key] for key in batch)
        session.expunge_all()


class _Pipe:
    """A place for a ZIP to write to that cannot be rewound and is emptied as it fills."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep the bytes until the next ``drain``."""
        self._kept.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits behind this pipe."""

    def close(self) -> None:
        """What is kept can still be drained."""

    def drain(self) -> bytes:
        """All bytes since the last time."""
        data, self._kept = b"".join(self._kept), []
        return data
