"""Site visits for the jury: photos of an own assignment's visits, and the chair's rulings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.vocabulary import PanelRole
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.round import Round
from app.queries import judging
from app.queries import visits as reads
from app.services import visits as services
from app.web.judge import bp
from app.web.judge.desk import rules
from app.web.shared.actor import actor
from app.web.shared.files import send_stored
from app.web.shared.words import sentence


@bp.get("/phieu/<int:assignment_id>/thuc-te/<int:visit_id>/anh/<int:number>/<any(page, list):size>")
def visit_photo(assignment_id: int, visit_id: int, number: int, size: str) -> Response:
    """A photo of a visit; in a blind round there is none."""
    held = judging.find_assignment(db.session(), actor(), assignment_id)
    judging.require_open(db.session(), held)
    if rules(held.round).blind:
        raise NotFound("file")
    found = reads.photo(db.session(), held.entry.id, visit_id, number, size)
    return send_stored(found.sha256, media_type=found.media_type, filename=found.filename)


@bp.route("/dot/<int:round_id>/thuc-te", methods=["GET", "POST"])
def visit_rulings(round_id: int) -> ResponseReturnValue:
    """The chair rules on visits that found an entry not as declared."""
    seat = actor().panel_seats.get(round_id)
    if seat is None or seat.role is not PanelRole.CHAIR:
        raise NotFound("round")
    faults: dict[int, str] = {}
    if request.method == "POST":
        visit_id = request.form.get("visit_id", 0, type=int)
        try:
            with unit_of_work() as session:
                services.rule(session, actor(), visit_id=visit_id, ruling=request.form.get("ruling", ""), now=now())
        except Invalid as refusal:
            faults[visit_id] = sentence(refusal.faults[0].code, refusal.faults[0].params)
        else:
            flash(_("Đã ghi kết luận."), "success")
            return redirect(url_for("judge.visit_rulings", round_id=round_id), 303)
    row = db.session().get_one(Round, round_id)
    page = render_template(
        "judge/visits.html",
        round=row,
        rows=reads.to_rule(db.session(), round_id),
        faults=faults,
        may=can(actor(), Verb.RULE_VISIT, row),
    )
    return page, 422 if faults else 200
