"""Other systems that are told of what happens in a round: addresses, and the log of what was sent."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length

from app.domain.errors import Invalid
from app.infra import outgoing
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.models.round import Round
from app.models.webhook import WebhookSubscription
from app.queries.among import among
from app.services import webhooks as verbs
from app.web.secretariat import bp
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.words import label, state_word

LOGGED = 100
EVENT_WORDS = {
    "entry.submitted": _l("Hồ sơ được nộp"),
    "entry.withdrawn": _l("Hồ sơ được rút"),
    "entry.accepted": _l("Hồ sơ được chấp nhận"),
    "entry.refused": _l("Hồ sơ bị từ chối"),
    "entry.supplement_requested": _l("Hồ sơ được trả bổ sung"),
    "round.moved": _l("Đợt chuyển giai đoạn"),
    "round.published": _l("Kết quả được công bố"),
    "certificate.reissued": _l("Giấy chứng nhận được cấp lại"),
    "certificate.revoked": _l("Giấy chứng nhận bị thu hồi"),
}


class WebhookForm(BaseForm):
    """Where, of which round, of what."""

    url = LineField(_l("Địa chỉ nhận"), [InputRequired(), Length(max=1000)])
    round_id = SelectField(_l("Đợt bình chọn"))
    events = SelectMultipleField(_l("Sự kiện"), choices=list(EVENT_WORDS.items()))


@bp.route("/bao-he-thong", methods=["GET", "POST"])
def webhooks() -> ResponseReturnValue:
    """The addresses; add one and show its secret, this once."""
    form = WebhookForm()
    form.round_id.choices = _rounds()
    if not form.is_submitted():
        return _page(form)
    if form.validate():
        try:
            return _page(form, _added(form))
        except Invalid as refusal:
            form.take(refusal)
    return _page(form), 422


@bp.get("/bao-he-thong/<int:subscription_id>")
def webhook(subscription_id: int) -> str:
    """What was sent to one address."""
    session = db.session()
    row = verbs.find(session, actor(), subscription_id)
    lines = [(item, _badge(item.state)) for item in verbs.deliveries(session, subscription_id, limit=LOGGED)]
    return render_template(
        "secretariat/webhook.html", row=row, lines=lines, words=EVENT_WORDS, limit=LOGGED, most=verbs.MAXIMUM_ATTEMPTS
    )


@bp.post("/bao-he-thong/<int:subscription_id>/ngung")
def end_webhook(subscription_id: int) -> Response:
    """Send nothing more."""
    with unit_of_work() as session:
        verbs.end(session, actor(), subscription_id=subscription_id, now=now())
    flash(_("Đã ngừng gửi tới địa chỉ này."), "done")
    return redirect(url_for("secretariat.webhooks"), 303)


@bp.post("/bao-he-thong/<int:subscription_id>/gui-lai/<int:delivery_id>")
def resend_webhook(subscription_id: int, delivery_id: int) -> Response:
    """Send one message again."""
    with unit_of_work() as session:
        verbs.resend(session, actor(), subscription_id=subscription_id, delivery_id=delivery_id, now=now())
    flash(_("Đã xếp gửi lại."), "done")
    return redirect(url_for("secretariat.webhook", subscription_id=subscription_id), 303)


def _added(form: WebhookForm) -> str:
    settings = toolbox().settings
    url, private = form.url.data or "", settings.webhook_private_allowed
    try:
        outgoing.look_at(url, private=private, plain=private and not settings.is_production)
    except outgoing.Unreachable as fault:
        code = "webhook_url" if str(fault) == "malformed" else "webhook_url_private"
        raise Invalid.one("url", code) from fault
    with unit_of_work() as session:
        row = verbs.subscribe(
            session,
            actor(),
            url=url,
            events=form.events.data or (),
            round_id=int(form.round_id.data) if form.round_id.data else None,
            now=now(),
        )
        return verbs.secret_of(row, toolbox().webhook_key)


def _page(form: WebhookForm, secret: str = "") -> str:
    names = dict(_rounds())
    rows = verbs.of_actor(db.session(), actor())
    return render_template(
        "secretariat/webhooks.html",
        form=form,
        secret=secret,
        rows=[(row, names.get(str(row.round_id or ""), ""), _events(row)) for row in rows],
    )


def _rounds() -> list[tuple[str, Any]]:
    """The rounds that may be chosen: one's own; administrators choose all of them together, or one."""
    statement = select(Round.id, Round.name).order_by(Round.id.desc())
    if not actor().is_administrator:
        statement = statement.where(among(Round.id, actor().secretary_of))
    everything = [("", _("Mọi đợt"))] if actor().is_administrator else []
    return everything + [(str(row.id), row.name) for row in db.session.execute(statement)]


def _events(row: WebhookSubscription) -> list[Any]:
    return [EVENT_WORDS[event] for event in row.events]


def _badge(state: Any) -> dict[str, str]:
    word = state_word(state)
    return {"word": label(state), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}
