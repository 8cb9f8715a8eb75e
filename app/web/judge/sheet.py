"""The score sheet: its page, its saves (by script or as a plain form), its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused, Stale
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import judging as reads
from app.services import judging
from app.services.judging import SavedSheet
from app.web.judge import bp
from app.web.judge.saving import save
from app.web.judge.sheet_page import PREFIX, sheet_context
from app.web.judge.sheet_words import answer_of, errors_of, posted, stale_answer
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
        operation = request.form.get("operation", "")
        version = _whole_number(request.form.get("version"))
        saved = save(assignment_id, typed, version=version, operation=f"{operation}-save"[-64:] if operation else "")
        if request.form.get("do") != "sign":
            flash(_("Đã lưu nháp phiếu %(code)s.", code=code), "success")
            return redirect(url_for("judge.sheet", assignment_id=assignment_id), 303)
        signed = _sign(saved, request.form.get("operation", ""))
    except Invalid as refusal:
        return _again(assignment_id, typed, errors=errors_of(refusal)), 422
    except Stale as stale:
        return _again(assignment_id, typed, stale=stale), 409
    flash(_("Đã ký phiếu %(code)s: %(total)s điểm.", code=code, total=typed_points(signed.total)), "success")
    return redirect(url_for("judge.queue", round_id=round_id), 303)


@bp.post("/phieu/<int:assignment_id>/luu")
def autosave(assignment_id: int) -> ResponseReturnValue:
    """The script's save: ``{fields, version, operation_id}``.

    200 ``{version, saved_at, total, running, state}``; 409 with both versions; 422 with a sentence a field.
    """
    try:
        fields, version, operation = posted(request.get_json(silent=True))
        saved = save(assignment_id, fields, version=version, operation=operation)
    except Invalid as refusal:
        reads.find_assignment(db.session(), actor(), assignment_id)  # another's is not there, whatever is sent
        told = errors_of(refusal)
        return jsonify(errors=told, error={"code": "invalid", "message": sentence("invalid")}), 422
    except Stale as stale:
        return jsonify(stale_answer(stale)), 409
    return jsonify(answer_of(saved))


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
        flash(" ".join(errors_of(refusal).values()) + " " + _("Mở lại phiếu cần có lý do."), "error")
    target = url_for("judge.jury", round_id=int(round_id)) if round_id.isdigit() else url_for("judge.home")
    return redirect(target, 303)


# --- requests ---------------------------------------------------------------------------------


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


def _whole_number(text: str | None) -> int:
    """Raises: Invalid."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid.one("version", "version_missing")
    return int(text)


# --- answers ----------------------------------------------------------------------------------


def _again(assignment_id: int, typed: Mapping[str, str], **more: Any) -> str:
    held = reads.find_assignment(db.session(), actor(), assignment_id)
    return render_template("judge/sheet.html", **sheet_context(held, typed=typed, **more))
