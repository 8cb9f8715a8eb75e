"""The administrator's first page: what fails, what runs, and the way to everything else."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import gettext as _

from app.domain.vocabulary import JobState, MailState
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.queries import status
from app.web.admin import bp


@bp.get("/")
def home() -> str:
    """Figures that lead to lists."""
    session = db.session()
    jobs, mail, rows = status.job_states(session), status.mail_states(session), status.counts(session)
    failed_jobs, failed_mail = jobs.get(JobState.FAILED, 0), mail.get(MailState.FAILED, 0)
    return render_template(
        "admin/home.html",
        has_mail_server=bool(toolbox().settings.smtp_url) or toolbox().settings.mode == "demo",
        has_rounds=bool(rows["rounds"]),
        stats=[
            {"label": _("Người dùng"), "value": rows["users"], "href": url_for("admin.people")},
            {
                "label": _("Việc không thành"),
                "value": failed_jobs,
                "href": url_for("admin.jobs", state="failed"),
                "tone": "wrong" if failed_jobs else "done",
            },
            {
                "label": _("Việc đang chạy và chờ"),
                "value": jobs.get(JobState.RUNNING, 0) + jobs.get(JobState.WAITING, 0),
                "href": url_for("admin.jobs"),
            },
            {
                "label": _("Thư không gửi được"),
                "value": failed_mail,
                "href": url_for("admin.outbox", state="failed"),
                "tone": "wrong" if failed_mail else "done",
            },
        ],
    )
