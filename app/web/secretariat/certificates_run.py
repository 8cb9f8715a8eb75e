"""Issuing a round's certificates: the form, the background run with its progress, cancelling."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain import policies
from app.domain.deadlines import local_date
from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.record import Job
from app.models.round import Round
from app.queries import designs as design_reads
from app.queries import issuing
from app.queries.issuing import IssueState
from app.services import certificates as services
from app.services import jobs, series
from app.services.designs import DESIGN_OF_LEVEL
from app.web.secretariat import bp
from app.web.secretariat.certificates_forms import IssueForm
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor

OVER = (JobState.FAILED, JobState.CANCELLED)


@bp.post("/dot/<int:round_id>/giay-chung-nhan/cap")
def issue_certificates(round_id: int) -> ResponseReturnValue:
    """Ask for all certificates that are missing; the work goes on in the background."""
    row = own_round(round_id)
    policies.require(actor(), Verb.ISSUE, row)
    form = issue_form(row)
    if not form.validate_on_submit():
        return _again(row, form)
    try:
        with unit_of_work() as session:
            services.request_issue(
                session,
                actor(),
                round_id=round_id,
                issued_on=form.issued_on.data,
                design=form.design.data,
                english=form.english.data,
                pattern=form.pattern.data,
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return _again(own_round(round_id), form)
    return redirect(url_for("secretariat.certificates", round_id=round_id), 303)


@bp.get("/dot/<int:round_id>/giay-chung-nhan/tien-do/<int:job_id>")
def issue_progress(round_id: int, job_id: int) -> ResponseReturnValue:
    """How far the run is, for the page's script."""
    require_own(round_id)
    return jsonify(progress_of(_own_job(round_id, job_id), now()))


@bp.post("/dot/<int:round_id>/giay-chung-nhan/huy/<int:job_id>")
def cancel_issue(round_id: int, job_id: int) -> ResponseReturnValue:
    """Stop the run; what was issued stays issued."""
    row = own_round(round_id)
    policies.require(actor(), Verb.ISSUE, row)
    _own_job(round_id, job_id)
    with unit_of_work() as session:
        stopped = jobs.cancel(session, job_id, now=now())
    if stopped:
        flash(_("Đã dừng. Giấy đã cấp vẫn giữ số; bấm cấp lần nữa để làm tiếp phần còn lại."), "info")
    return redirect(url_for("secretariat.certificates", round_id=round_id), 303)


def run_context(row: Round, state: IssueState, form: IssueForm | None = None) -> dict[str, Any]:
    """What the panel on top of the list needs: figures, the form or the running job, problems found."""
    job = state.job
    can_issue = policies.can(actor(), Verb.ISSUE, row) and state.waiting > 0 and not state.busy
    return {
        "issue": state,
        "issue_form": form or (issue_form(row) if can_issue else None),
        "problems": job.result.get("problems", []) if job and job.state is JobState.DONE and state.waiting else [],
        "job_failed": job is not None and job.state is JobState.FAILED,
        "progress": progress_of(job, now()) if job and state.busy else None,
        "progress_url": url_for("secretariat.issue_progress", round_id=row.id, job_id=job.id) if job else "",
    }


def progress_of(job: Job, at: datetime) -> dict[str, Any]:
    """A job as the script of the progress bar reads it; ``left`` in seconds, once it can be told."""
    total = job.total or 0
    left = None
    if job.state is JobState.RUNNING and job.started_at and job.done:
        left = (at - job.started_at).total_seconds() / job.done * (total - job.done)
    state = "failed" if job.state in OVER else job.state.value
    here = url_for("secretariat.certificates", round_id=job.round_id)
    percent = 100 * job.done // total if total else 0
    return {
        "done": job.done,
        "total": total,
        "percent": percent,
        "message": _("%(percent)s%% đã xong", percent=percent),
        "left": left,
        "state": state,
        "next": here if state in ("done", "failed") else None,
    }


def issue_form(row: Round) -> IssueForm:
    """The form with the level's own design, today, and the pattern that the series has or would have."""
    form = IssueForm()
    form.design.choices = [(line.name, line.label) for line in design_reads.available(db.session())]
    if not form.is_submitted():
        today = local_date(now())
        ordered = issuing.latest_order_day(db.session(), row.id)
        form.issued_on.data = max(today, ordered) if ordered else today
        form.design.data = DESIGN_OF_LEVEL[row.level]
        form.pattern.data = series.plan_for(db.session(), row, year=today.year).pattern
    return form


def _own_job(round_id: int, job_id: int) -> Job:
    job = db.session().get(Job, job_id, populate_existing=True)
    if job is None or job.round_id != round_id or job.kind != services.KIND:
        raise NotFound("job")
    return job


def _again(row: Round, form: IssueForm) -> ResponseReturnValue:
    state = issuing.issue_state(db.session(), row.id, services.KIND)
    page = render_template(
        "secretariat/certificates.html",
        lines=[],
        total=0,
        page=1,
        pages=1,
        first=0,
        last=0,
        filters=[],
        narrowed=False,
        **run_context(row, state, form),
        **round_context(row, "certificates"),
    )
    return page, 422
