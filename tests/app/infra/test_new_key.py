"""A new SECRET_KEY: what was sealed before is believed as long as the earlier key is listed, and what is new needs only the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app, session
from flask_wtf.csrf import generate_csrf, validate_csrf

from app.factory import create_app
from app.infra import unsubscribing
from app.infra.sealing import sealer
from app.infra.settings import SettingsError, from_environment
from app.infra.toolbox import toolbox
from certificates.paperwork.score_code import ScoreSheetCode, parse

OLD, NEW = "the key that went about on a slip of paper", "the key that the installation has from now on"
CODE = ScoreSheetCode("T-2026", "T-2026-001", "J01", 1, "0123456789ABCDEF")


@contextmanager
def under(folder: Path, key: str, *earlier: str) -> Iterator[Flask]:
    """One installation, started with these keys."""
    settings = from_environment({"TIEUBIEU_MODE": "test", "TIEUBIEU_INSTANCE": str(folder), "TIEUBIEU_QUEUE_URL": "memory://"})
    app = create_app(replace(settings, secret_key=key, secret_key_fallbacks=earlier))
    with app.test_request_context():
        yield app


def library(name: str) -> Any:
    """A part of the accounts library."""
    return getattr(current_app.extensions["security"], name)


def shown_by(sealed: str) -> str:
    """What the authenticator app shows at the beginning of 1970."""
    return str(library("totp_factory")._totp.from_source(sealed).generate(time=0).token)


def cookies() -> Any:
    """What seals the session's cookie."""
    return current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]


def form_token() -> tuple[str, str]:
    return generate_csrf(), session["csrf_token"]


def is_form_token(sealed: tuple[str, str]) -> bool:
    token, session["csrf_token"] = sealed
    validate_csrf(token)
    return True


# What is sealed: how it is made, and whether it is believed.
SEALED: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
    "session": (lambda: cookies().dumps({"sid": "a"}), lambda sealed: cookies().loads(sealed)),
    "token of a form": (form_token, is_form_token),
    "link to a new password": (
        lambda: library("reset_serializer").dumps(["1"]),
        lambda sealed: library("reset_serializer").loads(sealed),
    ),
    "link to decline messages": (lambda: sealer(unsubscribing.SALT).dumps([1, "news"]), unsubscribing.read),
    "authenticator app": (
        lambda: library("totp_factory").generate_totp_secret(),
        shown_by,
    ),
    "recovery codes": (
        lambda: library("mf_recovery_codes_util")._encrypt_codes(["1234"]),
        lambda sealed: library("mf_recovery_codes_util")._decrypt_codes(sealed) == ["1234"],
    ),
    "paper sheet": (
        lambda: CODE.sealed(toolbox().sheet_key).text(),
        lambda sealed: any(parse(sealed).is_sealed_by(key) for key in toolbox().sheet_keys),
    ),
}


def seal_all() -> dict[str, Any]:
    return {name: seal() for name, (seal, _is_believed) in SEALED.items()}


def believed(sealed: dict[str, Any]) -> set[str]:
    """The names of what the installation takes back; every library refuses in a way of its own."""
    names = set()
    for name, (_seal, is_believed) in SEALED.items():
        try:
            if is_believed(sealed[name]):
                names.add(name)
        except Exception:
            continue
    return names


def test_what_an_earlier_key_sealed_is_believed_while_it_is_listed(tmp_path: Path) -> None:
    with under(tmp_path, OLD):
        sealed = seal_all()
        assert believed(sealed) == set(SEALED)
    with under(tmp_path, NEW, "a key between them that nobody used", OLD):
        assert believed(sealed) == set(SEALED)
    with under(tmp_path, NEW):
        assert believed(sealed) == set()


def test_what_is_sealed_after_the_change_needs_the_new_key_alone(tmp_path: Path) -> None:
    with under(tmp_path, NEW, OLD):
        sealed = seal_all()
    with under(tmp_path, NEW):
        assert believed(sealed) == set(SEALED)
    with under(tmp_path, OLD):
        assert believed(sealed) == set()


def test_an_authenticator_app_that_was_set_up_before_keys_had_names_is_read_by_the_oldest(tmp_path: Path) -> None:
    with under(tmp_path, OLD):
        library("totp_factory")._totp.wallet.default_tag = "1"
        sealed = library("totp_factory").generate_totp_secret()
        shown = shown_by(sealed)
    with under(tmp_path, NEW, OLD):
        assert shown_by(sealed) == shown


def test_earlier_keys_come_from_the_setting_and_must_be_as_strong_in_production(tmp_path: Path) -> None:
    names = {"TIEUBIEU_INSTANCE": str(tmp_path), "TIEUBIEU_SECRET_KEY": "k" * 40, "TIEUBIEU_PASSWORD_SALT": "s" * 40}
    settings = from_environment({**names, "TIEUBIEU_SECRET_KEY_FALLBACKS": f"{'b' * 40}, {'a' * 40}"})
    assert settings.secret_keys == ["a" * 40, "b" * 40, "k" * 40]
    assert from_environment(names).secret_keys == ["k" * 40]
    place = {"TIEUBIEU_BASE_URL": "https://example.vn", "TIEUBIEU_TRUSTED_HOSTS": "example.vn"}
    with pytest.raises(SettingsError) as refusal:
        from_environment({**names, **place, "TIEUBIEU_MODE": "production", "TIEUBIEU_SECRET_KEY_FALLBACKS": "short"})
    assert "TIEUBIEU_SECRET_KEY_FALLBACKS: at least 32 characters are needed" in str(refusal.value)
