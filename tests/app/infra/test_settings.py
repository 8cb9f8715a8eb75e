"""Settings: read once, checked at the start, and refused with a sentence that names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.infra.settings import SETTINGS, SettingsError, from_environment

STRONG = {
    "TIEUBIEU_SECRET_KEY": "kq7Xw2Rf9Tz4Lm8Vb3Yc6Hn1Pd5Gs0JaUeOi",
    "TIEUBIEU_PASSWORD_SALT": "sP4vN8bK1xZ6mQ3wT9rL5cH7jD2gF0yAuEiO",
}
SET = {"TIEUBIEU_BASE_URL": "https://tieubieu.example", "TIEUBIEU_TRUSTED_HOSTS": "tieubieu.example"}


def read(folder: Path, **values: str) -> object:
    return from_environment({"TIEUBIEU_INSTANCE": str(folder), **values})


def test_demo_mode_makes_and_keeps_its_secrets(tmp_path: Path) -> None:
    first, second = (
        from_environment({"TIEUBIEU_INSTANCE": str(tmp_path)}),
        from_environment({"TIEUBIEU_INSTANCE": str(tmp_path)}),
    )
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_production_names_every_secret_that_is_missing_or_weak(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, TIEUBIEU_MODE="production", TIEUBIEU_SECRET_KEY="short", **SET)
    assert "TIEUBIEU_SECRET_KEY, TIEUBIEU_PASSWORD_SALT: at least 32 characters are needed" in str(refusal.value)


def test_production_wants_its_address_and_hosts(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, TIEUBIEU_MODE="production", **STRONG)
    assert "TIEUBIEU_BASE_URL, TIEUBIEU_TRUSTED_HOSTS: must be set" in str(refusal.value)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": "k" * 40}, "TIEUBIEU_SECRET_KEY: must come from a generator of random values"),
        ({"PASSWORD_SALT": "change-me-before-you-go-live-0123456789"}, "TIEUBIEU_PASSWORD_SALT: must come from a generator"),
        ({"PASSWORD_SALT": STRONG["TIEUBIEU_SECRET_KEY"]}, "TIEUBIEU_SECRET_KEY, TIEUBIEU_PASSWORD_SALT: must differ"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "TIEUBIEU_SECRET_KEY_FALLBACKS: at least 32 characters are needed"),
        ({"METRICS_TOKEN": "short"}, "TIEUBIEU_METRICS_TOKEN: at least 32 characters are needed"),
        ({"BASE_URL": "http://tieubieu.example"}, "TIEUBIEU_BASE_URL: must begin with https:// and name a host"),
        ({"BASE_URL": "tieubieu.example"}, "TIEUBIEU_BASE_URL: must begin with https:// and name a host"),
        ({"BASE_URL": "https://["}, "TIEUBIEU_BASE_URL: must begin with https:// and name a host"),
        ({"TRUSTED_HOSTS": " , "}, "TIEUBIEU_TRUSTED_HOSTS: must be set"),
        (
            {"TRUSTED_HOSTS": "khac.example"},
            "TIEUBIEU_TRUSTED_HOSTS: must hold tieubieu.example, the host of TIEUBIEU_BASE_URL",
        ),
        ({"OIDC_ISSUER": "https://noi-cap.example"}, "TIEUBIEU_OIDC_CLIENT_ID: must be set"),
        ({"OIDC_ISSUER": "http://noi-cap.example", "OIDC_CLIENT_ID": "x"}, "TIEUBIEU_OIDC_ISSUER: must begin with https://"),
    ],
)
def test_production_does_not_start_with_what_only_looks_like_a_setting(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    values = {**STRONG, **SET, **{f"TIEUBIEU_{name}": value for name, value in changed.items()}}
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, TIEUBIEU_MODE="production", **values)
    assert str(refusal.value).startswith(f"production mode does not start: {sentence}")


@pytest.mark.parametrize("first", [".example", "tieubieu.example:8443"])
def test_a_name_below_a_trusted_one_and_one_with_its_port_are_trusted(tmp_path: Path, first: str) -> None:
    hosts = {**SET, "TIEUBIEU_TRUSTED_HOSTS": f"{first}, 127.0.0.1"}
    settings = from_environment({"TIEUBIEU_INSTANCE": str(tmp_path), "TIEUBIEU_MODE": "production", **STRONG, **hosts})
    assert settings.trusted_hosts == (first, "127.0.0.1")


def test_production_starts_with_everything_in_place(tmp_path: Path) -> None:
    settings = from_environment({"TIEUBIEU_INSTANCE": str(tmp_path), "TIEUBIEU_MODE": "production", **STRONG, **SET})
    assert (settings.is_production, settings.trusted_hosts) == (True, ("tieubieu.example",))


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x" * 50 + "\n")
    settings = from_environment({"TIEUBIEU_INSTANCE": str(tmp_path), "TIEUBIEU_SECRET_KEY_FILE": str(secret)})
    assert settings.secret_key == "x" * 50


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIEUBIEU_MODE", "produktion"), ("TIEUBIEU_PROXIES", "viele"), ("TIEUBIEU_SECRET_KEY_FILE", "/nirgends")],
)
def test_what_is_not_understood_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **{name: value})


def test_every_setting_is_described() -> None:
    assert all(SETTINGS.values())
