"""Tokens with which the person's programs read and write: made, shown once, revoked."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, Length

from app.domain.errors import Invalid
from app.domain.scopes import Scope
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.services import api_tokens
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField

SCOPE_WORDS = {
    Scope.CATALOGUE_READ: _l("Đọc đợt, nhóm sản phẩm, đơn vị hành chính"),
    Scope.ENTRIES_READ: _l("Đọc hồ sơ và cơ sở"),
    Scope.ENTRIES_WRITE: _l("Đăng ký, sửa, nộp, rút hồ sơ của cơ sở mình"),
    Scope.JUDGING_READ: _l("Đọc danh sách phiếu của chính mình"),
    Scope.RESULTS_READ: _l("Đọc kết quả và thống kê"),
    Scope.CERTIFICATES_READ: _l("Đọc giấy chứng nhận"),
}


class TokenForm(BaseForm):
    """Which program, what for, how long."""

    name = LineField(_l("Tên phần mềm"), [InputRequired(), Length(max=100)])
    scopes = SelectMultipleField(_l("Phạm vi"), choices=[(scope.value, words) for scope, words in SCOPE_WORDS.items()])
    days = IntegerField(_l("Số ngày hiệu lực"), [InputRequired()], default=90)


@bp.route("/tai-khoan/ma-truy-cap", methods=["GET", "POST"])
def tokens() -> ResponseReturnValue:
    """List the person's tokens; make one and show its word, this once."""
    form = TokenForm()
    if not form.is_submitted():
        return _page(form)
    if form.validate():
        try:
            with unit_of_work() as session:
                _row, word = api_tokens.make(
                    session,
                    actor(),
                    name=form.name.data or "",
                    scopes=[Scope(value) for value in form.scopes.data or ()],
                    days=form.days.data or 0,
                    now=now(),
                )
            return _page(TokenForm(formdata=None), word)
        except Invalid as refusal:
            form.take(refusal)
    return _page(form), 422


@bp.post("/tai-khoan/ma-truy-cap/<int:token_id>/thu-hoi")
def revoke_token(token_id: int) -> Response:
    """End one of the person's tokens."""
    with unit_of_work() as session:
        api_tokens.revoke(session, actor(), token_id=token_id, now=now())
    flash(_("Đã thu hồi mã truy cập."), "done")
    return redirect(url_for("account.tokens"), 303)


def _page(form: TokenForm, word: str = "") -> str:
    rows = api_tokens.of_person(db.session(), actor().user_id or 0)
    return render_template(
        "account/tokens.html",
        form=form,
        word=word,
        rows=[(row, api_tokens.is_alive(row, now()), [SCOPE_WORDS[Scope(scope)] for scope in row.scopes]) for row in rows],
    )
