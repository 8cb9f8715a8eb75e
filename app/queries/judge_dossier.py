"""The dossier as a judge may see it: an allow-list that page, JSON and files share.

Nothing of the snapshot reaches a judge but what is copied here by name. In a blind round the
facility is not among it, its free text is masked, papers that exist to name it are withheld, and
files go by their place in the dossier, never by a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.blinding import masked, secrets_of
from app.domain.dossier_answers import format_answer_vi
from app.domain.dossier_form import DossierForm
from app.domain.errors import NotFound
from app.domain.evidence import Piece, pieces
from app.domain.snapshot import SnapshotContent, SnapshotDocument, SnapshotFacility, SnapshotPhoto

WITHHELD_WHEN_BLIND = frozenset({"business_registration", "lower_level_certificate", "recognition_order"})
"""Slots of papers whose whole point is who the facility is; the secretariat has checked them."""
SELF_ASSESSMENT = "self_assessment"
"""The section of the form that judges read only where the round allows it."""
PHOTO_SIZES: Mapping[str, str] = {"lon": "page", "nho": "list", "goc": "full"}


@dataclass(frozen=True)
class JudgePhoto:
    """A photo by its number in the dossier, from 1."""

    number: int
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class JudgePaper:
    """A paper by its number in the dossier, from 1. ``pages`` counts its pictures; 0 where it is withheld."""

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    pages: int
    withheld: bool


@dataclass(frozen=True)
class JudgeAnswers:
    """One section of the description, and the criterion (1 to 4) that it mostly serves.

    ``of_itself``: what the facility thinks of its product, of all criteria, and its ``evidence`` for each.
    """

    title: str
    criterion: int
    items: tuple[tuple[str, str], ...]
    of_itself: bool = False
    evidence: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


@dataclass(frozen=True)
class JudgeDossier:
    """Everything of an entry that its judge sees; ``facility`` and ``address`` are empty in a blind round."""

    code: str
    product: str
    form: str
    items: str
    group: str
    photos: tuple[JudgePhoto, ...]
    answers: tuple[JudgeAnswers, ...]
    papers: tuple[JudgePaper, ...]
    workers: int | None
    average_income_vnd: int | None
    founded_year: int | None
    facility: str = ""
    address: str = ""


@dataclass(frozen=True)
class ServedFile:
    """A picture to send: digest, type, and the name under which a browser would keep it."""

    sha256: str
    media_type: str
    filename: str


def judge_dossier(
    raw: Mapping[str, Any],
    *,
    code: str,
    blind: bool,
    form: DossierForm,
    slots: Mapping[str, str],
    self_assessment: bool = False,
) -> JudgeDossier:
    """The allow-listed dossier of a stored snapshot. ``slots`` names the slots of papers.

    ``self_assessment``: whether the round lets judges read what the facility thinks of itself.
    """
    content = SnapshotContent.from_dict(raw)
    secrets = facility_secrets(content.facility) if blind else ()
    product = content.product
    return JudgeDossier(
        code=code,
        product=masked(product.name, secrets),
        form=product.form,
        items=masked(product.items, secrets),
        group=product.group_name,
        photos=tuple(_photo(n, photo, secrets) for n, photo in enumerate(content.photos, 1)),
        answers=_answers(content, form, secrets, self_assessment, _evidence(content, form, slots, secrets, blind)),
        papers=tuple(_paper(n, paper, blind, slots, secrets) for n, paper in enumerate(content.documents, 1)),
        workers=content.facility.workers,
        average_income_vnd=content.facility.average_income_vnd,
        founded_year=content.facility.founded_year,
        facility="" if blind else content.facility.name,
        address="" if blind else content.facility.address,
    )


def facility_secrets(facility: SnapshotFacility) -> tuple[str, ...]:
    """What of a facility must not stand in a judge's text."""
    return secrets_of(
        name=facility.name,
        commune=facility.commune,
        street=facility.street,
        tax_code=facility.tax_code,
        registration_number=facility.registration_number,
        representative=facility.representative_name,
        phone=facility.phone,
        email=facility.email,
    )


def photo_file(raw: Mapping[str, Any], *, code: str, number: int, size: str) -> ServedFile:
    """The photo of that number in a size of ``PHOTO_SIZES``.

    Raises:
        NotFound: no such photo or size.
    """
    photos = SnapshotContent.from_dict(raw).photos
    if size not in PHOTO_SIZES or not 1 <= number <= len(photos):
        raise NotFound("file")
    photo, name = photos[number - 1], PHOTO_SIZES[size]
    made = photo.renditions.get(name)
    media_type = made.media_type if made else "image/jpeg"
    return ServedFile(photo.digest_of(name), media_type, f"{code}-anh-{number}.jpg")


def paper_file(raw: Mapping[str, Any], *, code: str, blind: bool, number: int, page: int) -> ServedFile:
    """The picture of a page of the paper of that number.

    Raises:
        NotFound: no such paper or page, or it is withheld in a blind round.
    """
    papers = SnapshotContent.from_dict(raw).documents
    if not 1 <= number <= len(papers) or (blind and papers[number - 1].slot in WITHHELD_WHEN_BLIND):
        raise NotFound("file")
    made = papers[number - 1].renditions.get(f"page_{page}")
    if made is None and page == 1:
        made = papers[number - 1].renditions.get("full")
    if made is None:
        raise NotFound("file")
    return ServedFile(made.sha256, made.media_type, f"{code}-giay-to-{number}-{page}.jpg")


def _photo(number: int, photo: SnapshotPhoto, secrets: tuple[str, ...]) -> JudgePhoto:
    return JudgePhoto(number, masked(photo.caption, secrets), photo.width, photo.height)


def _paper(
    number: int, paper: SnapshotDocument, blind: bool, slots: Mapping[str, str], secrets: tuple[str, ...]
) -> JudgePaper:
    withheld = blind and paper.slot in WITHHELD_WHEN_BLIND
    days = [("issued_on", paper.issued_on), ("expires_on", paper.expires_on)]
    facts = [] if blind else [("number", paper.number)]
    facts += [("issuer", masked(paper.issuer, secrets))]
    facts += [(name, f"{day:%d/%m/%Y}") for name, day in days if day is not None]
    return JudgePaper(
        number=number,
        title=slots.get(paper.slot, paper.slot),
        facts=() if withheld else tuple((name, value) for name, value in facts if value),
        pages=0 if withheld else _picture_count(paper),
        withheld=withheld,
    )


def _picture_count(paper: SnapshotDocument) -> int:
    pages = sum(name.startswith("page_") for name in paper.renditions)
    return pages or int("full" in paper.renditions)


def _answers(
    content: SnapshotContent,
    form: DossierForm,
    secrets: tuple[str, ...],
    self_assessment: bool,
    evidence: tuple[tuple[str, tuple[Piece, ...]], ...],
) -> tuple[JudgeAnswers, ...]:
    found = []
    for section in form.sections:
        if section.key == SELF_ASSESSMENT and not self_assessment:
            continue
        items = tuple(
            (question.label_vi, masked(text, secrets))
            for question in form.in_section(section.key)
            if (text := format_answer_vi(question, content.answers.get(question.key)))
        )
        of_itself = section.key == SELF_ASSESSMENT
        proofs = evidence if of_itself else ()
        if items or proofs:
            found.append(JudgeAnswers(section.title_vi, section.criterion, items, of_itself, proofs))
    return tuple(found)


def _evidence(
    content: SnapshotContent, form: DossierForm, slots: Mapping[str, str], secrets: tuple[str, ...], blind: bool
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """What the facility names as proof: by number and kind, its own words masked as everywhere."""
    hidden = WITHHELD_WHEN_BLIND if blind else frozenset()
    return tuple(
        (label, tuple(replace(one, text=masked(one.text, secrets)) for one in found))
        for label, found in pieces(content, form, slots, hidden_slots=hidden)
    )
