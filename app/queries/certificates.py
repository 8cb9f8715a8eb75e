"""Reads about certificates: the list of a round, one record and its life; what is still to be issued: ``issuing``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.text import fold
from app.domain.vocabulary import CertificateState, Phase
from app.models.certificate import Certificate, CertificateSignature
from app.models.council import LegalDocument, Recognition
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.record import AuditEvent
from app.models.round import Round
from certificates.content import CertificateContent
from certificates.verification import Standing, Verdict, verdict

PAGE = 50
PUBLIC = (Phase.PUBLISHED, Phase.ARCHIVED)


@dataclass(frozen=True)
class Line:
    """One certificate in a list; ``verdict`` is its standing on the day of the list."""

    id: int
    serial: str
    code: str
    product: str
    recipient: str
    group: str
    issued_on: str
    verdict: Verdict


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to: words in product, facility, serial or code; a group; a state."""

    words: str = ""
    group: str = ""
    state: str = ""


def listing(
    session: Session, round_id: int, filters: Filters, *, on: date, page: int = 1, size: int = PAGE
) -> tuple[list[Line], int]:
    """A page of a round's certificates by number, and how many there are in all."""
    statement = (
        select(Certificate)
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(Certificate.round_id == round_id, *_narrowed(filters, on))
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.scalars(
        statement.options(joinedload(Certificate.revocation))
        .order_by(Certificate.series_id, Certificate.number)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return [line_of(row, on) for row in rows], total


def _narrowed(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.words:
        typed, folded = filters.words.upper(), fold(filters.words)
        found.append(
            or_(
                Certificate.serial.contains(typed, autoescape=True),
                Certificate.code.contains(typed, autoescape=True),
                Product.folded.contains(folded, autoescape=True),
                Facility.folded.contains(folded, autoescape=True),
            )
        )
    if filters.group:
        found.append(Entry.group_code == filters.group)
    if filters.state == "expired":
        found += [Certificate.state == CertificateState.ISSUED, Certificate.valid_until < on]
    elif filters.state == CertificateState.ISSUED.value:
        found += [
            Certificate.state == CertificateState.ISSUED,
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= on),
        ]
    elif filters.state in (CertificateState.REPLACED.value, CertificateState.REVOKED.value):
        found.append(Certificate.state == CertificateState(filters.state))
    return found


def line_of(row: Certificate, on: date) -> Line:
    """A certificate as a line; its revocation must be loaded."""
    content = row.content
    return Line(
        id=row.id,
        serial=row.serial,
        code=row.code,
        product=content["product_name"],
        recipient=content["recipient"],
        group=content["group"],
        issued_on=content["issued_on"],
        verdict=verdict_of(row, on),
    )


def verdict_of(row: Certificate, on: date) -> Verdict:
    """What the certificate is worth on a day; its revocation must be loaded."""
    return verdict(standing_of(row), on)


def standing_of(row: Certificate) -> Standing:
    """The facts that decide what the certificate is worth; its revocation must be loaded."""
    return Standing(
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        replaced_by="x" if row.state is CertificateState.REPLACED else "",
        revoked_on=row.revocation.decided_on if row.revocation else None,
    )


@dataclass(frozen=True)
class Found:
    """A certificate with everything that its pages show.

    ``photo`` is the SHA-256 of the product's first picture, where the round is public.
    """

    row: Certificate
    content: CertificateContent
    verdict: Verdict
    replaced_by: Certificate | None
    replaces: Certificate | None
    revocation: LegalDocument | None
    round_code: str
    round_name: str
    entry_id: int
    facility_id: int
    photo: str | None
    copies: tuple[CertificateSignature, ...] = ()

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The SHA-256 of every file of this certificate that is genuine: its own and the signed copies."""
        own = (self.row.file_digest,) if self.row.file_digest else ()
        return (*own, *(copy.sha256 for copy in self.copies))


def by_code(session: Session, code: str, *, on: date) -> Found | None:
    """The certificate of a code as it is written on paper (``certificates.codes.normalise_code``)."""
    return _found(session, Certificate.code == code, on)


def life_of(session: Session, code: str) -> tuple[Any, ...] | None:
    """All that can change about a certificate's public page, read in one plain statement; None for an unknown code.

    What is printed never changes (`app.models.record_columns`), so equal lives mean equal pages of a day.
    """
    row = session.execute(_LIFE, {"code": code}).first()
    return None if row is None else tuple(row)


# Made once: putting it together takes as long as running it.
_LIFE = (
    select(
        Certificate.id, Certificate.state, Certificate.replaced_by_id, Certificate.revocation_id,
        LegalDocument.decided_on, LegalDocument.number, LegalDocument.authority,
        Recognition.published_at, Round.phase, Entry.snapshot_id,
        select(func.max(CertificateSignature.id))
        .where(CertificateSignature.certificate_id == Certificate.id)
        .scalar_subquery(),
    )
    .join(Recognition, Recognition.id == Certificate.recognition_id)
    .join(Entry, Entry.id == Recognition.entry_id)
    .join(Round, Round.id == Entry.round_id)
    .outerjoin(LegalDocument, LegalDocument.id == Certificate.revocation_id)
    .where(Certificate.code == bindparam("code"))
)  # fmt: skip


def by_serial(session: Session, serial: str, *, on: date) -> Found | None:
    """The certificate of a number, capitals and outer spaces aside."""
    return _found(session, Certificate.serial == serial.strip().upper(), on)


def by_file(session: Session, sha256: str, *, on: date) -> Found | None:
    """The certificate whose file, or a signed copy of it, has this digest."""
    digest = sha256.lower()
    copy = select(CertificateSignature.certificate_id).where(CertificateSignature.sha256 == digest)
    return _found(session, or_(Certificate.file_digest == digest, Certificate.id.in_(copy)), on)


def by_id(session: Session, certificate_id: int, *, on: date) -> Found | None:
    """The certificate of an id; rights are the caller's business."""
    return _found(session, Certificate.id == certificate_id, on)


def _found(session: Session, which: ColumnElement[bool], on: date) -> Found | None:
    row = session.scalar(
        select(Certificate)
        .where(which)
        .options(
            joinedload(Certificate.revocation),
            joinedload(Certificate.replaced_by),
            joinedload(Certificate.replaces),
            joinedload(Certificate.recognition).joinedload(Recognition.entry).joinedload(Entry.snapshot),
            joinedload(Certificate.recognition).joinedload(Recognition.entry).joinedload(Entry.round),
        )
    )
    if row is None:
        return None
    entry = row.recognition.entry
    public = entry.round.phase in PUBLIC and row.recognition.published_at is not None
    return Found(
        row=row,
        content=CertificateContent.from_dict(row.content),
        verdict=verdict_of(row, on),
        replaced_by=row.replaced_by,
        replaces=row.replaces,
        revocation=row.revocation,
        round_code=entry.round.code,
        round_name=entry.round.name,
        entry_id=entry.id,
        facility_id=entry.facility_id,
        photo=_photo(entry) if public else None,
        copies=copies_of(session, row.id),
    )


def copies_of(session: Session, certificate_id: int) -> tuple[CertificateSignature, ...]:
    """The copies of a certificate that the authority signed, oldest first."""
    mine = CertificateSignature.certificate_id == certificate_id
    return tuple(session.scalars(select(CertificateSignature).where(mine).order_by(CertificateSignature.id)))


def copies_in_round(session: Session, round_id: int) -> int:
    """How many certificates in force of the round have a copy that the authority signed."""
    return (
        session.scalar(
            select(func.count(CertificateSignature.certificate_id.distinct()))
            .join(Certificate, Certificate.id == CertificateSignature.certificate_id)
            .where(Certificate.round_id == round_id, Certificate.state == CertificateState.ISSUED)
        )
        or 0
    )


def _photo(entry: Entry) -> str | None:
    photos = entry.snapshot.content.get("photos", []) if entry.snapshot else []
    if not photos:
        return None
    made = photos[0].get("renditions", {}).get("page")
    return str(made["sha256"] if made else photos[0]["sha256"])


def history(session: Session, certificate_id: int) -> Sequence[AuditEvent]:
    """What was done with a certificate, newest first."""
    return session.scalars(
        select(AuditEvent).where(AuditEvent.subject == f"certificate:{certificate_id}").order_by(AuditEvent.id.desc())
    ).all()


def of_facilities(session: Session, facility_ids: frozenset[int], *, on: date) -> list[tuple[Line, str]]:
    """Certificates of the facilities' products with their round's name, newest first."""
    rows = session.execute(
        select(Certificate, Round.name)
        .join(Recognition, Recognition.id == Certificate.recognition_id)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Round, Round.id == Certificate.round_id)
        .where(Entry.facility_id.in_(facility_ids))
        .options(joinedload(Certificate.revocation))
        .order_by(Certificate.id.desc())
    )
    return [(line_of(row, on), name) for row, name in rows]


def places_taken(session: Session) -> int:
    """How many certificates have a place in the status lists."""
    highest = session.scalar(select(func.max(Certificate.status_index)))
    return 0 if highest is None else highest + 1


def places_withdrawn(session: Session, places: range, *, on: date) -> list[int]:
    """The places whose certificates no longer stand on a day: replaced, or revoked by a decision of that day or before."""
    return list(
        session.scalars(
            select(Certificate.status_index)
            .outerjoin(LegalDocument, LegalDocument.id == Certificate.revocation_id)
            .where(
                Certificate.status_index >= places.start,
                Certificate.status_index < places.stop,
                or_(
                    Certificate.state == CertificateState.REPLACED,
                    (Certificate.state == CertificateState.REVOKED) & (LegalDocument.decided_on <= on),
                ),
            )
            .order_by(Certificate.status_index)
        )
    )
