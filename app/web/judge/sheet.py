"""The score sheet: its page, its saves (by script or as a plain form), its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import FieldFault, Invalid, Refused, Stale
from app.domain.vocabulary import SheetState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import judging as reads
from app.services import judging
from app.services.judging import SavedSheet
from app.web.judge import bp
from app.web.judge.sheet_page import PREFIX, sheet_context
from app.web.shared.actor import actor
from app.web.shared.formats import typed_points
from app.web.shared.words import sentence


@bp.get("/phieu/<int:assignment_id>")
def sheet(assignment_id: int) -> ResponseReturnValue:
    """The dossier and the sheet beside it; before the gate the judge is led to it."""
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    try:
        reads.require_open(db.session(), held)
    except Refused as refusal:
        if refusal.code != "declare_first":
            raise
        flash(sentence(refusal.code), "info")
        return redirect(url_for("judge.declaration", round_id=held.round.id), 303)
    return render_template("judge/sheet.html", **sheet_context(held))


@bp.post("/phieu/<int:assignment_id>")
def save_sheet(assignment_id: int) -> ResponseReturnValue:
    """The plain form: save, and sign if that was pressed. What was typed is kept whatever happens."""
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    round_id, code = held.round.id, held.entry.code
    typed = {key: value for key, value in request.form.items() if key.startswith(PREFIX) or key == "comment"}
    try:
        saved = _save(assignment_id, typed, _whole_number(request.form.get("version")), request.form.get("operation", ""))
        if request.form.get("do") != "sign":
            flash(_("Đã lưu nháp phiếu %(code)s.", code=code), "success")
            return redirect(url_for("judge.sheet", assignment_id=assignment_id), 303)
        signed = _sign(saved, request.form.get("operation", ""))
    except Invalid as refusal:
        return _again(assignment_id, typed, errors=_errors(refusal)), 422
    except Stale as stale:
        return _again(assignment_id, typed, stale=stale), 409
    flash(_("Đã ký phiếu %(code)s: %(total)s điểm.", code=code, total=typed_points(signed.total)), "success")
    return redirect(url_for("judge.queue", round_id=round_id), 303)


@bp.post("/phieu/<int:assignment_id>/luu")
def autosave(assignment_id: int) -> ResponseReturnValue:
    """The script's save: ``{fields, version, operation_id}``.

    200 ``{version, saved_at, total, running, state}``; 409 with both versions; 422 with a sentence a field.
    """
    reads.find_assignment(db.session(), actor(), assignment_id)  # another's is not there, whatever is sent
    try:
        fields, version, operation = _posted(request.get_json(silent=True))
        with unit_of_work() as session:
            saved = judging.save_draft(
                session,
                actor(),
                assignment_id=assignment_id,
                points=_codes(assignment_id, fields),
                comment=fields.get("comment", ""),
                version=version,
                operation=operation,
                now=now(),
            )
    except Invalid as refusal:
        told = _errors(refusal)
        return jsonify(errors=told, error={"code": "invalid", "message": sentence("invalid")}), 422
    except Stale as stale:
        return jsonify(_stale_answer(stale)), 409
    return jsonify(_answer(saved))


@bp.post("/phieu-da-ky/<int:sheet_id>/mo-lai")
def reopen(sheet_id: int) -> ResponseReturnValue:
    """The chair gives a signed sheet back to its judge."""
    round_id = request.form.get("round_id", "")
    try:
        with unit_of_work() as session:
            judging.reopen(
                session,
                actor(),
                sheet_id=sheet_id,
                reason=request.form.get("reason", ""),
                operation=request.form.get("operation", ""),
                now=now(),
            )
        flash(_("Đã mở lại phiếu và báo cho giám khảo."), "success")
    except Invalid as refusal:
        flash(" ".join(_errors(refusal).values()) + " " + _("Mở lại phiếu cần có lý do."), "error")
    target = url_for("judge.jury", round_id=int(round_id)) if round_id.isdigit() else url_for("judge.home")
    return redirect(target, 303)


# --- requests ---------------------------------------------------------------------------------


def _save(assignment_id: int, typed: Mapping[str, str], version: int, operation: str) -> SavedSheet:
    with unit_of_work() as session:
        return judging.save_draft(
            session,
            actor(),
            assignment_id=assignment_id,
            points=_codes(assignment_id, typed),
            comment=typed.get("comment", ""),
            version=version,
            operation=f"{operation}-save"[-64:] if operation else "",
            now=now(),
        )


def _sign(saved: SavedSheet, operation: str) -> SavedSheet:
    """In a transaction of its own: what was saved stays when something is missing for the signature."""
    with unit_of_work() as session:
        return judging.sign(
            session,
            actor(),
            assignment_id=saved.assignment_id,
            version=saved.version,
            operation=f"{operation}-sign"[-64:],
            now=now(),
        )


def _codes(assignment_id: int, fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by the codes that take points: the sum shown over pointed parts is only shown."""
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    rubric = reads.rubric_for(db.session(), held.round.id, held.entry.group_code)
    shown = {criterion.code for criterion in rubric.criteria if criterion.is_pointed_by_parts}
    typed = {key.removeprefix(PREFIX): value for key, value in fields.items() if key.startswith(PREFIX)}
    return {code: value for code, value in typed.items() if code not in shown}


def _posted(body: object) -> tuple[dict[str, str], int, str]:
    """The parts of a script's save.

    Raises:
        Invalid: not an object, a value that is not text, no version, no operation id.
    """
    raw: dict[str, Any] = body if isinstance(body, dict) else {}
    fields = raw.get("fields")
    if not isinstance(fields, dict):
        raise Invalid.one("fields", "required")
    version, operation = raw.get("version"), raw.get("operation_id")
    faults = [FieldFault(str(key), "points_not_text") for key, value in fields.items() if not isinstance(value, str)]
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        faults.append(FieldFault("version", "version_missing"))
    if not isinstance(operation, str):
        faults.append(FieldFault("operation", "operation_missing"))
    if faults:
        raise Invalid(faults)
    assert isinstance(version, int)
    assert isinstance(operation, str)
    return {str(key): value for key, value in fields.items()}, version, operation


def _whole_number(text: str | None) -> int:
    """Raises: Invalid."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid.one("version", "version_missing")
    return int(text)


# --- answers ----------------------------------------------------------------------------------


def _again(assignment_id: int, typed: Mapping[str, str], **more: Any) -> str:
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    return render_template("judge/sheet.html", **sheet_context(held, typed=typed, **more))


def _errors(refusal: Invalid) -> dict[str, str]:
    return {_field(fault.field): sentence(fault.code, fault.params) for fault in refusal.faults}


def _field(code: str) -> str:
    """The form's name of a fault's field: a criterion's code gets the prefix."""
    return PREFIX + code if code[:1].isdigit() else code


def _answer(saved: SavedSheet) -> dict[str, Any]:
    return {
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat(),
        "state": saved.state.value,
        "total": None if saved.total is None else typed_points(saved.total),
        "running": typed_points(saved.running),
        "signed": saved.state is SheetState.SIGNED,
    }


def _stale_answer(stale: Stale) -> dict[str, Any]:
    return {
        "version": stale.version,
        "mine": {_field(code): value for code, value in stale.yours.items()},
        "theirs": {_field(code): value for code, value in stale.theirs.items()},
        "error": {"code": "stale", "message": sentence("stale")},
    }
