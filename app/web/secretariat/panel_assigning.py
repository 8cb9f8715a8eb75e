"""Who judges what: looked at as a matrix before it is applied."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries.assigning import Assigning, forbidden_pairs, gather
from app.services import assigning
from app.services.assigning import Preview
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.words import sentence
from scoring.assignment import Mode

PER_ENTRY_DEFAULT = 5


@bp.get("/dot/<int:round_id>/phan-cong")
def panel_assigning(round_id: int) -> ResponseReturnValue:
    """What is assigned; with a mode chosen, what would be."""
    require_own(round_id)
    if "mode" not in request.args:
        return _page(round_id)
    asked = _asked(request.args)
    try:
        shown = assigning.preview(db.session(), actor(), round_id=round_id, **asked)
    except Refused as refusal:
        return _page(round_id, refusal=refusal), refusal.status
    except Invalid as refusal:
        fault = refusal.faults[0]
        return _page(round_id, fault=sentence(fault.code, fault.params)), 422
    return _page(round_id, shown=shown)


@bp.post("/dot/<int:round_id>/phan-cong")
def assign_judges(round_id: int) -> ResponseReturnValue:
    """Apply the plan that was previewed."""
    require_own(round_id)
    asked = _asked(request.form)
    try:
        with unit_of_work() as session:
            plan = request.form.get("plan")
            count = assigning.assign(session, actor(), round_id=round_id, expected=plan, now=now(), **asked)
    except Refused as refusal:
        if refusal.code not in ("plan_changed", "assignment_infeasible", "nothing_to_assign"):
            raise
        return _page(round_id, refusal=refusal), refusal.status
    flash(_("Đã phân công: %(count)s phiếu đang có hiệu lực.", count=count), "success")
    return redirect(url_for("secretariat.panel_assigning", round_id=round_id), 303)


def _asked(values: Any) -> dict[str, Any]:
    mode = values.get("mode", "")
    return {
        "mode": Mode(mode) if mode in {item.value for item in Mode} else Mode.ALL,
        "per_entry": _number(values.get("per_entry")),
        "seed": _number(values.get("seed")),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _page(round_id: int, shown: Preview | None = None, refusal: Refused | None = None, fault: str | None = None) -> str:
    row = own_round(round_id)
    found = shown.assigning if shown else gather(db.session(), round_id)
    return render_template(
        "secretariat/panel_assigning.html",
        found=found,
        shown=shown,
        refusal=sentence(refusal.code, refusal.params) if refusal else None,
        shortages=refusal.params.get("shortages", ()) if refusal else (),
        fault=fault,
        cells=_cells(found, shown),
        loads=shown.plan.loads if shown else _loads(found),
        asked=request.values,
        per_entry_default=PER_ENTRY_DEFAULT,
        may_assign=can(actor(), Verb.ASSIGN, row),
        Mode=Mode,
        **round_context(row, "panel"),
    )


def _cells(found: Assigning, shown: Preview | None) -> dict[tuple[str, str], str]:
    """State of each pair that has one: kept, new, dropped or conflict."""
    cells = dict.fromkeys(forbidden_pairs(found), "conflict")
    cells |= dict.fromkeys(found.in_force, "kept")
    if shown:
        cells |= dict.fromkeys(shown.added, "new") | dict.fromkeys(shown.dropped, "dropped")
    return cells


def _loads(found: Assigning) -> dict[str, int]:
    loads = {judge.code: 0 for judge in found.judges}
    for _entry, judge in found.in_force:
        loads[judge] = loads.get(judge, 0) + 1
    return loads
