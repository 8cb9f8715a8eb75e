"""Progress of judging, and the score sheets of a judge on paper."""

from __future__ import annotations

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.panel import PanelSeat
from app.queries.discrepancies import UNSETTLED, alert_lines, by_entry
from app.queries.progress import round_progress
from app.services import chain, score_papers
from app.services.freezing import rules_of
from app.services.round_prints import SHEETS, Wanted
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of, own_round, require_own, round_context
from app.web.shared.alert_words import alert_words, limit_words, stage_rule_words
from app.web.shared.exporting import export_kind
from app.web.shared.progress_table import send_progress
from app.web.shared.round_print_desk import SECRETARIAT


@bp.get("/dot/<int:round_id>/tien-do")
def progress(round_id: int) -> ResponseReturnValue:
    """By judge and group, with warnings; the page asks anew by itself."""
    row = own_round(round_id)
    if kind := export_kind():
        return send_progress(kind, round_progress(db.session(), round_id))
    rules = rules_of(row)
    groups = by_entry(db.session(), row, rules)
    return render_template(
        "secretariat/progress.html",
        progress=round_progress(db.session(), round_id),
        groups_apart=groups,
        waiting=sum(line.state in UNSETTLED for group in groups for line in group.alerts),
        limits=limit_words(rules),
        words=alert_words,
        two_stages=rules.stages > 1,
        stage_rule=stage_rule_words(rules) if rules.stages > 1 else "",
        root=chain.root_of(db.session(), round_id),
        live_url=url_for("secretariat.progress_json", round_id=round_id),
        badge_of=badge_of,
        **round_context(row, "progress"),
    )


@bp.get("/dot/<int:round_id>/tien-do.json")
def progress_json(round_id: int) -> ResponseReturnValue:
    """The same figures for the page's script."""
    row = own_round(round_id)
    rules = rules_of(row)
    progress = round_progress(db.session(), round_id)
    waiting = sum(line.state in UNSETTLED for line in alert_lines(db.session(), row, rules))
    return jsonify(progress.to_dict() | {"gaps": waiting})


@bp.post("/ghe/<int:seat_id>/phieu-giay.pdf")
def progress_papers(seat_id: int) -> ResponseReturnValue:
    """Have the blank statutory sheets of a judge made, one a product, for those who score on paper."""
    seat = db.session.get(PanelSeat, seat_id)
    if seat is None:
        raise NotFound("seat")
    require_own(seat.round_id)
    if not score_papers.assignments_of(db.session(), seat_id):
        raise NotFound("sheet")
    return SECRETARIAT.ask(seat.round_id, Wanted(SHEETS, "", "pdf", seat_id))
