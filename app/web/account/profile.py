"""A person's account: what they say about themselves, and their parts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.errors import Invalid, NotFound
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.i18n import keep_language
from app.queries import people
from app.services import accounts
from app.services.accounts import LANGUAGES
from app.web.account import bp
from app.web.shared.actor import actor, forget_actor
from app.web.shared.form_base import BaseForm, LineField


class ProfileForm(BaseForm):
    """What a person says about themselves; certificates and minutes print name and title."""

    name = LineField(_l("Họ và tên"), [InputRequired(), Length(max=120)])
    phone = LineField(_l("Điện thoại"), [Optional(), Length(max=32)])
    title = LineField(_l("Chức danh"), [Optional(), Length(max=120)])
    employer = LineField(_l("Nơi công tác"), [Optional(), Length(max=200)])
    language = SelectField(_l("Ngôn ngữ"), choices=[("vi", "Tiếng Việt"), ("en", "English")], validate_choice=False)


@bp.route("/tai-khoan/cua-toi", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Show and edit the person's own data."""
    found = people.person(db.session(), actor().user_id or 0)
    if found is None:
        raise NotFound("user")
    form = ProfileForm(obj=found.user)
    if form.is_submitted():
        if form.validate() and _saved(form):
            flash(_("Đã lưu tài khoản."), "done")
            return redirect(url_for("account.profile"), 303)
        return _page(form, found), 422
    return _page(form, found)


def _saved(form: ProfileForm) -> bool:
    try:
        with unit_of_work() as session:
            accounts.edit_profile(
                session,
                actor(),
                name=form.name.data or "",
                phone=form.phone.data or "",
                title=form.title.data or "",
                employer=form.employer.data or "",
                language=form.language.data or LANGUAGES[0],
                now=now(),
            )
    except Invalid as refusal:
        form.take(refusal)
        return False
    keep_language(form.language.data or LANGUAGES[0])
    forget_actor()
    return True


def _page(form: ProfileForm, found: people.Person) -> str:
    grants = [grant for grant in found.grants if not grant.is_over(now())]
    return render_template("account/profile.html", form=form, found=found, grants=grants)
