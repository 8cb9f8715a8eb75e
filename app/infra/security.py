"""Accounts through Flask-Security: its configuration, its datastore, and the one way to set passwords."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Response, request
from flask_security import RoleMixin, Security, SQLAlchemySessionUserDatastore, hash_password
from itsdangerous import Serializer
from sqlalchemy import String, bindparam, select

from app.infra.account_forms import (
    NewPasswordForm,
    PasswordForm,
    RecoverForm,
    SignInForm,
    SignUpForm,
    is_refused_form,
)
from app.infra.account_mail import AccountMail
from app.infra.account_trail import init_trail
from app.infra.clock import now
from app.infra.database import db, write_from_the_start
from app.infra.passwords import Passwords
from app.infra.refused_sign_ins import init_refused_sign_ins
from app.infra.second_factor import OneTimeCodes, Passkeys, second_factor_config
from app.infra.security_words import CATALOGUES, as_config
from app.infra.settings import Settings
from app.models.account import User
from app.models.sign_in import Passkey

PASSWORD_MINIMUM = 10
# Published in the README: accounts that carry it are marked as demo and refused in production mode.
DEMO_PASSWORD = "mat-khau-mau-2026"
# OWASP's smallest Argon2id setting: the library's default costs 150 ms and more a check.
ARGON2 = {"argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1}

# Links in mails: the library writes when they are followed.
WRITING_LINKS = ("security.confirm_email", "security.change_email_confirm")


_BY_MARK = select(User).where(User.fs_uniquifier == bindparam("mark", type_=String))


class NoRole(RoleMixin):
    """Flask-Security wants a role class; rights here come from grants and seats."""

    name = ""


class Accounts(SQLAlchemySessionUserDatastore):
    """The library's store of accounts; new ones carry the time of their making."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """As the library's, with a statement built once for what every request asks: whose cookie it is."""
        if set(kwargs) == {"fs_uniquifier"}:
            return db.session().scalar(_BY_MARK, {"mark": kwargs["fs_uniquifier"]})
        return cast("User | None", super().find_user(case_insensitive, **kwargs))

    def _prepare_create_user_args(self, **values: Any) -> dict[str, Any]:
        prepared = super()._prepare_create_user_args(**values)  # type: ignore[no-untyped-call]
        prepared.pop("roles")
        prepared.pop("consent", None)
        return {"created_at": now(), **prepared}


def init_security(app: Flask, settings: Settings) -> None:
    """Attach Flask-Security with our paths, templates and strengths."""
    app.config.update(_config(settings))
    library = Security(
        app,
        Accounts(db.session, User, NoRole, Passkey),
        register_blueprint=True,
        password_util_cls=Passwords,
        mail_util_cls=AccountMail,
        totp_cls=OneTimeCodes,
        webauthn_util_cls=Passkeys,
        login_form=SignInForm,
        register_form=SignUpForm,
        forgot_password_form=RecoverForm,
        reset_password_form=NewPasswordForm,
        change_password_form=PasswordForm,
    )

    _seal_with_the_present_key(library)
    init_trail(app)
    init_refused_sign_ins(app)

    @app.before_request
    def lock_for_accounts() -> None:
        # The library's own views read an account and then write it in one transaction.
        if request.blueprint == "security" and (request.method == "POST" or request.endpoint in WRITING_LINKS):
            write_from_the_start()

    @app.after_request
    def refuse_plainly(response: Response) -> Response:
        if is_refused_form(request.endpoint or "", response.status_code):
            response.status_code = 422
        return response


def _seal_with_the_present_key(library: Any) -> None:
    """The library lists the present SECRET_KEY first, and the last key is the one that signs."""
    for part in vars(library).values():
        if isinstance(part, Serializer):
            part.secret_keys.reverse()


def _config(settings: Settings) -> dict[str, Any]:
    secure = settings.base_url.startswith("https://")
    return {
        **as_config(),
        **second_factor_config(settings),
        "SECURITY_PASSWORD_SALT": settings.password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        # What links in mails carry of a digest of the password. The library's slow one told by its time that there is an
        # account, and guards nothing: what goes in is Argon2's answer already. Links from before stay valid.
        "SECURITY_HASHING_SCHEMES": ["hex_sha256", "sha256_crypt"],
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_MINIMUM,
        "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,
        "SECURITY_URL_PREFIX": "/tai-khoan",
        "SECURITY_LOGIN_URL": "/dang-nhap",
        "SECURITY_LOGOUT_URL": "/dang-xuat",
        "SECURITY_REGISTER_URL": "/dang-ky",
        "SECURITY_RESET_URL": "/quen-mat-khau",
        "SECURITY_CHANGE_URL": "/doi-mat-khau",
        "SECURITY_POST_LOGIN_VIEW": "/ban-lam-viec",
        "SECURITY_POST_REGISTER_VIEW": "/ban-lam-viec",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_REGISTERABLE": True,
        "SECURITY_USE_REGISTER_V2": True,
        # Whoever signs up goes on at once; what may be done before the address is confirmed is a gate's matter.
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_LOGIN_WITHOUT_CONFIRMATION": True,
        "SECURITY_CONFIRM_URL": "/xac-nhan-thu",
        "SECURITY_POST_CONFIRM_VIEW": "account.profile",
        "SECURITY_CONFIRM_ERROR_VIEW": "account.unconfirmed",
        "SECURITY_CHANGE_EMAIL": True,
        "SECURITY_CHANGE_EMAIL_URL": "/doi-thu",
        "SECURITY_CHANGE_EMAIL_CONFIRM_URL": "/doi-thu-xac-nhan",
        "SECURITY_POST_CHANGE_EMAIL_VIEW": "account.profile",
        "SECURITY_VERIFY_URL": "/xac-nhan-lai",
        "SECURITY_FRESHNESS": timedelta(minutes=30),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_TRACKABLE": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_CSRF_COOKIE_NAME": None,
        "SECURITY_I18N_DIRNAME": [str(CATALOGUES)],
        "SECURITY_I18N_DOMAIN": "messages",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
    }


def password_digest(text: str) -> str:
    """Hash a password as the login form will check it.

    Flask-Security normalises what is typed at login to NFKD but hashes what a program gives it as
    it is: a Vietnamese passphrase set by a seed or an import could otherwise never log in.
    """
    return str(hash_password(unicodedata.normalize("NFKD", text)))


def new_uniquifier() -> str:
    """A fresh session marker for an account."""
    return uuid.uuid4().hex
