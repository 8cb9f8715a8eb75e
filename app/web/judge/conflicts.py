"""The conflict gate, and the chair's rulings.

Judges answer by facility: an interest lies in a facility, and so a blind round does not tell which
code is whose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.vocabulary import ConflictRuling
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import panels
from app.queries.panels import DeclarableFacility
from app.services import conflicts
from app.web.judge import bp
from app.web.judge.desk import HINT_WORDS, KIND_WORDS, badge_of, chaired_round, my_round, rules
from app.web.shared.actor import actor
from app.web.shared.words import sentence


@bp.get("/dot/<int:round_id>/khai-bao")
def declaration(round_id: int) -> ResponseReturnValue:
    """The gate: whose products will be judged, and has the judge an interest in any."""
    return _page(round_id, {}, {})


@bp.post("/dot/<int:round_id>/khai-bao")
def declare(round_id: int) -> ResponseReturnValue:
    """Take the answer: none, these, or later."""
    my_round(round_id)
    if request.form.get("answer") == "later":
        with unit_of_work() as session:
            conflicts.answer_later(session, actor(), round_id=round_id, now=now())
        flash(_("Đã ghi nhận. Hồ sơ sẽ mở khi bạn khai xong."), "info")
        return redirect(url_for("judge.queue", round_id=round_id), 303)
    facilities = panels.declarable(db.session(), actor(), round_id)
    told = _typed(facilities)
    try:
        if request.form.get("answer") == "conflict" and not told:
            raise Invalid.one("answer", "conflict_facility_missing")
        if request.form.get("answer") == "none" and told:
            raise Invalid.one("answer", "conflict_contradiction")
        with unit_of_work() as session:
            conflicts.declare(session, actor(), round_id=round_id, conflicts=_by_entry(facilities, told), now=now())
    except Invalid as refusal:
        return _page(round_id, told, _errors(facilities, refusal)), 422
    flash(_("Đã ghi nhận khai báo của bạn."), "success")
    return redirect(url_for("judge.queue", round_id=round_id), 303)


@bp.get("/dot/<int:round_id>/xung-dot")
def rulings(round_id: int) -> ResponseReturnValue:
    """What judges declared, for the chair to rule on."""
    return _rulings_page(round_id, {})


@bp.post("/dot/<int:round_id>/xung-dot/<int:declaration_id>")
def rule(round_id: int, declaration_id: int) -> ResponseReturnValue:
    """The chair's ruling on one declaration."""
    chaired_round(round_id)
    ruling = ConflictRuling(request.form["ruling"]) if request.form.get("ruling") in RULINGS else ConflictRuling.PENDING
    try:
        with unit_of_work() as session:
            conflicts.rule(
                session,
                actor(),
                declaration_id=declaration_id,
                ruling=ruling,
                note=request.form.get("note", ""),
                now=now(),
            )
    except Invalid as refusal:
        fault = refusal.faults[0]
        return _rulings_page(round_id, {declaration_id: sentence(fault.code, fault.params)}), 422
    flash(_("Đã ghi quyết định và báo cho giám khảo."), "success")
    return redirect(url_for("judge.rulings", round_id=round_id), 303)


RULINGS = frozenset({ConflictRuling.RECUSED.value, ConflictRuling.DISMISSED.value})


def _page(round_id: int, told: Mapping[int, tuple[str, str]], errors: Mapping[int | str, str]) -> str:
    row = my_round(round_id)
    return render_template(
        "judge/declaration.html",
        round_=row,
        blind=rules(row).blind,
        facilities=panels.declarable(db.session(), actor(), round_id),
        told=told,
        errors=errors,
        kinds=KIND_WORDS,
        hints=HINT_WORDS,
        badge_of=badge_of,
    )


def _rulings_page(round_id: int, errors: Mapping[int, str]) -> str:
    return render_template(
        "judge/rulings.html",
        round_=chaired_round(round_id),
        rows=panels.declarations(db.session(), round_id),
        kinds=KIND_WORDS,
        errors=errors,
        badge_of=badge_of,
        typed=request.form.get("note", ""),
        ConflictRuling=ConflictRuling,
    )


def _typed(facilities: Sequence[DeclarableFacility]) -> dict[int, tuple[str, str]]:
    """Facility id -> kind and reason, for every facility that was ticked."""
    return {
        facility.id: (request.form.get(f"kind-{facility.id}", ""), request.form.get(f"reason-{facility.id}", ""))
        for facility in facilities
        if facility.ruling is None and f"facility-{facility.id}" in request.form
    }


def _by_entry(facilities: Sequence[DeclarableFacility], told: Mapping[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    return {entry.id: told[item.id] for item in facilities if item.id in told for entry in item.entries}


def _errors(facilities: Sequence[DeclarableFacility], refusal: Invalid) -> dict[int | str, str]:
    """The fault of an entry stands at its facility."""
    owner = {str(entry.id): item.id for item in facilities for entry in item.entries}
    return {owner.get(fault.field, fault.field): sentence(fault.code, fault.params) for fault in refusal.faults}
