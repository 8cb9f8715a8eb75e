"""The council's papers: what its members may read."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.round import Round
from app.web.council import bp
from app.web.shared.actor import actor
from app.web.shared.paper_desk import paper_rows, produce
from app.web.shared.round_print_desk import COUNCIL


@bp.get("/dot/<int:round_id>/van-ban")
def papers(round_id: int) -> str:
    """The papers that a member may have."""
    _require_seat(round_id)
    row = db.session().get_one(Round, round_id)
    return render_template("council/papers.html", round_=row, rows=paper_rows(round_id, "council.paper"))


@bp.post("/dot/<int:round_id>/van-ban/<form>.<any(pdf, docx):kind>")
def paper(round_id: int, form: str, kind: str) -> Response:
    """Produce a paper."""
    _require_seat(round_id)
    return produce(COUNCIL, round_id, form, kind)


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>")
def printed_paper(round_id: int, job_id: int) -> str:
    """How far a paper is that a job makes, or its file."""
    _require_seat(round_id)
    return COUNCIL.show(round_id, job_id)


@bp.post("/dot/<int:round_id>/van-ban/lap/<int:job_id>")
def print_paper_again(round_id: int, job_id: int) -> Response:
    """Make it anew."""
    _require_seat(round_id)
    return COUNCIL.ask_again(round_id, job_id)


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>.json")
def printed_paper_progress(round_id: int, job_id: int) -> ResponseReturnValue:
    """How far it is, for the page's script."""
    _require_seat(round_id)
    return COUNCIL.tell(round_id, job_id)


@bp.get("/dot/<int:round_id>/van-ban/lap/<int:job_id>/tep")
def printed_paper_file(round_id: int, job_id: int) -> ResponseReturnValue:
    """The file."""
    _require_seat(round_id)
    return COUNCIL.send(round_id, job_id)


def _require_seat(round_id: int) -> None:
    if round_id not in actor().council_seats:
        raise NotFound("round")
