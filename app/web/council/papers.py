"""The council's papers: what its members may read."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.round import Round
from app.web.council import bp
from app.web.shared.actor import actor
from app.web.shared.paper_desk import paper_rows, produce


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
    return produce(round_id, form, kind)


def _require_seat(round_id: int) -> None:
    if round_id not in actor().council_seats:
        raise NotFound("round")
