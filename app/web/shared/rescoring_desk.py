"""What the secretariat's and the panel chair's page of rescoring share."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.vocabulary import Phase, RescoringKind, RescoringState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.complaint import Complaint
from app.models.round import Round
from app.queries import complaints
from app.queries import rescoring as reads
from app.queries.council import rules_in_force
from app.queries.judging import rubric_for
from app.services import rescoring, sheet_points
from app.web.shared.actor import actor
from app.web.shared.formats import points
from app.web.shared.result_words import selection_badge
from app.web.shared.words import label, sentence, state_word
from scoring.result import EntryResult


def page_context(row: Round, errors: dict[str, str] | None = None) -> dict[str, Any]:
    """The proposals with the one that waits previewed, and the sheets of the entry that was asked for."""
    found = reads.proposals(db.session(), row.id)
    waiting = next((item for item in found if item.row.state is RescoringState.PROPOSED), None)
    code = request.values.get("code", "").strip()
    complaint = _complaint_of(row)
    return {
        "proposals": [{"row": item, "kind": label(item.row.kind), "badge": _badge(item.row.state)} for item in found],
        "waiting": {"row": item, "kind": label(item.row.kind), **_matrix(row, item)} if (item := waiting) else None,
        "code": code,
        "sheets": _sheets(row, code) if code else [],
        "typed": request.form,
        "errors": errors or {},
        "complaint": complaint,
        "published": row.phase is Phase.PUBLISHED,
        "can_propose": policies.can(actor(), Verb.PROPOSE_RESCORING, row)
        and waiting is None
        and (row.phase is not Phase.PUBLISHED or complaint is not None),
        "can_settle": policies.can(actor(), Verb.SETTLE_RESCORING, row),
    }


def take_proposal(round_id: int) -> dict[str, str]:
    """Propose what the form says; returns the faults by field, empty when it was taken."""
    kinds = {kind.value for kind in RescoringKind}
    if request.form.get("kind") not in kinds:
        return {"kind": sentence("not_a_choice")}
    typed = {key.removeprefix("p-"): value for key, value in request.form.items() if key.startswith("p-")}
    kind = RescoringKind(request.form["kind"])
    try:
        with unit_of_work() as session:
            rescoring.propose(
                session,
                actor(),
                round_id=round_id,
                kind=kind,
                assignment_id=request.form.get("assignment_id", 0, type=int),
                points=typed if kind is RescoringKind.CORRECTION else {},
                reason=request.form.get("reason", ""),
                complaint_id=request.form.get("complaint", type=int),
                now=now(),
            )
    except Invalid as refusal:
        return {fault.field: sentence(fault.code, fault.params) for fault in refusal.faults}
    return {}


def take_settlement(round_id: int, rescoring_id: int) -> dict[str, str]:
    """Approve or cancel as the form says; returns the faults by field."""
    _require_of(round_id, rescoring_id)
    try:
        with unit_of_work() as session:
            if request.form.get("answer") == "approve":
                seen = request.form.get("seen", "")
                rescoring.approve(session, actor(), rescoring_id=rescoring_id, seen=seen, now=now())
            else:
                note = request.form.get("note", "")
                rescoring.cancel(session, actor(), rescoring_id=rescoring_id, note=note, now=now())
    except Invalid as refusal:
        return {fault.field: sentence(fault.code, fault.params) for fault in refusal.faults}
    return {}


def _complaint_of(row: Round) -> Complaint | None:
    """The complaint of this round that the page was opened from."""
    key = request.values.get("complaint", type=int)
    found = complaints.one(db.session(), key) if key else None
    return found if found is not None and found.round_id == row.id else None


def _require_of(round_id: int, rescoring_id: int) -> None:
    if rescoring_id not in {item.row.id for item in reads.proposals(db.session(), round_id)}:
        raise NotFound("rescoring")


def _matrix(row: Round, item: reads.Proposal) -> dict[str, Any]:
    """The preview as the page shows it; ``refused`` says why it cannot be computed any more."""
    try:
        found = rescoring.preview(db.session(), item.row)
    except (Refused, Invalid, NotFound):
        return {"moved": [], "selections": [], "seen": "", "refused": sentence("rescoring_changed")}
    names = reads.products(db.session(), row.id, [line.code for line in found.moved])
    places = rules_in_force(row).places
    return {
        "moved": [
            {
                "code": line.code,
                "product": names.get(line.code, ""),
                "before": _said(line.before, places),
                "after": _said(line.after, places),
            }
            for line in found.moved
        ],
        "selections": [
            {"before": _word(before), "after": _word(after), "count": count}
            for (before, after), count in sorted(found.selections.items())
            if before != after
        ],
        "seen": found.seen,
        "refused": "",
        "new_points": [f"{_('Tiêu chí %(code)s', code=key)}: {text}" for key, text in sorted(item.row.points.items())],
    }


def _said(line: EntryResult, places: int) -> dict[str, str]:
    figure = line.published.replace(".", ",") if line.published is not None else points(None, places)
    return {"figure": figure, "place": str(line.place or "–"), "word": _word(line.selection or line.status)}


def _word(selection: str) -> str:
    return selection_badge(selection)["word"]


def _badge(state: RescoringState) -> dict[str, str]:
    word = state_word(state)
    return {"word": label(state), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}


def _sheets(row: Round, code: str) -> list[dict[str, Any]]:
    lines = reads.signed_sheets(db.session(), row.id, code, rules_in_force(row))
    if not lines:
        return []
    rubric = rubric_for(db.session(), row.id, lines[0].group)
    limits = sheet_points.bounds(rubric)
    return [
        {
            "row": line,
            "points": [
                {"code": key, "now": points(line.points.get(key)), "maximum": points(maximum), "step": points(step)}
                for key, (maximum, step) in limits.items()
            ],
        }
        for line in lines
    ]
