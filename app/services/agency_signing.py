"""Copies of certificates that the authority signed with a tool of its own: taken back, checked, handed out from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import CertificateState, FileKind
from app.models.certificate import Certificate, CertificateSignature
from app.models.dossier import StoredFile
from app.models.round import Round
from app.services import audit
from app.services.certificate_files import record_file_of
from app.services.designs import PressRoom
from certificates.countersigning import check_copy, digests_of_beginnings
from certificates.errors import SigningError
from certificates.reference import SignatureState

MAX_COPY_BYTES = 5 * 1024 * 1024
MAX_COPIES = 300


@dataclass(frozen=True)
class Taken:
    """What became of one uploaded file: the certificate and who signed it, or why it was not kept."""

    filename: str
    serial: str = ""
    signer: str = ""
    trusted: bool = False
    stamped: bool = False
    fault: str = ""


def take_copies(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    copies: Iterable[tuple[str, bytes]],
    room: PressRoom,
    now: datetime,
    roots: Sequence[bytes] = (),
) -> list[Taken]:
    """Keep the signed copies among the files (name, bytes) of a round; tell of every file what became of it.

    A copy belongs to the certificate whose file it begins with. A file that is not kept changes nothing.
    ``roots`` are the DER certificates that are trusted; where there are any, others sign in vain.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``.
    """
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.REISSUE, round_)
    return [_take(session, actor, round_id, name, copy, room, roots, now) for name, copy in copies]


def _take(
    session: Session,
    actor: Actor,
    round_id: int,
    filename: str,
    copy: bytes,
    room: PressRoom,
    roots: Sequence[bytes],
    now: datetime,
) -> Taken:
    name = clean_line(filename)[:200]
    row = None if len(copy) > MAX_COPY_BYTES else _certificate_of(session, round_id, copy)
    if row is None:
        return Taken(name, fault="copy_of_nothing")
    if row.state is not CertificateState.ISSUED:
        return Taken(name, row.serial, fault=f"certificate_{row.state.value}")
    digest = hashlib.sha256(copy).hexdigest()
    if session.scalar(select(CertificateSignature.id).where(CertificateSignature.sha256 == digest)) is not None:
        return Taken(name, row.serial, fault="copy_known")
    try:
        state = check_copy(record_file_of(session, room, row), copy, roots)
    except SigningError:
        return Taken(name, row.serial, fault="copy_not_signed")
    if roots and not state.accepted:
        return Taken(name, row.serial, state.signer, fault="copy_not_trusted")
    _keep(session, actor, row, copy, digest, state, room, now)
    return Taken(name, row.serial, state.signer, state.accepted, state.stamped)


def _certificate_of(session: Session, round_id: int, copy: bytes) -> Certificate | None:
    digests = list(digests_of_beginnings(copy))
    return session.scalar(
        select(Certificate).where(Certificate.round_id == round_id, Certificate.file_digest.in_(digests)).limit(1)
    )


def _keep(
    session: Session,
    actor: Actor,
    row: Certificate,
    copy: bytes,
    digest: str,
    state: SignatureState,
    room: PressRoom,
    now: datetime,
) -> None:
    room.storage.put(copy)
    session.add(
        StoredFile(
            sha256=digest, kind=FileKind.CERTIFICATE, media_type="application/pdf", bytes=len(copy), pages=1, stored_at=now
        )
    )
    session.add(
        CertificateSignature(
            certificate_id=row.id,
            sha256=digest,
            signer=state.signer,
            signed_at=state.signed_at,
            stamped=state.stamped,
            trusted=state.accepted,
            uploaded_at=now,
            uploaded_by_id=actor.user_id,
        )
    )
    session.flush()
    audit.record(
        session, actor, action="certificate:countersign", subject=f"certificate:{row.id}", round_id=row.round_id, now=now,
        details={"serial": row.serial, "signer": state.signer, "sha256": digest, "trusted": state.accepted},
    )  # fmt: skip
