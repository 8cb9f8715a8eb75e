"""Paper sheets for the panel's chair: where two readings differ, the third look may be theirs."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.vocabulary import PanelRole
from app.infra.database import db
from app.models.round import Round
from app.queries import paper as reads
from app.queries import scans
from app.queries.paper import PaperRow
from app.web.judge import bp
from app.web.judge.desk import chaired_round, my_seat
from app.web.shared.third_look import lists_of, send_picture, take_decision, third_context
from uploads.errors import BlobMissing


@bp.get("/dot/<int:round_id>/phieu-giay")
def paper_differences(round_id: int) -> str:
    """The sheets whose readings differ, and those that are held up."""
    row = _chaired(round_id)
    return render_template("judge/paper.html", round_=row, **lists_of(round_id))


@bp.get("/phieu-giay/<int:paper_id>")
def third_look(paper_id: int) -> str:
    """Both readings beside the picture, and the decision."""
    return _third(_own(paper_id))


@bp.post("/phieu-giay/<int:paper_id>")
def decide_paper(paper_id: int) -> ResponseReturnValue:
    """Decide what stands on the paper."""
    paper = _own(paper_id)
    errors = take_decision(paper)
    if errors:
        return _third(_own(paper_id), errors), 422
    flash(_("Đã ghi quyết định."), "success")
    return redirect(url_for("judge.paper_differences", round_id=paper.round_id), 303)


@bp.get("/trang-quet/<int:scan_id>/anh")
def scan_picture(scan_id: int) -> ResponseReturnValue:
    """The picture of a page whose sheet waits for a third look; no other judge sees it, and no other page."""
    page = scans.page(db.session(), scan_id)
    _chaired(page.round_id)
    if page.paper_id is None:
        raise NotFound("page")
    _own(page.paper_id)
    try:
        return send_picture(page)
    except BlobMissing as error:
        raise NotFound("page") from error


def _chaired(round_id: int) -> Round:
    if my_seat(round_id).role is not PanelRole.CHAIR:
        raise NotFound("round")
    return chaired_round(round_id)


def _own(paper_id: int) -> PaperRow:
    """A sheet with both of its readings in a round that the person chairs, not one of their own before it is entered."""
    paper = reads.paper(db.session(), paper_id)
    _chaired(paper.round_id)
    if paper.keyed < 2:
        raise NotFound("paper")
    return paper


def _third(paper: PaperRow, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "secretariat/paper_third.html",
        round_=_chaired(paper.round_id),
        picture="judge.scan_picture",
        back_url=url_for("judge.paper_differences", round_id=paper.round_id),
        **third_context(paper, errors),
    )
