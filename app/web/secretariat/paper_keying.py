"""Keying figures in from paper beside the picture, one sheet after the other; and the third look at those that differ."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import require
from app.domain.vocabulary import PaperState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import paper as reads
from app.queries import scans
from app.queries.paper import PaperRow
from app.queries.sheet_pages import missing
from app.services import paper_keying
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own
from app.web.shared.actor import actor
from app.web.shared.formats import typed_points
from app.web.shared.third_look import (
    criteria_of,
    faults_of,
    rubric_of,
    take_decision,
    third_context,
    typed_marks,
)
from app.web.shared.words import sentence


@bp.get("/dot/<int:round_id>/phieu-giay/nhap")
def key_next(round_id: int) -> ResponseReturnValue:
    """The next sheet that this person may key in, after the one in ``sau``."""
    require_own(round_id)
    return _onward(round_id, request.args.get("sau", 0, type=int))


@bp.get("/phieu-giay/<int:paper_id>/nhap")
def key_paper(paper_id: int) -> ResponseReturnValue:
    """The picture of a sheet and empty fields: nothing that anybody else keyed in is on this page."""
    paper = _own(paper_id)
    require(actor(), Verb.KEY_PAPER, own_round(paper.round_id))
    if paper.state not in reads.KEYABLE:
        return redirect(url_for("secretariat.paper_sheets", round_id=paper.round_id), 303)
    return _form(paper)


@bp.post("/phieu-giay/<int:paper_id>/nhap")
def keep_keyed(paper_id: int) -> ResponseReturnValue:
    """Keep one person's reading and go on to the next sheet."""
    paper = _own(paper_id)
    rubric = rubric_of(paper)
    try:
        with unit_of_work() as session:
            kept = paper_keying.key_in(
                session,
                actor(),
                paper_id=paper_id,
                points=typed_marks(rubric),
                total=request.form.get("total", ""),
                comment=request.form.get("comment", ""),
                has_signature=request.form.get("signature") == "y",
                now=now(),
            )
    except Invalid as refusal:
        return _form(paper, faults_of(refusal, rubric)), 422
    except Refused as refusal:
        if refusal.code == "phase_closed":
            raise
        flash(sentence(refusal.code, refusal.params), "warning")
        return _onward(paper.round_id, paper_id)
    _tell(kept.state, paper)
    return _onward(paper.round_id, paper_id)


@bp.get("/phieu-giay/<int:paper_id>/xem-lai")
def third_look(paper_id: int) -> str:
    """Both readings beside the picture, and the decision."""
    return _third(_own(paper_id))


@bp.post("/phieu-giay/<int:paper_id>/xem-lai")
def decide_paper(paper_id: int) -> ResponseReturnValue:
    """Decide what stands on the paper."""
    paper = _own(paper_id)
    errors = take_decision(paper)
    if errors:
        return _third(_own(paper_id), errors), 422
    _tell(_own(paper_id).state, paper)
    return redirect(url_for("secretariat.paper_sheets", round_id=paper.round_id), 303)


@bp.post("/phieu-giay/<int:paper_id>/thu-lai")
def retry_paper(paper_id: int) -> ResponseReturnValue:
    """Try again what was held up."""
    paper = _own(paper_id)
    try:
        with unit_of_work() as session:
            kept = paper_keying.retry(session, actor(), paper_id=paper_id, now=now())
            state = kept.state
        _tell(state, paper)
    except Refused as refusal:
        flash(sentence(refusal.code, {"verb": "", "phase": "", **refusal.params}), "warning")
    return redirect(url_for("secretariat.paper_sheets", round_id=paper.round_id), 303)


def _own(paper_id: int) -> PaperRow:
    paper = reads.paper(db.session(), paper_id)
    require_own(paper.round_id)
    if paper.state is PaperState.CLOSED:
        raise NotFound("paper")
    return paper


def _tell(state: PaperState, paper: PaperRow) -> None:
    """What became of the sheet, in one line."""
    names = {"entry": paper.entry_code, "judge": paper.judge_code}
    said = {
        PaperState.WAITING: _("%(entry)s của %(judge)s lại chờ nhập.", **names),
        PaperState.ONCE: _("%(entry)s của %(judge)s: đã nhập lần một, chờ người thứ hai.", **names),
        PaperState.DIFFERS: _("%(entry)s của %(judge)s: hai lần nhập lệch nhau, chờ xem lại.", **names),
        PaperState.HELD: _("%(entry)s của %(judge)s: đã khớp nhưng chưa vào sổ được.", **names),
        PaperState.ENTERED: _("%(entry)s của %(judge)s: hai lần nhập khớp, đã vào sổ.", **names),
    }
    if state is PaperState.ENTERED and paper.state is not PaperState.ONCE:
        said[state] = _("%(entry)s của %(judge)s: đã vào sổ.", **names)
    flash(said[state], "success" if state in (PaperState.ONCE, PaperState.ENTERED, PaperState.WAITING) else "warning")


def _onward(round_id: int, after: int) -> ResponseReturnValue:
    following = reads.next_to_key(db.session(), actor(), round_id, after=after)
    if following is None:
        flash(_("Không còn phiếu nào chờ bạn nhập."), "info")
        return redirect(url_for("secretariat.paper_sheets", round_id=round_id), 303)
    return redirect(url_for("secretariat.key_paper", paper_id=following), 303)


def _form(paper: PaperRow, errors: Mapping[str, str] | None = None) -> str:
    rubric, pages = rubric_of(paper), scans.pages_of_paper(db.session(), paper.id)
    return render_template(
        "secretariat/paper_keying.html",
        paper=paper,
        pages=pages,
        missing=missing([page.said for page in pages]),
        criteria=criteria_of(rubric, request.form, errors),
        maximum=typed_points(rubric.total),
        typed=request.form,
        errors=errors or {},
        left=reads.left_to_key(db.session(), actor(), paper.round_id),
        round_=own_round(paper.round_id),
    )


def _third(paper: PaperRow, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "secretariat/paper_third.html",
        round_=own_round(paper.round_id),
        picture="secretariat.scan_picture",
        back_url=url_for("secretariat.paper_sheets", round_id=paper.round_id),
        **third_context(paper, errors),
    )
