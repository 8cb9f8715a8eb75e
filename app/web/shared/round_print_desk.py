"""Papers of a round that a job makes: asked for, how far they are, their file; for each audience that may have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.record import Job
from app.models.round import Round
from app.services import round_prints
from app.services.ceremony_papers import FILES
from app.services.round_prints import CEREMONY, PAPER, SHEETS, Wanted
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.words import sentence
from certificates.paperwork.registry import FORMS

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class RoundPrintDesk:
    """One audience's endpoints, of ``round_id`` and ``job_id``, and the page that each group of papers belongs to."""

    page: str
    progress: str
    file: str
    homes: dict[str, tuple[str, str]]

    def ask(self, round_id: int, wanted: Wanted) -> Response:
        """Put the paper in the queue, unless it is there, and show how far it is."""
        with unit_of_work() as session:
            job_id = round_prints.request(session, actor(), round_id=round_id, wanted=wanted, now=now()).id
        return redirect(self._page(round_id, job_id), 303)

    def ask_again(self, round_id: int, job_id: int) -> Response:
        """Make the paper of a job anew, from the facts as they are now."""
        return self.ask(round_id, round_prints.wanted_of(self._job(round_id, job_id)))

    def show(self, round_id: int, job_id: int) -> str:
        """The page: the file, how far it is, or the button that asks again; a file that was waited for comes by itself."""
        job = self._job(round_id, job_id)
        wanted = round_prints.wanted_of(job)
        endpoint, home = self.homes[wanted.group]
        made = "sha256" in job.result
        return render_template(
            "shared/round_print.html",
            job_row=job,
            title=_title(wanted),
            round_name=db.session().get_one(Round, round_id).name,
            made=made,
            under_way=job.state in round_prints.UNDER_WAY,
            refused=sentence(job.result["refused"]) if "refused" in job.result else "",
            failed=job.state in (JobState.FAILED, JobState.CANCELLED),
            kept_days=round_prints.KEPT.days,
            progress=_progress(job),
            starts=made and "tai" in request.args,
            again_href=url_for(self.page, round_id=round_id, job_id=job_id),
            progress_href=url_for(self.progress, round_id=round_id, job_id=job_id),
            file_href=url_for(self.file, round_id=round_id, job_id=job_id),
            home_href=url_for(endpoint, round_id=round_id),
            home=_(home),
        )

    def tell(self, round_id: int, job_id: int) -> ResponseReturnValue:
        """How far it is, for the page's script."""
        job = self._job(round_id, job_id)
        over = job.state not in round_prints.UNDER_WAY
        answer = jsonify(
            **_progress(job),
            state="done" if job.state is JobState.DONE else "failed" if over else "running",
            message="",
            left=None,
            next=self._page(round_id, job_id) if over else None,
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def send(self, round_id: int, job_id: int) -> ResponseReturnValue:
        """The file; where there is none, the page that says why."""
        job = self._job(round_id, job_id)
        if "sha256" not in job.result:
            flash(_("Văn bản chưa có tệp."), "info")
            return redirect(url_for(self.page, round_id=round_id, job_id=job_id), 303)
        media_type = TYPES[job.payload["kind"]]
        answer = send_stored(job.result["sha256"], media_type=media_type, filename=job.result["filename"])
        answer.headers["X-Content-SHA256"] = job.result["sha256"]
        return answer

    def _page(self, round_id: int, job_id: int) -> str:
        return url_for(self.page, round_id=round_id, job_id=job_id, tai=1)

    def _job(self, round_id: int, job_id: int) -> Job:
        return round_prints.find(db.session(), actor(), round_id=round_id, job_id=job_id)


def _title(wanted: Wanted) -> str:
    if wanted.group == PAPER:
        return str(_(FORMS[wanted.name].title))
    if wanted.group == SHEETS:
        return str(_("Phiếu chấm giấy"))
    return str(_(FILES[wanted.name].title))


def _progress(job: Job) -> dict[str, Any]:
    return {"done": job.done, "total": job.total or 3}


SECRETARIAT = RoundPrintDesk(
    page="secretariat.printed_paper",
    progress="secretariat.printed_paper_progress",
    file="secretariat.printed_paper_file",
    homes={
        PAPER: ("secretariat.papers", "Văn bản"),
        CEREMONY: ("secretariat.ceremony", "Lễ trao"),
        SHEETS: ("secretariat.progress", "Tiến độ chấm"),
    },
)
COUNCIL = RoundPrintDesk(
    page="council.printed_paper",
    progress="council.printed_paper_progress",
    file="council.printed_paper_file",
    homes={PAPER: ("council.papers", "Văn bản")},
)
