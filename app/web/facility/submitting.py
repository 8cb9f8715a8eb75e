"""Check your answers, declare, submit; answer a supplement request."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.conditions import conditions_asked
from app.domain.deadlines import local_date
from app.domain.eligibility import Finding
from app.domain.errors import FieldFault, Invalid, Refused
from app.domain.evidence import SECTION
from app.domain.vocabulary import EntryState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.entry import Entry
from app.queries import lower_certificates
from app.queries import registration as reads
from app.queries.facilities import findings_of
from app.services import registration
from app.web.facility import bp
from app.web.facility.entries import entry_page
from app.web.facility.evidence import evidence_lines
from app.web.facility.forms import NoteForm
from app.web.facility.own import own_entry
from app.web.facility.photos import photo_lines
from app.web.facility.places import line_of
from app.web.facility.progress import fault_lines, progress_of, step_context, step_of
from app.web.facility.story_words import CONDITIONS, answer_lines
from app.web.shared.actor import actor
from app.web.shared.words import sentence


@bp.get("/ho-so/<int:entry_id>/xem-lai")
def review(entry_id: int) -> str:
    """The whole dossier to read once more, what is missing, and the declarations."""
    return _page(own_entry(entry_id))


def _page(row: Entry, faults: tuple[FieldFault, ...] = (), refused: str = "") -> str:
    progress = progress_of(row, now())
    window = reads.window_of(row.round, row.extended_until)
    here = {fault.field: sentence(fault.code, fault.params) for fault in faults if _is_here(fault)}
    return render_template(
        "facility/review.html",
        row=row,
        sections=_sections(row),
        photos=photo_lines(row),
        missing=fault_lines(row, [fault for fault in progress.faults if step_of(fault) != "review"]),
        advice=fault_lines(row, progress.advice),
        conditions=[(key, CONDITIONS[key]) for key in conditions_asked(row.product.form)],
        here=here,
        refused=refused,
        bars=[line_of(item) for item in _findings(row) if not item.ok],
        due_at=window.due_at,
        is_draft=row.state is EntryState.DRAFT,
        editable=reads.is_editable(row),
        **step_context(row, "review", progress, now()),
    )


def _findings(row: Entry) -> list[Finding]:
    """What the rules of today say of the facility, and of the certificate of the level below."""
    today = local_date(now())
    below = lower_certificates.finding(db.session(), row, today)
    return [*findings_of(row.facility, today), *([below] if below else [])]


def _sections(row: Entry) -> list[dict[str, Any]]:
    """The answers section by section, the evidence behind those of the self-assessment."""
    found = answer_lines(row)
    for item in found:
        if item["section"].key == SECTION:
            item["lines"] += evidence_lines(row)
    return found


def _is_here(fault: FieldFault) -> bool:
    return fault.field in ("conditions", "declared_true", "facility")


@bp.post("/ho-so/<int:entry_id>/nop")
def submit(entry_id: int) -> ResponseReturnValue:
    """Keep the declared conditions, then hand the dossier in."""
    row = own_entry(entry_id)
    declared = {key: key in request.form for key in conditions_asked(row.product.form)}
    try:
        with unit_of_work() as session:
            registration.declare_conditions(session, actor(), entry_id=entry_id, conditions=declared, now=now())
        with unit_of_work() as session:
            row = registration.submit(
                session, actor(), entry_id=entry_id, declared_true="declared_true" in request.form, now=now()
            )
    except Invalid as refusal:
        return _page(own_entry(entry_id), faults=refusal.faults), 422
    except Refused as refusal:
        return _page(own_entry(entry_id), refused=sentence(refusal.code, refusal.params)), 409
    flash(_("Đã nộp hồ sơ. Mã số bình chọn: %(code)s.", code=row.code), "done")
    return redirect(url_for("facility.entry", entry_id=entry_id), 303)


@bp.post("/ho-so/<int:entry_id>/bo-sung")
def answer_supplement(entry_id: int) -> ResponseReturnValue:
    """Send the mended dossier back."""
    own_entry(entry_id)
    form = NoteForm()
    try:
        with unit_of_work() as session:
            registration.answer_supplement(session, actor(), entry_id=entry_id, note=form.note.data or "", now=now())
    except Invalid as refusal:
        form.take(refusal)
        return entry_page(own_entry(entry_id), form), 422
    except Refused as refusal:
        form.note.errors = [sentence(refusal.code, refusal.params)]
        return entry_page(own_entry(entry_id), form), 409
    flash(_("Đã gửi bổ sung."), "done")
    return redirect(url_for("facility.entry", entry_id=entry_id), 303)
