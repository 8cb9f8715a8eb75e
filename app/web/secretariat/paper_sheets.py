"""Paper sheets of a round: scans come in, batches with their progress, what waits, and which sheets are still out."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from app.domain.errors import NotFound
from app.domain.phases import Verb
from app.domain.policies import can, require
from app.domain.vocabulary import JobState, PaperState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.record import Job
from app.queries import paper as reads
from app.queries import scans
from app.queries.paper_coverage import coverage
from app.queries.scans import BatchRow
from app.services import paper_scans
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.form_base import BaseForm
from app.web.shared.receiving import chosen, receive_upload
from app.web.shared.third_look import lists_of, paper_badge
from app.web.shared.words import sentence
from uploads.errors import BlobMissing, UploadError
from uploads.policy import SCAN

SHOWN = 60


class ScanForm(BaseForm):
    """Scans: one PDF of many sheets, or pictures of one sheet each."""

    files = MultipleFileField(_l("Bản quét phiếu"))


@bp.get("/dot/<int:round_id>/phieu-giay")
def paper_sheets(round_id: int) -> str:
    """Where paper stands: what came in, what waits for whom, what is to be keyed."""
    return _page(round_id, ScanForm())


@bp.post("/dot/<int:round_id>/phieu-giay")
def send_scans(round_id: int) -> ResponseReturnValue:
    """Take scans in; each file is a batch that is read in the background."""
    row, form = own_round(round_id), ScanForm()
    require(actor(), Verb.KEY_PAPER, row)
    sent = chosen("files")
    if not sent:
        form.files.errors = [sentence("file_missing")]
        return _page(round_id, form), 422
    kept = []
    for upload in sent:
        try:
            received = receive_upload(upload, SCAN)
        except UploadError as refusal:
            form.files.errors = [*form.files.errors, f"{upload.filename}: {refusal.sentence}"]
            continue
        with unit_of_work() as session:
            name = upload.filename or received.safe_filename
            batch = paper_scans.take_in(session, actor(), round_id=round_id, received=received, filename=name, now=now())
            kept.append(batch.id)
    if form.files.errors:
        return _page(round_id, form), 422
    flash(_("Đã nhận %(n)s tệp quét. Các trang đang được đọc.", n=len(kept)), "success")
    if len(kept) == 1:
        return redirect(url_for("secretariat.scan_batch", batch_id=kept[0]), 303)
    return redirect(url_for("secretariat.paper_sheets", round_id=round_id), 303)


@bp.get("/lo-quet/<int:batch_id>")
def scan_batch(batch_id: int) -> str:
    """One batch: how far it is read, and every page with what it turned out to be."""
    batch = _own_batch(batch_id)
    job = _job(batch)
    return render_template(
        "secretariat/scan_batch.html",
        batch=batch,
        pages=scans.pages_of_batch(db.session(), batch_id),
        progress=_progress(batch, job) if batch.read < batch.pages else None,
        failed=job is not None and job.state in (JobState.FAILED, JobState.CANCELLED) and batch.read < batch.pages,
        badge_of=paper_badge,
        **round_context(own_round(batch.round_id), "progress"),
    )


@bp.get("/lo-quet/<int:batch_id>/tien-do.json")
def scan_progress(batch_id: int) -> ResponseReturnValue:
    """How far the reading is, for the page's script."""
    batch = _own_batch(batch_id)
    return jsonify(_progress(batch, _job(batch)))


@bp.post("/lo-quet/<int:batch_id>/doc-lai")
def read_scan_again(batch_id: int) -> ResponseReturnValue:
    """Begin the reading again after it was given up."""
    _own_batch(batch_id)
    with unit_of_work() as session:
        paper_scans.read_again(session, actor(), batch_id=batch_id, now=now())
    return redirect(url_for("secretariat.scan_batch", batch_id=batch_id), 303)


@bp.get("/lo-quet/<int:batch_id>/tep")
def scan_file(batch_id: int) -> ResponseReturnValue:
    """The file of a batch as it is kept."""
    batch = _own_batch(batch_id)
    media_type = scans.media_type_of_batch(db.session(), batch_id)
    try:
        return send_stored(batch.sha256, media_type=media_type, filename=batch.filename)
    except BlobMissing as error:
        raise NotFound("file") from error


@bp.get("/dot/<int:round_id>/phieu-giay/con-thieu")
def paper_coverage(round_id: int) -> str:
    """Entries x judges: which sheets are still out."""
    row = own_round(round_id)
    return render_template(
        "secretariat/paper_coverage.html",
        stages=coverage(db.session(), round_id),
        incomplete=len(reads.incomplete(db.session(), round_id)),
        badge_of=paper_badge,
        state_badges={state.value: paper_badge(state) for state in PaperState},
        **round_context(row, "progress"),
    )


def _own_batch(batch_id: int) -> BatchRow:
    batch = scans.batch(db.session(), batch_id)
    require_own(batch.round_id)
    return batch


def _job(batch: BatchRow) -> Job | None:
    return db.session().get(Job, batch.job_id, populate_existing=True) if batch.job_id else None


def _progress(batch: BatchRow, job: Job | None) -> dict[str, Any]:
    """The batch as the script of the progress bar reads it."""
    over = job is not None and job.state in (JobState.FAILED, JobState.CANCELLED)
    state = "done" if batch.read >= batch.pages else "failed" if over else "running"
    here = url_for("secretariat.scan_batch", batch_id=batch.id)
    return {
        "done": batch.read,
        "total": batch.pages,
        "message": _("Đang đọc các trang"),
        "left": None,
        "state": state,
        "next": here if state != "running" else None,
    }


def _page(round_id: int, form: ScanForm) -> str:
    row = own_round(round_id)  # read anew: a transaction before has let go of what was loaded
    session, waiting = db.session(), scans.waiting_pages(db.session(), round_id)
    counts = reads.counts(session, round_id)
    return render_template(
        "secretariat/paper_sheets.html",
        form=form,
        may=can(actor(), Verb.KEY_PAPER, row),
        max_bytes=SCAN.max_bytes,
        max_pages=SCAN.max_pages,
        batches=scans.batches(session, round_id),
        incomplete=reads.incomplete(session, round_id),
        waiting=waiting[:SHOWN],
        waiting_count=len(waiting),
        mine=reads.left_to_key(session, actor(), round_id),
        counts=counts,
        to_key=counts.get(PaperState.WAITING, 0) + counts.get(PaperState.ONCE, 0),
        entered=counts.get(PaperState.ENTERED, 0),
        out=sum(stage.out for stage in coverage(session, round_id)),
        badge_of=paper_badge,
        **lists_of(round_id),
        **round_context(row, "progress"),
    )
