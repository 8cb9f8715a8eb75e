"""The forms that Flask-Security's views fill: our labels, our words, and the consent at sign-up."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.forms import RegisterFormV2
from flask_security.utils import hash_password
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app.infra import refused_sign_ins
from app.infra.clock import now

CONSENT_VERSION = "2026-11"
LABELS = {
    "email": lazy_gettext("Thư điện tử"),
    "password": lazy_gettext("Mật khẩu"),
    "password_confirm": lazy_gettext("Nhập lại mật khẩu"),
    "remember": lazy_gettext("Nhớ tôi trên máy này"),
    "new_password": lazy_gettext("Mật khẩu mới"),
    "new_password_confirm": lazy_gettext("Nhập lại mật khẩu mới"),
}


class Labelled:
    """Gives the library's fields our labels."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, field in self._fields.items():  # type: ignore[attr-defined]
            if name in LABELS:
                field.label.text = LABELS[name]
            # The page puts the link to recovery below the form, not into the field's hint.
            if "password" in name:
                field.description = ""


class SignInForm(Labelled, LoginForm):
    """Sign in by mail address and password; demo accounts stay outside in production mode."""

    def validate(self, **options: Any) -> bool:
        """Check as the library does, then look at what kind of account it is."""
        if not super().validate(**options):
            self._note_refusal()
            return False
        if self.user and current_app.config["TIEUBIEU_MODE"] == "production" and getattr(self.user, "demo", False):
            refused_sign_ins.note(refused_sign_ins.CLOSED, self.user.id)
            self.form_errors.append(_("Tài khoản mẫu không dùng được trên hệ thống thật."))
            return False
        return True

    def _note_refusal(self) -> None:
        """What the library does not tell: an account that does not exist, and one that is closed."""
        if not (self.email.data and self.password.data):
            return
        if self.user is None:
            refused_sign_ins.note(refused_sign_ins.UNKNOWN)
        elif self.user_authenticated:
            refused_sign_ins.note(refused_sign_ins.CLOSED, self.user.id)


class RecoverForm(Labelled, ForgotPasswordForm):
    """Ask for a mail with a link to a new password."""

    def validate(self, **options: Any) -> bool:
        """Work as hard for an address that has an account as the library does for one that has none."""
        fine = bool(super().validate(**options))
        if fine:
            hash_password("nobody's")
        return fine


class NewPasswordForm(Labelled, ResetPasswordForm):
    """Set a new password by the link."""


class PasswordForm(Labelled, ChangePasswordForm):
    """Change the password while signed in."""


class SignUpForm(Labelled, RegisterFormV2):
    """Sign up with name, mail address and password, and the consent that the law asks for."""

    name = StringField(
        lazy_gettext("Họ và tên"),
        validators=[DataRequired(lazy_gettext("Hãy cho biết họ và tên.")), Length(max=120)],
    )
    consent = BooleanField(
        lazy_gettext("Tôi đồng ý để hệ thống lưu và dùng thông tin này cho việc bình chọn."),
        validators=[DataRequired(lazy_gettext("Cần có sự đồng ý để lập tài khoản."))],
    )

    def to_dict(self, only_user: bool) -> dict[str, Any]:
        """The new account's values, with the version of the consent."""
        values: dict[str, Any] = super().to_dict(only_user)
        return {**values, "consent_version": CONSENT_VERSION, "consented_at": now()}

    def validate(self, **options: Any) -> bool:
        """Say plainly that an address has an account already: a household must not be left guessing.

        That an address is registered can be found out here, slowly: sign-up is rate-limited.
        """
        fine = bool(super().validate(**options))
        if getattr(self, "existing_email_user", None) is not None:
            self.email.errors = [_("Địa chỉ này đã có tài khoản. Hãy đăng nhập.")]
            self.existing_email_user = None
            return False
        return fine


def is_refused_form(endpoint: str, status: int) -> bool:
    """True when a library view answered a form with the form again: it says 200, we say 422."""
    again = {"security.login", "security.register", "security.reset_password", "security.change_password"}
    return request.method == "POST" and status == 200 and endpoint in again
