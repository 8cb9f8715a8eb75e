"""Certificate designs as records, and the press made ready with one of them.

A shipped design is written down when something is first issued with it, a design of an organiser's
own when it is saved; neither changes afterwards: what looks otherwise is another digest.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.vocabulary import LevelCode
from app.models.certificate import CertificateDesign
from certificates.compiler import CompiledDesign, compile_design
from certificates.design import Design, design_names, load_design
from certificates.press import PdfSigner, Press
from uploads.storage import Storage

DESIGN_OF_LEVEL: Mapping[LevelCode, str] = {
    LevelCode.COMMUNE: "commune",
    LevelCode.PROVINCE: "provincial",
    LevelCode.REGION: "regional",
    LevelCode.NATION: "national",
}


@dataclass
class PressRoom:
    """What printing needs besides contents: storage, a cache, the public address, a key if there is one.

    ``notice`` is the mark on every certificate printed here ("DỮ LIỆU MẪU"); empty in production.
    Compiled designs are kept a thread, since a press is not to be shared.
    """

    storage: Storage
    cache: Path
    base_url: str
    notice: str = ""
    signer: PdfSigner | None = None
    _kept: threading.local = field(default_factory=threading.local)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def press(self, session: Session, digest: str, *, signed: bool = False) -> Press:
        """The press of a design; ``signed`` asks for signatures, if there is a key.

        Raises:
            NotFound: no design of that digest is known.
        """
        return Press(self._compiled(session, digest), self.signer if signed else None)

    def _compiled(self, session: Session, digest: str) -> CompiledDesign:
        known: dict[str, CompiledDesign] = self._kept.__dict__.setdefault("compiled", {})
        if digest not in known:
            # One thread compiles a new design, which takes seconds; the others read it from the cache.
            with self._opening:
                known[digest] = self._open(session, digest)
        return known[digest]

    def _open(self, session: Session, digest: str) -> CompiledDesign:
        row = session.get(CertificateDesign, digest)
        if row is None:
            raise NotFound("design")
        design = read(row, self.storage)
        if row.compiled_sha256:
            try:
                with self.storage.open(row.compiled_sha256) as file:
                    return CompiledDesign.from_bytes(file.read(), design, self.cache)
            except ValueError:
                # Compiled by another release: it is compiled anew from the design, which is on record.
                pass
        return compile_design(design, self.cache)


def read(row: CertificateDesign, storage: Storage) -> Design:
    """The design that a row holds, its pictures read from storage."""
    if row.shipped and row.name in design_names():
        shipped = load_design(row.name)
        if shipped.digest == row.digest:
            return shipped
    return Design(
        name=row.name,
        label=row.label,
        version=row.version,
        html=row.html,
        css=row.css,
        faces=tuple(row.faces),
        assets={name: _bytes(storage, sha256) for name, sha256 in row.assets.items()},
    )


def keep(
    session: Session, room: PressRoom, design: Design, *, now: datetime, actor: Actor | None = None
) -> CertificateDesign:
    """Write a design down with its pictures; the same design has one row, however often it comes."""
    row = session.get(CertificateDesign, design.digest)
    if row is None:
        row = CertificateDesign(
            digest=design.digest,
            name=design.name,
            version=design.version,
            label=design.label,
            html=design.html,
            css=design.css,
            faces=list(design.faces),
            assets={name: room.storage.put(data).sha256 for name, data in design.assets.items()},
            shipped=actor is None,
            created_at=now,
            created_by_id=actor.user_id if actor else None,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another worker wrote the same design down at this moment
            row = session.get_one(CertificateDesign, design.digest)
    return row


def chosen(
    session: Session, room: PressRoom, name: str | None, level: LevelCode, *, now: datetime, english: bool = False
) -> CertificateDesign:
    """The newest version of a design by name; of the level's own design without a name.

    ``english`` takes a shipped design with its line in English; one of an organiser's own has it or has not.

    Raises:
        NotFound: no design of that name.
    """
    name = name or DESIGN_OF_LEVEL[level]
    if name in design_names():
        return keep(session, room, load_design(name, english), now=now)
    row = session.scalar(
        select(CertificateDesign).where(CertificateDesign.name == name).order_by(CertificateDesign.version.desc()).limit(1)
    )
    if row is None:
        raise NotFound("design")
    return row


def archive(session: Session, room: PressRoom, press: Press, *, now: datetime) -> None:
    """Keep the compiled form with which certificates were stamped, beside the design."""
    compiled = press.compiled
    row = session.get_one(CertificateDesign, compiled.design.digest)
    row.issued_at = row.issued_at or now
    if row.compiled_sha256 is None or compiled.compiled_states:
        row.compiled_sha256 = room.storage.put(compiled.to_bytes()).sha256
    session.flush()


def _bytes(storage: Storage, sha256: str) -> bytes:
    with storage.open(sha256) as file:
        return file.read()
