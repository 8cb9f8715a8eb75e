"""A round's messages: what it says at each event, and messages to a group that are shown before they go."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.messages import EVENTS, OUTSIDE, preview
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.message import BulkMessage, MessageRule
from app.services import bulk, messages
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, require_own, round_context
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.words import sentence


class RuleForm(BaseForm):
    """What is said at an event."""

    by_mail = BooleanField(_l("Gửi qua thư điện tử"))
    off = BooleanField(_l("Tắt hẳn tin này ở đợt này"))
    subject = LineField(_l("Tiêu đề"))
    body = TextField(_l("Nội dung"))


class BulkForm(BaseForm):
    """A message to a group."""

    audience = SelectField(_l("Gửi tới"), validators=[InputRequired()])
    subject = LineField(_l("Tiêu đề"))
    body = TextField(_l("Nội dung"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = [(code, _(label)) for code, (label, _names) in bulk.AUDIENCES.items()]


@bp.get("/dot/<int:round_id>/tin")
def round_messages(round_id: int) -> str:
    """The events with their rules, and what was sent to groups."""
    row = own_round(round_id)
    session = db.session()
    rules = {rule.event: rule for rule in session.scalars(select(MessageRule).where(MessageRule.round_id == round_id))}
    sent = session.scalars(
        select(BulkMessage).where(BulkMessage.round_id == round_id).order_by(BulkMessage.id.desc()).limit(50)
    ).all()
    return render_template(
        "secretariat/messages.html",
        events=[(event, _(event.label), rules.get(code)) for code, event in EVENTS.items()],
        outside=[(_(event.label), preview(event.subject), preview(event.body)) for event in OUTSIDE.values()],
        sent=[(one, _(bulk.AUDIENCES[one.audience][0])) for one in sent],
        **round_context(row, "messages"),
    )


@bp.route("/dot/<int:round_id>/tin/su-kien/<event>", methods=["GET", "POST"])
def message_rule(round_id: int, event: str) -> ResponseReturnValue:
    """What the round says at one event, with a preview; POST keeps it."""
    row, default = own_round(round_id), EVENTS.get(event)
    if default is None:
        raise NotFound("event")
    rule = db.session().get(MessageRule, (round_id, event))
    form = RuleForm(
        data={
            "by_mail": rule.by_mail if rule else True,
            "off": rule.off if rule else False,
            "subject": (rule and rule.subject) or default.subject,
            "body": (rule and rule.body) or default.body,
        }
    )
    if form.is_submitted() and _kept(round_id, event, form):
        flash(_("Đã lưu tin."), "done")
        return redirect(url_for("secretariat.message_rule", round_id=round_id, event=event), 303)
    shown = None if form.errors or form.form_errors else (preview(form.subject.data), preview(form.body.data))
    page = render_template(
        "secretariat/message_rule.html", event=default, form=form, shown=shown, label=_(default.label),
        **round_context(row, "messages"),
    )  # fmt: skip
    return page, 200 if shown else 422


def _kept(round_id: int, event: str, form: RuleForm) -> bool:
    try:
        with unit_of_work() as session:
            messages.set_rule(
                session, actor(), round_id=round_id, event=event, off=form.off.data,
                by_mail=form.by_mail.data or (EVENTS[event].lawful and not form.off.data),
                subject=form.subject.data or "", body=form.body.data or "", now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        form.take(refusal)
        return False
    except Refused as refusal:
        form.form_errors.append(sentence(refusal.code, refusal.params))
        return False
    return True


@bp.route("/dot/<int:round_id>/tin/soan", methods=["GET", "POST"])
def compose_bulk(round_id: int) -> ResponseReturnValue:
    """Write to a group; POST shows who would get what, and sends nothing."""
    row, form, letters = own_round(round_id), BulkForm(), None
    if form.is_submitted() and form.validate():
        try:
            letters = bulk.letters(db.session(), actor(), round_id=round_id, **_typed(form))
        except Invalid as refusal:
            form.take(refusal)
    page = render_template(
        "secretariat/message_bulk.html",
        form=form,
        letters=letters,
        placeholders=[(_(label), names) for label, names in bulk.AUDIENCES.values()],
        **round_context(row, "messages"),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _typed(form: BulkForm) -> dict[str, str]:
    return {"audience": form.audience.data, "subject": form.subject.data or "", "body": form.body.data or ""}


@bp.post("/dot/<int:round_id>/tin/gui")
def send_bulk(round_id: int) -> Response:
    """Send what was shown."""
    require_own(round_id)
    form = BulkForm()
    if not form.validate():
        raise NotFound("message")
    with unit_of_work() as session:
        count = request.form.get("count", 0, type=int)
        bulk.ask(session, actor(), round_id=round_id, **_typed(form), count=count, now=now())
    flash(_("Tin đang được gửi tới %(count)s người.", count=count), "done")
    return redirect(url_for("secretariat.round_messages", round_id=round_id), 303)
