"""Photos and papers of a dossier: added, ordered, described, removed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.papers import PaperFacts, check_paper
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import FileKind
from app.models.dossier import DossierDocument, DossierPhoto
from app.models.entry import Entry
from app.queries.handbook import paper_slot
from app.services import audit, files
from app.services.entry_access import open_for_editing
from uploads.intake import Received

PHOTOS_MAXIMUM = 20
DOCUMENTS_MAXIMUM = 40
CAPTION_MAXIMUM = 200


def add_photo(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    received: Received,
    filename: str,
    now: datetime,
    caption: str = "",
) -> DossierPhoto:
    """Put a photo, already stored by intake, at the end of the row.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``.
        Invalid: ``photos``: ``photo_twice`` for the same picture, ``too_many_photos`` (maximum).
    """
    entry = open_for_editing(session, actor, entry_id)
    photos = entry.dossier.photos
    if any(photo.sha256 == received.sha256 for photo in photos):
        raise Invalid.one("photos", "photo_twice")
    if len(photos) >= PHOTOS_MAXIMUM:
        raise Invalid.one("photos", "too_many_photos", maximum=PHOTOS_MAXIMUM)
    file = files.keep(session, received, kind=FileKind.PHOTO, now=now)
    photo = DossierPhoto(
        position=len(photos),
        sha256=file.sha256,
        file=file,
        caption=_caption(caption),
        filename=clean_line(filename)[:CAPTION_MAXIMUM],
        added_at=now,
    )
    photos.append(photo)
    session.flush()
    _record(session, actor, entry, "add_photo", now, photo=photo.id, sha256=photo.sha256)
    return photo


def move_photo(
    session: Session, actor: Actor, *, entry_id: int, photo_id: int, position: int, now: datetime
) -> tuple[int, ...]:
    """Put a photo at a place, 0 first; places beyond the ends are the ends. Returns the ids in order.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``; NotFound for no such photo.
    """
    entry = open_for_editing(session, actor, entry_id)
    photo = _photo(entry, photo_id)
    others = [item for item in _ordered(entry) if item is not photo]
    place = max(0, min(position, len(others)))
    _number([*others[:place], photo, *others[place:]])
    session.flush()
    _record(session, actor, entry, "move_photo", now, photo=photo_id, position=place)
    return tuple(item.id for item in _ordered(entry))


def caption_photo(
    session: Session, actor: Actor, *, entry_id: int, photo_id: int, caption: str, now: datetime
) -> DossierPhoto:
    """Say what a photo shows; it is its alternative text too.

    Raises:
        NotFound, Refused, Forbidden: see ``move_photo``.
        Invalid: ``caption``: ``too_long`` (maximum).
    """
    entry = open_for_editing(session, actor, entry_id)
    photo = _photo(entry, photo_id)
    before, photo.caption = photo.caption, _caption(caption)
    session.flush()
    if before != photo.caption:
        _record(session, actor, entry, "caption_photo", now, photo=photo_id, before=before, after=photo.caption)
    return photo


def remove_photo(session: Session, actor: Actor, *, entry_id: int, photo_id: int, now: datetime) -> None:
    """Take a photo out; its bytes stay as long as a snapshot names them.

    Raises:
        NotFound, Refused, Forbidden: see ``move_photo``.
    """
    entry = open_for_editing(session, actor, entry_id)
    photo = _photo(entry, photo_id)
    entry.dossier.photos.remove(photo)
    _number(_ordered(entry))
    session.flush()
    _record(session, actor, entry, "remove_photo", now, photo=photo_id, sha256=photo.sha256)


def add_document(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    slot: str,
    received: Received,
    filename: str,
    now: datetime,
    number: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> DossierDocument:
    """Put a paper, already stored by intake, in a slot. A slot for one paper replaces what it held.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``.
        Invalid: ``slot``: ``not_a_choice``, ``too_many_papers``; ``file``: ``paper_twice``; fields that
            the slot asks for, as ``domain.papers.check_paper``.
    """
    entry = open_for_editing(session, actor, entry_id)
    told = _told(slot, number, issuer, issued_on, expires_on, now)
    documents = entry.dossier.documents
    if any(paper.slot == slot and paper.sha256 == received.sha256 for paper in documents):
        raise Invalid.one("file", "paper_twice")
    if len(documents) >= DOCUMENTS_MAXIMUM:
        raise Invalid.one("slot", "too_many_papers", maximum=DOCUMENTS_MAXIMUM)
    kind = paper_slot(slot)
    if kind is not None and not kind.multiple:
        for paper in [paper for paper in documents if paper.slot == slot]:
            documents.remove(paper)
    file = files.keep(session, received, kind=FileKind.PAPER, now=now)
    paper = DossierDocument(
        slot=slot,
        sha256=file.sha256,
        file=file,
        filename=clean_line(filename)[:CAPTION_MAXIMUM],
        added_at=now,
        **told,
    )
    documents.append(paper)
    session.flush()
    _record(session, actor, entry, "add_document", now, paper=paper.id, slot=slot, sha256=paper.sha256, **told)
    return paper


def describe_document(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    document_id: int,
    now: datetime,
    number: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> DossierDocument:
    """Mend what was typed of a paper.

    Raises:
        NotFound, Refused, Forbidden, Invalid: as ``add_document``.
    """
    entry = open_for_editing(session, actor, entry_id)
    paper = _paper(entry, document_id)
    for name, value in _told(paper.slot, number, issuer, issued_on, expires_on, now).items():
        setattr(paper, name, value)
    session.flush()
    _record(session, actor, entry, "describe_document", now, paper=paper.id, number=paper.number)
    return paper


def remove_document(session: Session, actor: Actor, *, entry_id: int, document_id: int, now: datetime) -> None:
    """Take a paper out.

    Raises:
        NotFound, Refused, Forbidden: see ``open_for_editing``; NotFound for no such paper.
    """
    entry = open_for_editing(session, actor, entry_id)
    paper = _paper(entry, document_id)
    entry.dossier.documents.remove(paper)
    session.flush()
    _record(session, actor, entry, "remove_document", now, paper=document_id, slot=paper.slot, sha256=paper.sha256)


# --- helpers --------------------------------------------------------------------------------------


def _ordered(entry: Entry) -> list[DossierPhoto]:
    return sorted(entry.dossier.photos, key=lambda photo: (photo.position, photo.id))


def _number(photos: list[DossierPhoto]) -> None:
    for position, photo in enumerate(photos):
        photo.position = position


def _photo(entry: Entry, photo_id: int) -> DossierPhoto:
    for photo in entry.dossier.photos:
        if photo.id == photo_id:
            return photo
    raise NotFound("photo")


def _paper(entry: Entry, document_id: int) -> DossierDocument:
    for paper in entry.dossier.documents:
        if paper.id == document_id:
            return paper
    raise NotFound("document")


def _caption(text: str) -> str:
    text = clean_line(text)
    if len(text) > CAPTION_MAXIMUM:
        raise Invalid.one("caption", "too_long", maximum=CAPTION_MAXIMUM)
    return text


def _told(
    slot: str, number: str, issuer: str, issued_on: date | None, expires_on: date | None, now: datetime
) -> dict[str, Any]:
    """What was typed of a paper, clean and checked against its slot."""
    kind = paper_slot(slot)
    if kind is None:
        raise Invalid.one("slot", "not_a_choice")
    facts = PaperFacts(clean_line(number), clean_line(issuer), issued_on, expires_on)
    faults = list(check_paper(kind, facts, local_date(now)))
    faults += [
        FieldFault(name, "too_long", {"maximum": CAPTION_MAXIMUM})
        for name, text in (("number", facts.number), ("issuer", facts.issuer))
        if len(text) > CAPTION_MAXIMUM
    ]
    if faults:
        raise Invalid(faults)
    return {
        "number": facts.number,
        "issuer": facts.issuer,
        "issued_on": facts.issued_on,
        "expires_on": facts.expires_on,
    }


def _record(session: Session, actor: Actor, entry: Entry, verb: str, now: datetime, **details: Any) -> None:
    audit.record(
        session,
        actor,
        action=f"dossier:{verb}",
        subject=f"dossier:{entry.dossier_id}",
        now=now,
        round_id=entry.round_id,
        details=details,
    )
