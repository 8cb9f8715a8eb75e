"""Papers of a dossier in their slots, and the files behind an entry."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.domain.deadlines import local_date
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.papers import PaperFacts, PaperSlot, slots_at, verdict
from app.domain.submission import BARRING_MARKS
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.dossier import DossierDocument
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import registration
from app.web.facility import bp
from app.web.facility.forms import PaperForm
from app.web.facility.own import badge_of, own_entry
from app.web.facility.progress import progress_of, step_context
from app.web.facility.sendable import sendable_files
from app.web.facility.uploading import name_in_pieces, paper_in_pieces
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.labels import paper_slots
from app.web.shared.receiving import chosen, receive_stream, receive_upload
from app.web.shared.words import sentence
from uploads.errors import UploadError
from uploads.intake import Received
from uploads.policy import FULL_EDGE_PX, PAPER


@bp.get("/ho-so/<int:entry_id>/giay-to")
def papers(entry_id: int) -> str:
    """The slots with their papers."""
    return _page(own_entry(entry_id))


def _page(row: Entry, slot: str = "", form: PaperForm | None = None) -> str:
    return render_template(
        "facility/papers.html",
        row=row,
        slots=[_slot(row, item, form if item.key == slot else None) for item in slots_at(paper_slots(), row.round.level)],
        max_bytes=PAPER.max_bytes,
        scale_px=FULL_EDGE_PX,
        editable=reads.is_editable(row),
        **step_context(row, "papers", progress_of(row, now()), now()),
    )


def _slot(row: Entry, slot: PaperSlot, form: PaperForm | None) -> dict[str, Any]:
    papers = [_paper(row, slot, paper) for paper in row.dossier.documents if paper.slot == slot.key]
    # Each slot has a form of its own on the page, so the ids of its fields carry the slot's name.
    fields = form or PaperForm(formdata=None)
    for name in ("file", "upload_id", "upload_sha256", *slot.fields):
        fields[name].id = f"{slot.key}-{name}"
    is_needed = slot.required and slot.mark in BARRING_MARKS and not papers
    return {
        "slot": slot,
        "papers": papers,
        "form": fields,
        "held": name_in_pieces(row.id, form.upload_id.data) if form and form.upload_id.data else "",
        "is_needed": is_needed,
        "is_open": form is not None or is_needed,
        "takes_more": slot.multiple or not papers,
    }


def _paper(row: Entry, slot: PaperSlot, paper: DossierDocument) -> dict[str, Any]:
    facts = PaperFacts(paper.number, paper.issuer, paper.issued_on, paper.expires_on)
    preview = paper.file.renditions.get("list")
    return {
        "paper": paper,
        "verdict": badge_of(verdict(slot, facts, local_date(now()))),
        "href": url_for("facility.file", entry_id=row.id, sha256=paper.sha256),
        "thumb": url_for("facility.file", entry_id=row.id, sha256=preview["sha256"]) if preview else None,
    }


@bp.post("/ho-so/<int:entry_id>/giay-to/<slot>")
def add_paper(entry_id: int, slot: str) -> ResponseReturnValue:
    """Take a paper in; a fault stands beside its field and nothing was stored."""
    row = own_entry(entry_id)
    if not reads.is_editable(row):
        raise Refused("not_editable")
    if slot not in {item.key for item in paper_slots()}:
        raise NotFound("slot")
    form = PaperForm()
    sent = chosen("file")
    if form.validate() and (sent or form.upload_id.data):
        try:
            _take(entry_id, slot, form, sent)
        except UploadError as refusal:
            form.file.errors = [refusal.sentence]
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Đã thêm giấy tờ."), "done")
            return redirect(url_for("facility.papers", entry_id=entry_id) + f"#{slot}", 303)
    elif not sent and not form.upload_id.data:
        form.file.errors = [sentence("file_missing")]
    return _page(own_entry(entry_id), slot, form), 422


def _take(entry_id: int, slot: str, form: PaperForm, sent: list[FileStorage]) -> None:
    """The file of the form itself, or what came before it in pieces.

    Raises:
        UploadError, Invalid: see ``receive_upload`` and ``add_document``.
    """
    if sent:
        _keep(entry_id, slot, form, receive_upload(sent[0], PAPER), sent[0].filename or "")
        return
    with paper_in_pieces(entry_id, form.upload_id.data or "", form.upload_sha256.data or "") as lent:
        if lent is not None:
            stream, name = lent
            _keep(entry_id, slot, form, receive_stream(stream, name, PAPER), name)


def _keep(entry_id: int, slot: str, form: PaperForm, received: Received, filename: str) -> None:
    with unit_of_work() as session:
        registration.add_document(
            session,
            actor(),
            entry_id=entry_id,
            slot=slot,
            received=received,
            filename=filename,
            now=now(),
            **form.told(),  # type: ignore[arg-type]
        )


@bp.post("/ho-so/<int:entry_id>/giay-to/<int:document_id>/bo")
def remove_paper(entry_id: int, document_id: int) -> ResponseReturnValue:
    """Take a paper out."""
    own_entry(entry_id)
    with unit_of_work() as session:
        registration.remove_document(session, actor(), entry_id=entry_id, document_id=document_id, now=now())
    flash(_("Đã bỏ giấy tờ."), "done")
    return redirect(url_for("facility.papers", entry_id=entry_id), 303)


@bp.get("/ho-so/<int:entry_id>/tep/<sha256>")
def file(entry_id: int, sha256: str) -> ResponseReturnValue:
    """A file of the entry's dossier or of one of its snapshots, or nothing (404)."""
    row = own_entry(entry_id)
    known = sendable_files(row, reads.snapshots(db.session(), entry_id))
    if sha256 not in known:
        raise NotFound("file")
    media_type, filename = known[sha256]
    return send_stored(sha256, media_type=media_type, filename=filename)
