"""Practice on invented entries, marked as such on every page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.practice import PracticeSheet
from app.models.round import Round
from app.queries import practice as reads
from app.services import practice as services
from app.services import sheet_points
from app.web.judge import bp
from app.web.judge.desk import my_round, my_seat
from app.web.judge.sheet_page import PREFIX, criterion_fields, shown_total
from app.web.shared.actor import actor
from app.web.shared.formats import typed_points
from app.web.shared.words import sentence
from scoring.rubric import Rubric


@bp.get("/dot/<int:round_id>/tap-cham")
def practice(round_id: int) -> ResponseReturnValue:
    """The invented entries, and what the judge made of them."""
    row = _practising(round_id)
    kept = reads.sheets_of(db.session(), my_seat(round_id).id)
    lines = [{"example": one, "sheet": kept.get(one.key)} for one in reads.examples()]
    return render_template("judge/practice.html", round_=row, lines=lines, begun=len(kept))


@bp.route("/dot/<int:round_id>/tap-cham/<example>", methods=["GET", "POST"])
def practice_sheet(round_id: int, example: str) -> ResponseReturnValue:
    """The sheet of an invented entry; the same fields and refusals as the real one."""
    row = _practising(round_id)
    found = reads.example(example)
    if found is None:
        raise NotFound("example")
    rubric = services.rubric_of(db.session(), round_id, found)
    if request.method == "GET":
        return _page(row, found, rubric)
    sign = request.form.get("do") == "sign"
    try:
        with unit_of_work() as session:
            services.save(
                session,
                actor(),
                round_id=round_id,
                example=example,
                points=_typed(rubric),
                comment=request.form.get("comment", ""),
                sign=sign,
                now=now(),
            )
    except Invalid as refusal:
        return _page(row, found, rubric, refusal), 422
    flash(_("Đã ký phiếu tập.") if sign else _("Đã lưu phiếu tập."), "success")
    return redirect(url_for("judge.practice", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/tap-cham/xoa")
def reset_practice(round_id: int) -> ResponseReturnValue:
    """Begin anew."""
    with unit_of_work() as session:
        services.reset(session, actor(), round_id=round_id)
    flash(_("Đã xóa các phiếu tập của bạn."), "success")
    return redirect(url_for("judge.practice", round_id=round_id), 303)


def _practising(round_id: int) -> Round:
    row = my_round(round_id)
    policies.require(actor(), Verb.PRACTISE, row)
    return row


def _typed(rubric: Rubric) -> dict[str, str]:
    """The fields that take points; a sum over pointed parts is only shown."""
    return {code: request.form.get(PREFIX + code, "") for code in sheet_points.typed_codes(rubric)}


def _page(row: Round, example: reads.Example, rubric: Rubric, refusal: Invalid | None = None) -> str:
    kept = reads.sheets_of(db.session(), my_seat(row.id).id).get(example.key)
    values, comment = _values(rubric, kept)
    errors = {_field(fault): sentence(fault.code, fault.params) for fault in refusal.faults} if refusal else {}
    marks = {code: Decimal(text) for code, text in kept.points.items() if text} if kept and not refusal else {}
    return render_template(
        "judge/practice_sheet.html",
        round_=row,
        example=example,
        sheet=kept,
        criteria=[criterion_fields(item, values, errors) for item in rubric.criteria],
        comment=comment,
        errors=errors,
        total=shown_total(rubric, {code: marks.get(code) for code in sheet_points.typed_codes(rubric)}),
        maximum=typed_points(rubric.total),
    )


def _values(rubric: Rubric, kept: PracticeSheet | None) -> tuple[Mapping[str, Any], str]:
    """What the fields show: what was just typed, else what is kept."""
    if request.method == "POST":
        return {PREFIX + code: text for code, text in _typed(rubric).items()}, request.form.get("comment", "")
    if kept is None:
        return {}, ""
    return {PREFIX + code: typed_points(Decimal(text)) for code, text in kept.points.items() if text}, kept.comment


def _field(fault: FieldFault) -> str:
    return PREFIX + fault.field if fault.field[:1].isdigit() else fault.field
