"""Parts that a person lends to others, and parts that were lent to them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.deadlines import end_of_day_local
from app.domain.errors import Invalid
from app.domain.vocabulary import DelegatedPart
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import delegations as reads
from app.services import delegations as verbs
from app.web.account import bp
from app.web.shared.actor import actor, forget_actor
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.words import label


class LendForm(BaseForm):
    """Which part, to whom, until when."""

    part = SelectField(_l("Phần việc"), validate_choice=True)
    email = LineField(_l("Thư điện tử của người nhận"), [InputRequired(), Length(max=254)])
    valid_until = DateField(_l("Đến hết ngày"), [InputRequired()])
    reason = LineField(_l("Lý do"), [Optional(), Length(max=200)])


@bp.route("/tai-khoan/uy-quyen", methods=["GET", "POST"])
def delegations() -> ResponseReturnValue:
    """Show both sides; lend a part."""
    form = LendForm()
    form.part.choices = [
        (f"{part.value}:{round_id}", f"{label(part)}, {name}")
        for round_id, name, part in reads.lendable(db.session(), actor())
    ]
    if form.is_submitted():
        if form.validate() and _lent(form):
            flash(_("Đã ủy quyền."), "done")
            return redirect(url_for("account.delegations"), 303)
        return _page(form), 422
    return _page(form)


@bp.post("/tai-khoan/uy-quyen/<int:delegation_id>/ket-thuc")
def end_delegation(delegation_id: int) -> Response:
    """End a loan early."""
    with unit_of_work() as session:
        verbs.end(session, actor(), delegation_id=delegation_id, now=now())
    forget_actor()
    flash(_("Đã kết thúc ủy quyền."), "done")
    return redirect(url_for("account.delegations"), 303)


def _lent(form: LendForm) -> bool:
    word, _colon, round_id = str(form.part.data).partition(":")
    assert form.valid_until.data is not None
    try:
        with unit_of_work() as session:
            verbs.lend(
                session,
                actor(),
                round_id=int(round_id),
                part=DelegatedPart(word),
                email=form.email.data or "",
                valid_until=end_of_day_local(form.valid_until.data),
                reason=form.reason.data or "",
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return False
    return True


def _page(form: LendForm) -> str:
    present, own_id = now(), actor().user_id
    lines = [(line, line.is_over(present)) for line in reads.of_person(db.session(), own_id or 0)]
    return render_template(
        "account/delegations.html",
        form=form,
        given=[item for item in lines if item[0].giver_id == own_id],
        taken=[item for item in lines if item[0].giver_id != own_id],
    )
