"""The printable dossier of an entry: its snapshot with photos and papers, as one PDF."""

from __future__ import annotations

from datetime import datetime

from app.domain.deadlines import format_datetime_vi, local_date
from app.domain.dossier_answers import format_answer_vi
from app.domain.evidence import told
from app.domain.snapshot import SnapshotContent, SnapshotDocument, SnapshotFacility, SnapshotProduct
from app.domain.vocabulary import FacilityKind, ProductForm
from app.models.entry import Entry
from app.queries.handbook import dossier_form, paper_slot, paper_slots
from app.services.papers_parts import LEVELS
from certificates.paperwork.contents.common import Digests, RoundInfo
from certificates.paperwork.contents.dossier import Attachment, Dossier, Photo
from certificates.paperwork.contents.registration import (
    Facility,
    FiledPaper,
    OfferedProduct,
    ProductDescription,
    RegistrationForm,
    StoryPart,
)
from uploads.storage import Storage

KINDS = {
    FacilityKind.SME.value: "Doanh nghiệp nhỏ và vừa",
    FacilityKind.COOPERATIVE_GROUP.value: "Tổ hợp tác",
    FacilityKind.COOPERATIVE.value: "Hợp tác xã",
    FacilityKind.COOPERATIVE_UNION.value: "Liên hiệp hợp tác xã",
    FacilityKind.BUSINESS_HOUSEHOLD.value: "Hộ kinh doanh",
}
"""The kinds of facilities as they are printed, whatever the language of the pages."""


def printable(row: Entry, content: SnapshotContent, storage: Storage, *, taken_at: datetime) -> Dossier:
    """What ``certificates.paperwork.dossier.render_dossier`` prints of a snapshot.

    ``row`` with its round and season loaded.

    Raises:
        uploads.errors.BlobMissing: a file of the snapshot is not in the store.
    """
    info = RoundInfo(LEVELS[row.round.level], row.round.season.year, row.round.code)
    product = _product(content.product, row.code or "")
    papers = tuple(_paper(paper) for paper in content.documents)
    digests = Digests(round_sha256=content.digest())
    return Dossier(
        registration=RegistrationForm(
            round=info,
            addressee=row.round.host or row.round.authority,
            facility=_facility(content.facility),
            products=(product,),
            papers=papers,
            photo_count=len(content.photos),
            place=content.facility.province,
            on=local_date(taken_at),
            submitted=format_datetime_vi(taken_at),
        ),
        description=ProductDescription(
            round=info,
            facility=content.facility.name,
            address=content.facility.address,
            product=product,
            parts=_story(content),
            papers=papers,
            representative=content.facility.representative_name,
            place=content.facility.province,
            on=local_date(taken_at),
            digests=digests,
        ),
        photos=tuple(
            Photo(_bytes(storage, photo.digest_of("page")), "image/jpeg", photo.caption, photo.caption)
            for photo in content.photos
        ),
        attachments=tuple(
            Attachment(_paper(paper), _bytes(storage, paper.sha256), paper.media_type) for paper in content.documents
        ),
    )


def _bytes(storage: Storage, sha256: str) -> bytes:
    with storage.open(sha256) as stream:
        return stream.read()


def _facility(told: SnapshotFacility) -> Facility:
    return Facility(
        name=told.name,
        kind=KINDS.get(told.kind, ""),
        registration_number=told.registration_number,
        registration_on=told.registration_issued_on,
        registration_issuer=told.registration_issuer,
        tax_code=told.tax_code,
        address=told.address,
        craft_village=told.craft_village_name,
        representative=told.representative_name,
        representative_title=told.representative_title,
        phone=told.phone,
        email=told.email,
        workers=told.workers,
        average_monthly_income_vnd=told.average_income_vnd,
    )


def _product(told: SnapshotProduct, code: str) -> OfferedProduct:
    return OfferedProduct(
        name=told.name,
        group=told.group_name,
        entry_code=code,
        is_set=told.form == ProductForm.SET.value,
        items=tuple(line for line in told.items.splitlines() if line),
    )


def _paper(told: SnapshotDocument) -> FiledPaper:
    slot = paper_slot(told.slot)
    return FiledPaper(slot.name_vi if slot else told.slot, told.number, told.issuer, told.issued_on, told.expires_on)


def _story(content: SnapshotContent) -> tuple[StoryPart, ...]:
    """The answered questions in the form's order, which follows the criteria; then the evidence that was named."""
    slots = {slot.key: slot.name_vi for slot in paper_slots()}
    answered = (
        StoryPart(question.label_vi, format_answer_vi(question, content.answers[question.key]))
        for question in dossier_form().questions
        if question.key in content.answers
    )
    return (*answered, *(StoryPart(label, text) for label, text in told(content, dossier_form(), slots)))
