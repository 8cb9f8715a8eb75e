"""Signing in through the provider of a single sign-on, and linking one's account with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.utils import login_user
from werkzeug.wrappers import Response

from app.domain.errors import NotFound, Refused
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.logging import get_logger
from app.infra.single_sign_on import provider
from app.models.account import User
from app.services import identities
from app.services.identities import Claims
from app.web.account import bp as account_bp
from app.web.account.messages import own_path
from app.web.shared.actor import actor
from app.web.shared.words import sentence

bp = Blueprint("oidc", __name__)


@bp.get("/tai-khoan/dang-nhap-mot-lan")
def start() -> Response:
    """Go to the provider; come back to the answer below."""
    if provider() is None:
        raise NotFound
    session["oidc_next"] = own_path(request.args.get("next", ""))
    answer: Response = provider().authorize_redirect(url_for("oidc.answer", _external=True))
    return answer


@bp.get("/tai-khoan/dang-nhap-mot-lan/ve")
def answer() -> Response:
    """What the provider says: sign its person in, or link it with whoever is signed in here."""
    if provider() is None:
        raise NotFound
    claims = _claims()
    if claims is None:
        flash(_("Đăng nhập một lần không thành. Hãy thử lại hoặc dùng mật khẩu."), "error")
        return redirect(url_for("security.login"))
    if current_user.is_authenticated:
        return _linked(claims)
    return _signed_in(claims)


@account_bp.post("/tai-khoan/dang-nhap-mot-lan/<int:identity_id>/bo")
def unlink_identity(identity_id: int) -> Response:
    """Take a link off."""
    with unit_of_work() as transaction:
        identities.unlink(transaction, actor(), identity_id=identity_id, now=now())
    flash(_("Đã bỏ liên kết đăng nhập một lần."), "done")
    return redirect(url_for("account.protection"), 303)


def _claims() -> Claims | None:
    """The checked claims of the identity token, or nothing if the answer does not hold."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    try:
        token: dict[str, Any] = provider().authorize_access_token()
    except (AuthlibBaseError, JoseError, RequestException) as error:
        get_logger().warning("single sign-on failed", error=type(error).__name__)
        return None
    told = token.get("userinfo") or {}
    if not told.get("sub") or not told.get("iss"):
        return None
    return Claims(
        issuer=str(told["iss"]),
        subject=str(told["sub"]),
        email=str(told.get("email") or ""),
        email_verified=told.get("email_verified") is True,
    )


def _linked(claims: Claims) -> Response:
    try:
        with unit_of_work() as transaction:
            identities.link(transaction, actor(), claims, now=now())
    except Refused as refusal:
        flash(sentence(refusal.code), "error")
    else:
        flash(_("Đã liên kết tài khoản với đăng nhập một lần."), "done")
    return redirect(url_for("account.protection"))


def _signed_in(claims: Claims) -> Response:
    next_path = session.pop("oidc_next", "") or url_for("account.desk")
    try:
        with unit_of_work() as transaction:
            person = identities.person_of(transaction, claims, now=now())
            response = _enter(person, next_path)
    except NotFound:
        flash(_("Địa chỉ này chưa có tài khoản ở đây. Hãy lập tài khoản bằng chính địa chỉ đó."), "warning")
        return redirect(url_for("security.register", email=claims.email))
    except Refused as refusal:
        flash(sentence(refusal.code), "error")
        return redirect(url_for("security.login"))
    return response


def _enter(person: User, next_path: str) -> Response:
    """Through the second factor if there is one, as after a password."""
    step: Response | None = current_app.extensions["security"].two_factor_plugins.tf_enter(
        person, False, "oidc", next_loc=next_path
    )
    if step is not None:
        return step
    login_user(person, remember=False, authn_via=["oidc"])
    return redirect(next_path)
