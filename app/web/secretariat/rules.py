"""The rules of a round: every value with where it comes from; closed once judging has opened."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid, Stale
from app.domain.phases import Verb
from app.domain.policies import can
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.services import freezing, rounds
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.rules_form import rows_of, rules_form, typed_rules, values_of
from app.web.shared.actor import actor


@bp.route("/dot/<int:round_id>/quy-tac", methods=["GET", "POST"])
def rules(round_id: int) -> ResponseReturnValue:
    """The rule set of the round."""
    row = own_round(round_id)
    form = rules_form(row)(data=values_of(freezing.rules_of(row), row.version))
    theirs: dict[str, object] | None = None
    if form.validate_on_submit():
        try:
            typed = typed_rules(form, row)
            version = int(form.version.data) if str(form.version.data).isdigit() else -1
            with unit_of_work() as session:
                rounds.set_rules(session, actor(), round_id=round_id, rules=typed, version=version, now=now())
        except Invalid as refusal:
            form.take(refusal)
        except Stale as refusal:
            theirs = refusal.theirs
            form.version.data = refusal.version
        else:
            flash(_("Đã lưu quy tắc của đợt."), "success")
            return redirect(url_for("secretariat.rules", round_id=round_id), 303)
    row = own_round(round_id)
    page = render_template(
        "secretariat/rules.html",
        form=form,
        sections=rows_of(form),
        theirs=theirs,
        editable=row.frozen_digest is None and can(actor(), Verb.EDIT_RULES, row),
        **round_context(row, "rules"),
    )
    return page, 409 if theirs is not None else 422 if form.is_submitted() else 200
