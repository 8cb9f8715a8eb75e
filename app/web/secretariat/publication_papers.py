"""The papers of a round from one place, for its secretariat."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from app.web.secretariat import bp
from app.web.secretariat.council import council_tabs
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.paper_desk import paper_rows, produce
from app.web.shared.round_print_desk import SECRETARIAT


@bp.get("/dot/<int:round_id>/van-ban")
def papers(round_id: int) -> str:
    """Every paper: ready or not, and the digest of the last file that was produced."""
    row = own_round(round_id)
    return render_template(
        "secretariat/papers.html",
        rows=paper_rows(round_id, "secretariat.paper"),
        council_tabs=council_tabs(round_id, "papers"),
        **round_context(row, "council"),
    )


@bp.post("/dot/<int:round_id>/van-ban/<form>.<any(pdf, docx):kind>")
def paper(round_id: int, form: str, kind: str) -> Response:
    """Produce a paper and leave its digest in the audit chain."""
    require_own(round_id)
    return produce(SECRETARIAT, round_id, form, kind)
