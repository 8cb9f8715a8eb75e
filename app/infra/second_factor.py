"""Codes of authenticator apps and passkeys: what we ask of them beyond the accounts library."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Any

from flask_security import Totp, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.domain.text import nfc
from app.infra.settings import Settings
from app.models.account import User

ISSUER = "Tiêu Biểu"
# Half a minute of a wrong clock either way (RFC 6238, 5.2).
WINDOW_S = 30
RECOVERY_CODES = 10


class OneTimeCodes(Totp):
    """A code that was used once is spent, also within its half minute (RFC 6238, 5.2)."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        """``secrets`` encrypts with its first key and reads with all."""
        super().__init__(secrets, issuer)
        self._totp.wallet.default_tag = next(iter(secrets))

    def verify_totp(self, token: str, totp_secret: str, user: User, window: int = 0) -> bool:  # type: ignore[override]
        """True if the code is right now, or was half a minute ago, and was not used before."""
        return bool(super().verify_totp(token, totp_secret, user, max(window, WINDOW_S)))

    def get_last_counter(self, user: User) -> int | None:  # type: ignore[override]
        """The number of the half minute whose code was used last."""
        return user.totp_counter

    def set_last_counter(self, user: User, tmatch: Any) -> None:  # type: ignore[override]
        """Spend the code."""
        user.totp_counter = tmatch.counter


class Passkeys(WebauthnUtil):
    """Any authenticator will do, built-in ones too; alone it must check its owner (PIN, finger, face)."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """What the browser asks an authenticator for when a passkey is made."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if usage == "first" else ResidentKeyRequirement.PREFERRED,
            user_verification=_verification(usage == "first"),
        )

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        """What is wrong with a passkey's name, and the name in the form in which every text is kept."""
        fault, name = super().name_svn(value)
        return fault, nfc(name) if name is not None else None

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """What is asked for at sign-in: a passkey without a password is two factors only if it knows its owner."""
        return _verification("secondary" not in usage)


def _verification(alone: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED


def has_second_factor(person: User) -> bool:
    """True if a password alone no longer opens the account."""
    has_app = bool(person.tf_totp_secret and person.tf_primary_method)
    return has_app or any(key.usage == "secondary" for key in person.webauthn)


def second_factor_config(settings: Settings) -> dict[str, Any]:
    """The library's configuration for authenticator apps, passkeys and recovery codes."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TOTP_SECRETS": _totp_secrets(settings),
        "SECURITY_TOTP_ISSUER": ISSUER,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            urlsafe_b64encode(_derived(key, "recovery")) for key in reversed(settings.secret_keys)
        ],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": ISSUER,
        "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
        "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["first", "secondary"],
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "account.protection",
        "SECURITY_WAN_POST_REGISTER_VIEW": "account.protection",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/ung-dung-xac-thuc",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/ma-xac-thuc",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/mat-may-xac-thuc",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/chon-cach-xac-thuc",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/ma-du-phong",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/dung-ma-du-phong",
        "SECURITY_WAN_REGISTER_URL": "/khoa-truy-cap",
        "SECURITY_WAN_DELETE_URL": "/bo-khoa-truy-cap",
        "SECURITY_WAN_SIGNIN_URL": "/dang-nhap-bang-khoa",
        "SECURITY_WAN_VERIFY_URL": "/xac-nhan-bang-khoa",
    }


def _totp_secrets(settings: Settings) -> dict[str, str]:
    """The keys by the names that stand with what they encrypt, the present one first.

    A name comes from its key, so that it stays when an older key is forgotten. Accounts set up before keys had
    names say ``1``: the oldest.
    """
    keys = reversed(settings.secret_keys)
    secrets = {f"k{_derived(key, 'totp name').hex()[:8]}": _derived(key, "totp").hex() for key in keys}
    return {**secrets, "1": _derived(settings.secret_keys[0], "totp").hex()}


def _derived(key: str, purpose: str) -> bytes:
    """32 bytes for one purpose out of a secret key: no second secret to lose."""
    return hmac.new(key.encode(), f"tieubieu:{purpose}:1".encode(), hashlib.sha256).digest()


__all__ = ["OneTimeCodes", "Passkeys", "has_second_factor", "second_factor_config"]
