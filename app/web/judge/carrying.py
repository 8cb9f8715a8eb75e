"""Taking dossiers along: what to fetch, each dossier as its page shows it, and the sync of what was scored offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError, Invalid, NotFound, Stale
from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import judging as reads
from app.queries.carrying import open_assignments
from app.services import judging
from app.services.judging import SavedSheet
from app.web.judge import bp
from app.web.judge.desk import my_round
from app.web.judge.saving import save
from app.web.judge.sheet_page import PREFIX, sheet_context
from app.web.judge.sheet_words import answer_of, errors_of, posted, stale_answer
from app.web.judge.shell import new_token
from app.web.shared.actor import actor
from app.web.shared.formats import typed_points
from app.web.shared.words import sentence

BATCH_MAXIMUM = 50


@bp.get("/dot/<int:round_id>/mang-theo")
def packing_list(round_id: int) -> ResponseReturnValue:
    """Whose dossiers these are, and where each of them is fetched."""
    row = my_round(round_id)
    rows = open_assignments(db.session(), actor(), round_id)
    sheets = [{"assignment_id": item.id, "url": url_for("judge.carried_sheet", assignment_id=item.id)} for item in rows]
    return jsonify(
        user={"id": actor().user_id, "name": actor().name},
        round={"id": row.id, "code": row.code, "name": row.name},
        token=new_token(),
        sheets=sheets,
    )


@bp.get("/phieu/<int:assignment_id>/mang-theo")
def carried_sheet(assignment_id: int) -> ResponseReturnValue:
    """One dossier with its sheet: the same words and pictures as the page, nothing more."""
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    reads.require_open(db.session(), held)
    context = sheet_context(held)
    row = context["row"]
    return jsonify(
        assignment_id=assignment_id,
        round_id=held.round.id,
        code=held.entry.code,
        product=context["dossier"].product,
        group=context["dossier"].group,
        version=row.version if row else 0,
        saved_at=row.saved_at.isoformat() if row else None,
        state=row.state.value if row else None,
        total=context["total"],
        maximum=context["maximum"],
        can_edit=can(actor(), Verb.SAVE_SHEET, held.round),
        values=_values(context),
        html=render_template("judge/_sheet.html", **{**context, "carried": True}),
    )


@bp.post("/mang-theo/gui")
def sync() -> ResponseReturnValue:
    """Take what was done without a network, in the order given, each deed in a transaction of its own.

    ``{operations: [{operation_id, assignment_id, kind: "save" | "sign", fields?, version}]}`` is answered with as many
    ``{operation_id, status, ...}``: 200 as the sheet's own save, 409 with both versions, otherwise a sentence.
    A deed that was taken before is answered as the first time. After a deed that was not taken, later
    ones of the same sheet are not tried (status 424).
    """
    body = request.get_json(silent=True)
    operations = body.get("operations") if isinstance(body, dict) else None
    if not isinstance(operations, list) or len(operations) > BATCH_MAXIMUM:
        raise Invalid.one("operations", "operations_wrong", maximum=BATCH_MAXIMUM)
    blocked: set[int] = set()
    return jsonify(results=[_answered(item if isinstance(item, dict) else {}, blocked) for item in operations])


def _answered(item: Mapping[str, Any], blocked: set[int]) -> dict[str, Any]:
    about = {"operation_id": item.get("operation_id"), "assignment_id": item.get("assignment_id")}
    assignment_id = item.get("assignment_id")
    if not isinstance(assignment_id, int) or isinstance(assignment_id, bool):
        return {**about, **_refusal(NotFound("sheet"))}
    if assignment_id in blocked:
        return {**about, "status": 424}
    answer = _deed(assignment_id, item)
    if answer["status"] != 200:
        blocked.add(assignment_id)
    return {**about, **answer}


def _deed(assignment_id: int, item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        done = _sign(assignment_id, item) if item.get("kind") == "sign" else _save(assignment_id, item)
    except Stale as stale:
        return {"status": 409, **stale_answer(stale)}
    except Invalid as refusal:
        return {"status": 422, "errors": errors_of(refusal), "message": sentence("invalid")}
    except DomainError as refusal:
        db.session.rollback()
        return _refusal(refusal)
    return {"status": 200, **answer_of(done)}


def _save(assignment_id: int, item: Mapping[str, Any]) -> SavedSheet:
    try:
        fields, version, operation = posted(item)
    except Invalid:
        reads.find_assignment(db.session(), actor(), assignment_id)  # another's is not there, whatever is sent
        raise
    return save(assignment_id, fields, version=version, operation=operation)


def _sign(assignment_id: int, item: Mapping[str, Any]) -> SavedSheet:
    _fields, version, operation = posted(item, fields_needed=False)
    with unit_of_work() as session:
        return judging.sign(session, actor(), assignment_id=assignment_id, version=version, operation=operation, now=now())


def _refusal(refusal: DomainError) -> dict[str, Any]:
    code = "sheet_gone" if isinstance(refusal, NotFound) else refusal.code
    return {"status": refusal.status, "code": code, "message": sentence(code, getattr(refusal, "params", {}))}


def _values(context: Mapping[str, Any]) -> dict[str, str]:
    """What the form holds, by the names of its fields."""
    row = context["row"]
    lines = () if row is None else row.lines
    marks = {PREFIX + line.criterion: typed_points(line.points) for line in lines if line.points is not None}
    return {**marks, "comment": context["comment"]}
