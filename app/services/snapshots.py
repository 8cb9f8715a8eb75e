"""Snapshots: the dossier as it stands at a submission, frozen under its digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import evidence
from app.domain.deadlines import local_date
from app.domain.dossier_form import asked_questions
from app.domain.policies import Actor
from app.domain.snapshot import (
    SnapshotContent,
    SnapshotDocument,
    SnapshotFacility,
    SnapshotPhoto,
    SnapshotProduct,
    SnapshotRendition,
)
from app.models.dossier import Dossier, DossierDocument, DossierPhoto, DossierSnapshot, StoredFile
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.round import RoundGroup
from app.queries import units
from app.queries.handbook import dossier_form


def take(session: Session, actor: Actor, *, entry: Entry, now: datetime) -> DossierSnapshot:
    """Freeze the entry's dossier as it stands and make it what officers and judges read.

    Needs the entry with facility (province, commune), product and dossier (photos and papers with
    their files) loaded. Does not change the entry's state.
    """
    content = content_of(session, entry, now=now)
    last = session.scalar(select(func.max(DossierSnapshot.number)).where(DossierSnapshot.entry_id == entry.id))
    row = DossierSnapshot(
        entry_id=entry.id,
        number=(last or 0) + 1,
        content=content.to_dict(),
        digest=content.digest(),
        taken_at=now,
        taken_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    entry.snapshot_id = row.id
    return row


def content_of(session: Session, entry: Entry, *, now: datetime) -> SnapshotContent:
    """What a snapshot taken now would hold; loaded relations as for ``take``."""
    form = dossier_form()
    facts = {"group": entry.group_code, "form": entry.product.form.value}
    kept = entry.dossier.answers
    answers = {q.key: kept[q.key] for q in asked_questions(form, kept, facts) if q.key in kept}
    photos, documents = _photos(entry.dossier), tuple(_document(paper) for paper in entry.dossier.documents)
    known = evidence.names_of((photo.sha256 for photo in photos), (paper.id for paper in documents), answers)
    return SnapshotContent(
        facility=_facility(session, entry.facility, now),
        product=_product(session, entry, entry.product),
        answers=answers,
        conditions={key: bool(met) for key, met in entry.dossier.conditions.items()},
        photos=photos,
        documents=documents,
        form_version=form.version,
        evidence=evidence.standing(entry.dossier.evidence, known),
    )


def _facility(session: Session, row: Facility, now: datetime) -> SnapshotFacility:
    places = [unit for unit in (row.province, row.commune) if unit is not None]
    names = units.names_on(session, places, local_date(now))
    return SnapshotFacility(
        id=row.id,
        name=row.name,
        kind=row.kind.value,
        registration_number=row.registration_number,
        registration_issued_on=row.registration_issued_on,
        registration_issuer=row.registration_issuer,
        tax_code=row.tax_code,
        province=names[row.province_id],
        commune=names[row.commune_id] if row.commune_id else "",
        commune_kind=row.commune.kind if row.commune else "",
        street=row.street,
        in_craft_village=row.in_craft_village,
        craft_village_name=row.craft_village_name,
        representative_name=row.representative_name,
        representative_title=row.representative_title,
        phone=row.phone,
        email=row.email,
        workers=row.workers,
        average_income_vnd=row.average_income_vnd,
        founded_year=row.founded_year,
    )


def _product(session: Session, entry: Entry, row: Product) -> SnapshotProduct:
    name = session.scalar(
        select(RoundGroup.name).where(RoundGroup.round_id == entry.round_id, RoundGroup.group_code == entry.group_code)
    )
    return SnapshotProduct(row.name, row.form.value, row.items, entry.group_code, name or entry.group_code)


def _photos(dossier: Dossier) -> tuple[SnapshotPhoto, ...]:
    ordered = sorted(dossier.photos, key=lambda photo: (photo.position, photo.id))
    return tuple(_photo(photo) for photo in ordered)


def _photo(row: DossierPhoto) -> SnapshotPhoto:
    return SnapshotPhoto(
        sha256=row.sha256,
        caption=row.caption,
        filename=row.filename,
        width=row.file.width or 0,
        height=row.file.height or 0,
        renditions=_renditions(row.file),
    )


def _document(row: DossierDocument) -> SnapshotDocument:
    return SnapshotDocument(
        slot=row.slot,
        sha256=row.sha256,
        id=row.id,
        filename=row.filename,
        media_type=row.file.media_type,
        bytes=row.file.bytes,
        pages=row.file.pages or 0,
        number=row.number,
        issuer=row.issuer,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        renditions=_renditions(row.file),
    )


def _renditions(file: StoredFile) -> dict[str, SnapshotRendition]:
    return {name: SnapshotRendition(**made) for name, made in file.renditions.items()}
