"""A sheet's requests and answers as its script writes and reads them; saves and syncs share them."""

from __future__ import annotations

from typing import Any

from app.domain.errors import FieldFault, Invalid, Stale
from app.domain.vocabulary import SheetState
from app.services.judging import SavedSheet
from app.web.judge.sheet_page import PREFIX
from app.web.shared.formats import typed_points
from app.web.shared.words import sentence


def posted(body: object, *, fields_needed: bool = True) -> tuple[dict[str, str], int, str]:
    """The parts of a script's request: fields, version, operation.

    Raises:
        Invalid: not an object, a value that is not text, no version, no operation id.
    """
    raw: dict[str, Any] = body if isinstance(body, dict) else {}
    fields = raw.get("fields") if fields_needed else {}
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


def errors_of(refusal: Invalid) -> dict[str, str]:
    """The sentence of every fault by its field's name in the form."""
    return {field_of(fault.field): sentence(fault.code, fault.params) for fault in refusal.faults}


def field_of(code: str) -> str:
    """The form's name of a fault's field: a criterion's code gets the prefix."""
    return PREFIX + code if code[:1].isdigit() else code


def answer_of(saved: SavedSheet) -> dict[str, Any]:
    """A sheet as it was kept."""
    return {
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat(),
        "state": saved.state.value,
        "total": None if saved.total is None else typed_points(saved.total),
        "running": typed_points(saved.running),
        "signed": saved.state is SheetState.SIGNED,
    }


def stale_answer(stale: Stale) -> dict[str, Any]:
    """Both versions, for the page that lets the judge choose."""
    return {
        "version": stale.version,
        "mine": {field_of(code): value for code, value in stale.yours.items()},
        "theirs": {field_of(code): value for code, value in stale.theirs.items()},
        "error": {"code": "stale", "message": sentence("stale")},
    }
