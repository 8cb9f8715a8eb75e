"""Sets: passing entries of one facility that the council is to decide on together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.phases import Verb
from app.domain.policies import can
from app.domain.rules import RuleSet
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.reference import programme_settings
from app.models.round import Round
from app.queries import merging as reads
from app.queries.council import rules_in_force
from app.services import merging as services
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.formats import local
from app.web.shared.words import sentence
from scoring.combining import publish

RULE_WORDS = {"highest": "Lấy điểm cao nhất", "lowest": "Lấy điểm thấp nhất"}


@bp.get("/dot/<int:round_id>/ghep-bo")
def merging(round_id: int) -> str:
    """What could be merged, and the sets that were made."""
    return _page(own_round(round_id), {}, {})


@bp.post("/dot/<int:round_id>/ghep-bo")
def merge_entries(round_id: int) -> ResponseReturnValue:
    """Make a set; the result is computed anew."""
    row = own_round(round_id)
    try:
        with unit_of_work() as session:
            made = services.merge(
                session,
                actor(),
                round_id=round_id,
                entry_ids=request.form.getlist("entries", type=int),
                name=request.form.get("name", ""),
                rule=request.form.get("rule", ""),
                reason=request.form.get("reason", ""),
                now=now(),
            )
            name = made.name
    except Invalid as refusal:
        return _page(row, request.form, {fault.field: sentence(fault.code, fault.params) for fault in refusal.faults}), 422
    flash(_("Đã ghép thành bộ %(name)s và tính lại kết quả.", name=name), "success")
    return redirect(url_for("secretariat.merging", round_id=round_id), 303)


@bp.post("/dot/<int:round_id>/ghep-bo/<int:merge_id>/tach")
def separate_entries(round_id: int, merge_id: int) -> ResponseReturnValue:
    """Take a set apart; the result is computed anew."""
    require_own(round_id)
    with unit_of_work() as session:
        services.separate(session, actor(), merge_id=merge_id, now=now())
    flash(_("Đã tách bộ và tính lại kết quả."), "success")
    return redirect(url_for("secretariat.merging", round_id=round_id), 303)


def _page(row: Round, typed: Any, faults: dict[str, str]) -> str:
    session = db.session()
    return render_template(
        "secretariat/merging.html",
        choices=reads.choices(session, row.id, RuleSet.from_dict(row.rules).pass_mark),
        merges=reads.merges(session, row.id),
        group_names={group.group_code: _(group.name) for group in row.groups},
        usual_rule=programme_settings()["merge_points"].value,
        shown=lambda figure: local(publish(Fraction(figure), rules_in_force(row).places)),
        rule_words={rule: _(text) for rule, text in RULE_WORDS.items()},
        may=can(actor(), Verb.MERGE, row),
        typed=typed,
        faults=faults,
        **round_context(row, "results"),
    )
