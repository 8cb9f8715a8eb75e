"""Background work: what waits, runs, failed; cancel it or run it again."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app.domain.errors import NotFound
from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.record import Job
from app.queries import status
from app.services import upkeep
from app.web.admin import bp
from app.web.admin.lists import badge_of, state_tabs
from app.web.shared.actor import actor
from app.web.shared.exporting import MOST, export_kind
from app.web.shared.sheets import Cell, send_table
from app.web.shared.words import label

KINDS = {
    "issue_certificates": "Cấp giấy chứng nhận",
    "send_mail": "Gửi thư",
    "print_dossier": "Lập bản in hồ sơ",
    "expire_uploads": "Dọn tệp gửi dở",
    "check_files": "Kiểm tra kho tệp",
}
RUNNING = (JobState.WAITING, JobState.RUNNING)


@bp.get("/viec-nen")
def jobs() -> ResponseReturnValue:
    """Jobs, newest first, fifty a page; those that run show their progress."""
    session = db.session()
    typed, page = request.args.get("state", ""), max(1, request.args.get("page", 1, type=int))
    state = JobState(typed) if typed in list(JobState) else None
    if kind := export_kind():
        every, _total = status.jobs(session, state=state, size=MOST)
        head = [_("Số"), _("Việc"), _("Người giao"), _("Đợt"), _("Trạng thái"), _("Giao lúc"), _("Bắt đầu lúc")]
        head += [_("Xong lúc"), _("Số lần thử"), _("Đã làm"), _("Tổng"), _("Lỗi")]
        return send_table(kind, _("Việc chạy nền"), head, [_table_row(line) for line in every])
    lines, total = status.jobs(session, state=state, page=page)
    return render_template(
        "admin/jobs.html",
        lines=[_line(line) for line in lines],
        page=page,
        pages=-(-total // status.PAGE),
        total=total,
        tabs=state_tabs("admin.jobs", JobState, state, status.job_states(session)),
    )


@bp.get("/viec-nen/<int:job_id>.json")
def job_progress(job_id: int) -> Response:
    """How far a job is, for the page's script."""
    row = db.session().get(Job, job_id)
    if row is None:
        raise NotFound("job")
    ended = row.state not in RUNNING
    answer = jsonify(
        done=row.done,
        total=row.total or max(row.done, 1),
        state="failed" if row.state is JobState.CANCELLED else row.state.value,
        message=badge_of(row.state)["word"],
        left=_seconds_left(row),
        next=url_for("admin.jobs") if ended else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/viec-nen/<int:job_id>/huy")
def cancel_job(job_id: int) -> Answer:
    """Stop a job."""
    with unit_of_work() as session:
        upkeep.cancel_job(session, actor(), job_id=job_id, now=now())
    flash(_("Đã hủy việc."), "done")
    return redirect(url_for("admin.jobs"), 303)


@bp.post("/viec-nen/<int:job_id>/chay-lai")
def retry_job(job_id: int) -> Answer:
    """Put a job back in the queue."""
    with unit_of_work() as session:
        upkeep.retry_job(session, actor(), job_id=job_id, now=now())
    flash(_("Việc đã được xếp hàng để chạy lại."), "done")
    return redirect(url_for("admin.jobs"), 303)


def _line(line: status.JobLine) -> dict[str, Any]:
    return {
        "row": line.job,
        "title": _(KINDS.get(line.job.kind, line.job.kind)),
        "owner": line.owner or _("Hệ thống"),
        "round": line.round_name,
        "state": badge_of(line.job.state),
        "is_live": line.job.state in RUNNING,
        "can_retry": line.job.state in upkeep.ENDED,
    }


def _table_row(line: status.JobLine) -> list[Cell]:
    job, owner = line.job, line.owner or _("Hệ thống")
    about: list[Cell] = [job.id, _(KINDS.get(job.kind, job.kind)), owner, line.round_name, label(job.state)]
    return [*about, job.created_at, job.started_at, job.finished_at, job.attempts, job.done, job.total, job.error]


def _seconds_left(row: Job) -> int | None:
    """From the pace so far; None before there is a pace."""
    if row.state is not JobState.RUNNING or not (row.started_at and row.done and row.total):
        return None
    spent = (now() - row.started_at).total_seconds()
    return round(spent * (row.total - row.done) / row.done)
