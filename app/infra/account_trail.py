"""What the accounts library does to an account leaves a link in the audit chain, in the same transaction."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_security import (
    change_email_confirmed,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_confirmed,
    user_registered,
    wan_deleted,
    wan_registered,
)

from app.domain.policies import Actor
from app.infra.clock import now
from app.infra.database import db
from app.services import audit, privacy

SIGNALS = (
    (password_changed, "password:change"),
    (password_reset, "password:reset"),
    (tf_profile_changed, "factor:set_app"),
    (tf_disabled, "factor:remove_app"),
    (wan_registered, "factor:add_passkey"),
    (wan_deleted, "factor:remove_passkey"),
    (user_registered, "user:register"),
    (user_confirmed, "email:confirm"),
    (change_email_confirmed, "email:change"),
)


def init_trail(app: Flask) -> None:
    """Listen to the library's signals."""
    for signal, action in SIGNALS:
        signal.connect(_recorder(action), app, weak=False)
    password_reset.connect(_confirm, app)
    user_registered.connect(_consent, app)


def _consent(_app: Flask, user: Any, **_more: Any) -> None:
    """The box that was ticked at sign-up, kept as proof."""
    owner = Actor(user_id=user.id, name=user.name or user.email)
    if user.consent_version:
        privacy.consent(db.session(), owner, version=user.consent_version, now=now())


def _confirm(_app: Flask, user: Any, **_more: Any) -> None:
    """Whoever followed a link out of a mail reads the mails of that address."""
    user.confirmed_at = user.confirmed_at or now()


def _recorder(action: str) -> Any:
    def record(_app: Flask, user: Any, **_more: Any) -> None:
        session = db.session()
        session.flush()  # an account that has just signed up has no id before
        owner = Actor(user_id=user.id, name=user.name or user.email)
        audit.record(session, owner, action=action, subject=f"user:{user.id}", now=now())

    return record
