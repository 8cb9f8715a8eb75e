"""Settings: read once from the environment into one frozen value.

Every setting is ``TIEUBIEU_<NAME>``; ``TIEUBIEU_<NAME>_FILE`` names a file that holds the value,
for secrets. The table in the README is held against ``SETTINGS`` by a test.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from app.infra.production import faults

Mode = Literal["demo", "production", "test"]
Need = Literal["required", "optional"]
MODES: tuple[Mode, ...] = ("demo", "production", "test")

SETTINGS: Mapping[str, str] = {
    "MODE": "demo, production or test; demo passwords are refused in production",
    "INSTANCE": "folder of the database, uploads, caches and queue on one machine",
    "DATABASE_URL": "SQLAlchemy address of the database; SQLite under INSTANCE by default",
    "SECRET_KEY": "signs sessions and tokens; at least 32 characters; made under INSTANCE in demo mode",
    "SECRET_KEY_FALLBACKS": "earlier values of SECRET_KEY, newest first, separated by commas: what they sealed stays valid",
    "PASSWORD_SALT": "keys the hash of passwords and tokens; as SECRET_KEY",
    "BASE_URL": "the public address, printed in QR codes and mails",
    "TRUSTED_HOSTS": "host names that the server answers to, separated by commas",
    "STORAGE_URL": "file:///folder or s3://bucket?endpoint=...; INSTANCE/files by default",
    "QUEUE_URL": "sqlite:///file, redis://... or postgresql://...; INSTANCE/queue.db by default",
    "LIMITS_URL": "where rate limits are counted: memory:// or redis://...",
    "SMTP_URL": "smtp://user:password@host:port or smtps://...; empty keeps mail in the outbox",
    "MAIL_FROM": "sender of mails",
    "SIGNING_KEY": "what signs certificates: a PKCS#12 file, or pkcs11:token=…;object=…?module-path=…; empty for nothing",
    "SIGNING_KEY_PASSWORD": "password of the file, or PIN of the token, that SIGNING_KEY names",
    "SIGNING_ROOTS": "PEM file of the issuers whose signatures on uploaded certificates count as trusted",
    "TIMESTAMP_URL": "time-stamp service (RFC 3161) for signatures; empty signs without time stamps",
    "CLAMD_ADDRESS": "host:port of clamd; when set nothing is served before it is clean",
    "MAX_REQUEST_BYTES": "largest request body",
    "SECOND_FACTOR": "required or optional for chairs, secretaries and administrators; required in production by default",
    "CONFIRM_MAIL": "required or optional before a new account may work; required in production with SMTP_URL by default",
    "PASSWORDS_FILE": "list of breached passwords: one a line, or sorted SHA-1 digests (or their beginnings) in hexadecimal",
    "RETENTION_FILE": "TOML of retention periods in place of the documented defaults",
    "OIDC_ISSUER": "address of an OpenID Connect provider; empty turns single sign-on off",
    "OIDC_CLIENT_ID": "our name at the provider",
    "OIDC_CLIENT_SECRET": "our secret at the provider",
    "OIDC_LABEL": "the provider's name on the sign-in button",
    "WEBHOOK_PRIVATE": "allowed sends webhooks into private networks and, outside production, over http; refused by default",
    "EXPIRY_REMINDER_DAYS": "days before the end of a certificate at which its holder is told; 90,30 by default",
    "METRICS_TOKEN": "bearer token that /metrics asks for; without it only the machine itself, and no proxy, may read them",
    "SLOW_QUERY_MS": "statements that take so many milliseconds are logged without values; 0 for none, 500 by default",
    "TRACES_URL": "OTLP/HTTP address of an OpenTelemetry collector (extra otel); empty sends no traces",
    "PROXIES": "number of reverse proxies in front whose X-Forwarded headers are believed",
}


class SettingsError(Exception):
    """A setting is missing, weak or not understood; the sentence names it."""


@dataclass(frozen=True)
class Settings:
    """All settings, already checked."""

    mode: Mode
    instance: Path
    database_url: str
    secret_key: str
    password_salt: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    storage_url: str
    queue_url: str
    limits_url: str
    smtp_url: str
    mail_from: str
    signing_key: str
    signing_key_password: str
    signing_roots: str
    timestamp_url: str
    clamd_address: str
    max_request_bytes: int
    proxies: int
    second_factor: Need = "optional"
    confirm_mail: Need = "optional"
    passwords_file: str = ""
    retention_file: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_label: str = ""
    expiry_reminder_days: tuple[int, ...] = (90, 30)
    webhook_private: str = "refused"
    metrics_token: str = ""
    slow_query_ms: int = 500
    traces_url: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()

    @property
    def secret_keys(self) -> list[str]:
        """The keys that are believed, the oldest first; the last one seals."""
        return [*reversed(self.secret_key_fallbacks), self.secret_key]

    @property
    def is_production(self) -> bool:
        """True where demo accounts and weak secrets are refused."""
        return self.mode == "production"

    @property
    def second_factor_required(self) -> bool:
        """True where chairs, secretaries and administrators set up a second factor before anything else."""
        return self.second_factor == "required"

    @property
    def webhook_private_allowed(self) -> bool:
        """True where webhooks may go into the private network."""
        return self.webhook_private == "allowed"

    @property
    def confirm_mail_required(self) -> bool:
        """True where a new account can do nothing before its mail address is confirmed."""
        return self.confirm_mail == "required"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read, complete and check the settings.

    Raises:
        SettingsError: with one sentence that names every setting that is wrong.
    """
    get = _Reader(environ)
    mode = get("MODE", "demo")
    if mode not in MODES:
        raise SettingsError(f"TIEUBIEU_MODE must be one of {', '.join(MODES)}, not {mode!r}")
    instance = Path(get("INSTANCE", "instance")).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    if mode == "production":
        _require_production(get)
    base_url = get("BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}").rstrip("/")
    return Settings(
        mode=mode,
        instance=instance,
        database_url=get("DATABASE_URL", f"sqlite:///{instance / 'tieubieu.db'}"),
        secret_key=get("SECRET_KEY", "") or _kept_secret(instance / "secret_key"),
        password_salt=get("PASSWORD_SALT", "") or _kept_secret(instance / "password_salt"),
        base_url=base_url,
        trusted_hosts=tuple(h.strip() for h in get("TRUSTED_HOSTS", "").split(",") if h.strip()),
        storage_url=get("STORAGE_URL", f"file://{instance / 'files'}"),
        queue_url=get("QUEUE_URL", f"sqlite:///{instance / 'queue.db'}"),
        limits_url=get("LIMITS_URL", "memory://"),
        smtp_url=get("SMTP_URL", ""),
        mail_from=get("MAIL_FROM", "tieubieu@localhost"),
        signing_key=get("SIGNING_KEY", ""),
        signing_key_password=get("SIGNING_KEY_PASSWORD", ""),
        signing_roots=get("SIGNING_ROOTS", ""),
        timestamp_url=get("TIMESTAMP_URL", ""),
        clamd_address=get("CLAMD_ADDRESS", ""),
        max_request_bytes=get.integer("MAX_REQUEST_BYTES", 64 * 1024 * 1024),
        proxies=get.integer("PROXIES", 0),
        second_factor=get.need("SECOND_FACTOR", mode),
        confirm_mail=get.need("CONFIRM_MAIL", mode if get("SMTP_URL", "") else "demo"),
        passwords_file=get("PASSWORDS_FILE", ""),
        retention_file=get("RETENTION_FILE", ""),
        oidc_issuer=get("OIDC_ISSUER", "").rstrip("/"),
        oidc_client_id=get("OIDC_CLIENT_ID", ""),
        oidc_client_secret=get("OIDC_CLIENT_SECRET", ""),
        oidc_label=get("OIDC_LABEL", "") or "OpenID Connect",
        expiry_reminder_days=get.days("EXPIRY_REMINDER_DAYS", "90,30"),
        webhook_private=get.choice("WEBHOOK_PRIVATE", ("refused", "allowed")),
        metrics_token=get("METRICS_TOKEN", ""),
        slow_query_ms=get.integer("SLOW_QUERY_MS", 500),
        traces_url=get("TRACES_URL", ""),
        secret_key_fallbacks=get.secrets("SECRET_KEY_FALLBACKS"),
    )


class _Reader:
    """Looks a setting up under its name, then in the file that ``_FILE`` names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def __call__(self, name: str, default: str) -> str:
        path = self.environ.get(f"TIEUBIEU_{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"TIEUBIEU_{name}_FILE cannot be read: {error}") from error
        return self.environ.get(f"TIEUBIEU_{name}", default)

    def secrets(self, name: str) -> tuple[str, ...]:
        return tuple(self(name, "").replace(",", " ").split())

    def integer(self, name: str, default: int) -> int:
        text = self(name, str(default))
        if not text.isdecimal():
            raise SettingsError(f"TIEUBIEU_{name} must be a whole number, not {text!r}")
        return int(text)

    def days(self, name: str, default: str) -> tuple[int, ...]:
        texts = [text.strip() for text in self(name, default).split(",") if text.strip()]
        if not all(text.isdecimal() and int(text) > 0 for text in texts):
            raise SettingsError(f"TIEUBIEU_{name} must be whole numbers of days, separated by commas")
        return tuple(sorted({int(text) for text in texts}))

    def choice(self, name: str, words: tuple[str, ...]) -> str:
        text = self(name, words[0])
        if text not in words:
            raise SettingsError(f"TIEUBIEU_{name} must be {' or '.join(words)}, not {text!r}")
        return text

    def need(self, name: str, mode: Mode) -> Need:
        text = self(name, "required" if mode == "production" else "optional")
        if text in ("required", "optional"):
            return cast(Need, text)
        raise SettingsError(f"TIEUBIEU_{name} must be required or optional, not {text!r}")


def _require_production(get: _Reader) -> None:
    wrong = faults(get)
    if wrong:
        raise SettingsError("production mode does not start: " + "; ".join(wrong))


def _kept_secret(path: Path) -> str:
    """Read the secret kept in ``path``, making it with owner-only rights the first time."""
    if not path.exists():
        temporary = path.with_suffix(f".{os.getpid()}.new")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        os.replace(temporary, path)
    return path.read_text(encoding="utf-8").strip()
