"""The jury as its chair and its secretary see it: progress, warnings, signed sheets, history."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.phases import Verb, is_frozen
from app.domain.policies import can
from app.domain.vocabulary import PanelRole
from app.infra.database import db
from app.models.sheet import ScoreSheet
from app.queries import judging as reads
from app.queries import practice
from app.queries.discrepancies import UNSETTLED, alert_lines, counts
from app.queries.progress import PAGE, round_progress, signed_count, signed_sheets
from app.web.judge import bp
from app.web.judge.desk import badge_of, chaired_round, my_seat, rules
from app.web.judge.own_tables import send_history
from app.web.shared.actor import actor
from app.web.shared.alert_words import limit_words
from app.web.shared.exporting import export_kind
from app.web.shared.progress_table import send_progress


@bp.get("/dot/<int:round_id>/ban-giam-khao")
def jury(round_id: int) -> ResponseReturnValue:
    """Progress by judge and group, warnings, and the signed sheets that the chair may reopen."""
    row = chaired_round(round_id)
    if kind := export_kind():
        return send_progress(kind, round_progress(db.session(), round_id))
    total = signed_count(db.session(), round_id)
    page = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-total // PAGE)))
    signed = signed_sheets(db.session(), round_id, page=page)
    lines = alert_lines(db.session(), row, rules(row))
    return render_template(
        "judge/jury.html",
        round_=row,
        progress=round_progress(db.session(), round_id),
        signed=signed,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        first=(page - 1) * PAGE + 1,
        last=(page - 1) * PAGE + len(signed),
        gap_points=rules(row).gap_warning_points,
        may_reopen=can(actor(), Verb.REOPEN_SHEET, row),
        is_chair=my_seat(round_id).role is PanelRole.CHAIR,
        alerts=[(badge_of(state), count) for state, count in sorted(counts(lines).items())],
        waiting=sum(line.state in UNSETTLED for line in lines),
        limits=limit_words(rules(row)),
        two_stages=rules(row).stages > 1 and is_frozen(row.phase),
        practised=practice.practised(db.session(), round_id),
        live_url=url_for("judge.jury_json", round_id=round_id),
        operation=uuid.uuid4().hex,
        badge_of=badge_of,
    )


@bp.get("/phieu/<int:assignment_id>/lich-su")
def sheet_history(assignment_id: int) -> ResponseReturnValue:
    """Every earlier value of one's own sheet."""
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    reads.require_open(db.session(), held)
    row = reads.sheet_row(db.session(), assignment_id)
    events = reads.history(db.session(), row.id) if row else []
    rubric = reads.rubric_for(db.session(), held.round.id, held.entry.group_code)
    if kind := export_kind():
        return send_history(kind, held.entry.code or "", rubric, events)
    back = {"assignment_id": assignment_id}
    return render_template("judge/history.html", held=held, events=events, rubric=rubric, back=back, badge_of=badge_of)


@bp.get("/dot/<int:round_id>/phieu-da-ky/<int:sheet_id>/lich-su")
def jury_history(round_id: int, sheet_id: int) -> ResponseReturnValue:
    """Every earlier value of a sheet of the round, for the chair."""
    chaired_round(round_id)
    row = db.session.get(ScoreSheet, sheet_id)
    held = reads.held_of_sheet(db.session(), row.assignment_id) if row else None
    if row is None or held is None or held.round.id != round_id:
        raise NotFound("sheet")
    rubric = reads.rubric_for(db.session(), round_id, held.entry.group_code)
    events = reads.history(db.session(), sheet_id)
    if kind := export_kind():
        return send_history(kind, held.entry.code or "", rubric, events)
    return render_template("judge/history.html", held=held, events=events, rubric=rubric, back=None, badge_of=badge_of)
