"""The link of an invitation to a panel: looked at by anybody who holds it, answered by a deliberate press of a button."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, PasswordField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional

from app.domain.errors import Invalid, NotFound
from app.domain.vocabulary import Phase
from app.infra.account_forms import CONSENT_VERSION
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.security import password_digest
from app.models.panel import PanelInvitation
from app.models.round import Round, RoundPhase
from app.queries.panels import groups_of
from app.services import panel_invitations
from app.services.panel_invitations import NewAccount, Told
from app.web.public import bp
from app.web.shared.actor import actor, forget_actor
from app.web.shared.form_base import BaseForm, LineField, TextField

_WINDOW = select(RoundPhase).where(RoundPhase.phase == Phase.JUDGING)
HEAD = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class AcceptForm(BaseForm):
    """What the judge says of themselves for this round."""

    groups = SelectMultipleField(
        _l("Nhóm sản phẩm bạn có chuyên môn"), description=_l("Không chọn nhóm nào nghĩa là chấm được mọi nhóm.")
    )
    maximum_load = IntegerField(
        _l("Số phiếu nhiều nhất bạn nhận chấm"), [Optional()], description=_l("Để trống nếu không giới hạn.")
    )
    available = RadioField(
        _l("Bạn có mặt trong thời gian chấm không"),
        [InputRequired()],
        choices=[
            SelectChoice("yes", _l("Có mặt, nhận phân công")),
            SelectChoice("no", _l("Vắng mặt, chưa nhận phân công")),
        ],
        default="yes",
    )


class NewAccountForm(AcceptForm):
    """The same for somebody without an account: the link proves the mailbox, the password is chosen here."""

    name = LineField(_l("Họ và tên"), [InputRequired()])
    password = PasswordField(_l("Mật khẩu"), [InputRequired()])
    consent = BooleanField(
        _l("Tôi đồng ý để hệ thống lưu và dùng thông tin này cho việc bình chọn."),
        [DataRequired(_l("Cần có sự đồng ý để lập tài khoản."))],
    )


class DeclineForm(BaseForm):
    """A word to who invited, if one likes."""

    answer = TextField(_l("Lời nhắn cho người mời"))


@bp.get("/loi-moi-giam-khao/<token>")
def panel_invitation(token: str) -> ResponseReturnValue:
    """Who invites to what; opening it, however often, and by whatever robot, changes nothing."""
    row = _found(token)
    return _page(row, token, _form_for(row))


@bp.post("/loi-moi-giam-khao/<token>/nhan")
def accept_seat(token: str) -> ResponseReturnValue:
    """Take the seat, with a new account where there is none."""
    row = _found(token)
    form = _form_for(row)
    if form.validate() and _password_fits(form):
        try:
            with unit_of_work() as session:
                account = _account(form) if isinstance(form, NewAccountForm) else None
                panel_invitations.accept(session, actor(), token=token, told=_told(form), account=account, now=now())
            return _welcome(row, has_account=account is None)
        except Invalid as refusal:
            form.take(refusal)
    return _page(_found(token), token, form, status=422)


@bp.post("/loi-moi-giam-khao/<token>/tu-choi")
def decline_seat(token: str) -> ResponseReturnValue:
    """Say no."""
    row = _found(token)
    form = DeclineForm()
    try:
        with unit_of_work() as session:
            panel_invitations.decline(session, token=token, answer=form.answer.data or "", now=now())
    except Invalid as refusal:
        form.take(refusal)
        return _page(row, token, _form_for(row, sent=False), decline=form, status=422)
    flash(_("Đã từ chối lời mời."), "done")
    return redirect(url_for("public.home"), 303)


def _found(token: str) -> PanelInvitation:
    row = panel_invitations.find(db.session(), token)
    if row is None:
        raise NotFound("invitation")
    return row


def _form_for(row: PanelInvitation, *, sent: bool = True) -> Any:
    """The form that this visitor answers with, starting from the organiser's words."""
    kind = NewAccountForm if panel_invitations.account_of(db.session(), row) is None else AcceptForm
    is_sent = sent and request.method == "POST"
    values = {"groups": list(row.groups), "maximum_load": row.maximum_load, "name": row.name, "available": "yes"}
    form: Any = kind() if is_sent else kind(formdata=None, data=values)
    form.groups.choices = groups_of(db.session(), row.round_id)
    return form


def _told(form: Any) -> Told:
    return Told(tuple(form.groups.data or ()), form.maximum_load.data, form.available.data == "yes")


def _account(form: NewAccountForm) -> NewAccount:
    return NewAccount(form.name.data or "", password_digest(form.password.data or ""), CONSENT_VERSION)


def _password_fits(form: Any) -> bool:
    """Hold the new password to the rules of sign-up."""
    if not isinstance(form, NewAccountForm):
        return True
    faults, _normal = current_app.extensions["security"]._password_util.validate(form.password.data, True)
    if faults:
        form.password.errors = list(faults)
    return not faults


def _welcome(row: PanelInvitation, *, has_account: bool) -> Response:
    if has_account:
        forget_actor()
        flash(_("Bạn đã vào ban giám khảo."), "done")
        return redirect(url_for("judge.queue", round_id=row.round_id), 303)
    flash(_("Bạn đã vào ban giám khảo. Hãy đăng nhập bằng thư điện tử và mật khẩu vừa đặt."), "done")
    return redirect(url_for("security.login", next=url_for("judge.queue", round_id=row.round_id)), 303)


def _page(
    row: PanelInvitation, token: str, form: Any, *, decline: DeclineForm | None = None, status: int = 200
) -> ResponseReturnValue:
    session, person = db.session(), actor()
    there = panel_invitations.account_of(session, row)
    round_ = session.get_one(Round, row.round_id)
    page = render_template(
        "public/panel_invitation.html",
        row=row,
        round_name=round_.name,
        window=session.scalar(_WINDOW.where(RoundPhase.round_id == row.round_id)),
        token=token,
        state=_state(row, round_),
        form=form,
        decline=decline or DeclineForm(formdata=None),
        has_account=there is not None,
        is_theirs=there is not None and there.id == person.user_id,
    )
    return page, status, HEAD


def _state(row: PanelInvitation, round_: Round) -> str:
    if row.accepted_at is not None:
        return "used"
    if row.closed_at is not None:
        return "closed"
    if row.expires_at <= now():
        return "expired"
    return "open" if round_.frozen_digest is None else "frozen"
