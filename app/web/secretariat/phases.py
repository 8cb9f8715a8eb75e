"""The round's dates, and the checklist before it moves to its next phase."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import DateTimeLocalField
from wtforms.validators import Optional

from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb, may_follow
from app.domain.policies import can
from app.domain.vocabulary import Phase
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.round import Round
from app.queries.readiness import conditions
from app.services import rounds
from app.services.rounds import PHASES_WITH_WINDOW
from app.web.secretariat import bp
from app.web.secretariat.desk import MOVES, own_round, round_context
from app.web.secretariat.moments import from_local, to_local
from app.web.secretariat.readiness_words import condition_row
from app.web.secretariat.round_page import phase_line, short_phase
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm


def windows_form(row: Round | None, phases: tuple[Phase, ...] = PHASES_WITH_WINDOW) -> Any:
    """A form class with opening and closing of each phase, and the values that it starts with."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    known = {window.phase: window for window in row.phases} if row else {}
    for phase in phases:
        fields[f"{phase.value}_opens"] = DateTimeLocalField(_("Mở"), [Optional()])
        fields[f"{phase.value}_closes"] = DateTimeLocalField(_("Đóng"), [Optional()])
        if phase in known:
            values[f"{phase.value}_opens"] = to_local(known[phase].opens_at)
            values[f"{phase.value}_closes"] = to_local(known[phase].closes_at)
    return type("WindowsForm", (BaseForm,), fields), values


def typed_windows(form: Any, phases: tuple[Phase, ...] = PHASES_WITH_WINDOW) -> dict[Phase, Any]:
    """The windows that were typed whole.

    Raises:
        Invalid: ``required`` beside the half that is missing.
    """
    found, faults = {}, []
    for phase in phases:
        opens, closes = form[f"{phase.value}_opens"].data, form[f"{phase.value}_closes"].data
        if opens and closes:
            found[phase] = (from_local(opens), from_local(closes))
        elif opens or closes:
            faults.append(FieldFault(f"{phase.value}_{'closes' if opens else 'opens'}", "required"))
    if faults:
        raise Invalid(faults)
    return found


@bp.route("/dot/<int:round_id>/thoi-gian", methods=["GET", "POST"])
def windows(round_id: int) -> ResponseReturnValue:
    """When each phase opens and closes; what is over keeps its dates."""
    row = own_round(round_id)
    order = list(Phase)
    ahead = tuple(p for p in PHASES_WITH_WINDOW if order.index(p) >= order.index(row.phase))
    may_edit = can(actor(), Verb.MOVE_PHASE, row)
    made, values = windows_form(row, ahead if may_edit else ())
    form = made(data=values)
    if may_edit and form.validate_on_submit():
        try:
            _save_windows(row, form, ahead)
        except Invalid as refusal:
            form.take(refusal)
            row = own_round(round_id)
        else:
            flash(_("Đã lưu thời gian của các giai đoạn."), "success")
            return redirect(url_for("secretariat.windows", round_id=round_id), 303)
    page = render_template(
        "secretariat/windows.html",
        form=form,
        rows=[
            {"name": short_phase(phase), "opens": f"{phase.value}_opens", "closes": f"{phase.value}_closes"}
            for phase in ahead
        ]
        if may_edit
        else [],
        line=phase_line(row, now()),
        **round_context(row, "windows"),
    )
    return page, 422 if form.is_submitted() else 200


def _save_windows(row: Round, form: Any, phases: tuple[Phase, ...]) -> None:
    typed = typed_windows(form, phases)
    before = {window.phase: (window.opens_at, window.closes_at) for window in row.phases}
    with unit_of_work() as session:
        for phase, (opens_at, closes_at) in typed.items():
            if before.get(phase) != (opens_at, closes_at):
                rounds.set_window(
                    session, actor(), round_id=row.id, phase=phase, opens_at=opens_at, closes_at=closes_at, now=now()
                )


@bp.get("/dot/<int:round_id>/chuyen/<to>")
def phase_page(round_id: int, to: str) -> str:
    """What is still missing before the round may move."""
    row = own_round(round_id)
    following = _phase(row, to)
    lines = conditions(db.session(), row, following)
    return render_template(
        "secretariat/phase.html",
        to=following,
        title=_(MOVES[following]),
        tasks=[condition_row(row, line) for line in lines],
        ready=all(line.met for line in lines if line.blocking) and can(actor(), Verb.MOVE_PHASE, row),
        freezes=following is Phase.JUDGING,
        **round_context(row, "round_page") | {"round_main": None},
    )


@bp.post("/dot/<int:round_id>/chuyen/<to>")
def move_phase(round_id: int, to: str) -> ResponseReturnValue:
    """Move the round."""
    row = own_round(round_id)
    following = _phase(row, to)
    if request.form.get("confirm") != "1":
        return redirect(url_for("secretariat.phase_page", round_id=round_id, to=to), 303)
    with unit_of_work() as session:
        rounds.move(session, actor(), round_id=round_id, to=following, now=now())
    flash(_("Đã chuyển đợt sang giai đoạn mới."), "success")
    return redirect(url_for("secretariat.round_page", round_id=round_id), 303)


def _phase(row: Round, to: str) -> Phase:
    if to not in set(Phase) or not may_follow(row.phase, Phase(to)) or Phase(to) is Phase.PUBLISHED:
        raise NotFound("phase")
    return Phase(to)
