"""Ties the browser's cookie to its row: a session that was ended is over at its next request, in every process."""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security import current_user, password_changed, password_reset
from flask_security.utils import logout_user

from app.domain.policies import Actor
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.account import User
from app.models.sign_in import UserSession
from app.queries import sessions as reads
from app.services import sessions

KEY = "sid"
# Nobody signs in here, and nothing here may depend on who asks.
WITHOUT = ("assets", "health", "api", "api-docs")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("CocCoc|coc_coc", "Cốc Cốc"), ("Firefox|FxiOS", "Firefox"))
ENGINES = (*BROWSERS, ("Chrome|CriOS|Chromium", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))


def init_sessions(app: Flask) -> None:
    """Begin rows at sign-in, look at them at every request, end them with the password."""
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end_own, app)
    password_changed.connect(_end_others, app)
    password_reset.connect(_end_others, app)
    app.before_request(_check)


def current_session() -> UserSession | None:
    """The row behind this request's cookie, if the person is signed in."""
    found: UserSession | None = g.get("user_session")
    return found


def _check() -> None:
    """Sign out whoever comes with a session that is over; note now and then that it is in use."""
    if request.blueprint in WITHOUT or request.endpoint == "static" or "_user_id" not in session:
        return
    token = session.get(KEY, "")
    row = reads.by_digest(db.session(), sessions.digest_of(token)) if token else None
    if row is None or not sessions.is_alive(row, now()) or not _is_of(row):
        session.pop(KEY, None)
        logout_user()
        return
    g.user_session = row
    if now() - row.seen_at > sessions.SEEN_EVERY:
        with unit_of_work() as transaction:
            sessions.see(transaction, session_id=row.id, now=now())


def _is_of(row: UserSession) -> bool:
    return bool(current_user.is_authenticated) and int(current_user.id) == row.user_id


def _begin(_app: Flask, user: User, **_more: Any) -> None:
    """A new row for a new sign-in; "remember me" makes the cookie last instead of adding a second, unlisted one."""
    remembered = session.pop("_remember", "") == "set"
    session.permanent = remembered
    token = secrets.token_urlsafe(32)
    session[KEY] = token
    db.session().flush()  # an account that has just signed up has no id before
    g.user_session = sessions.begin(
        db.session(),
        user_id=user.id,
        token=token,
        device=device_of(request.user_agent.string),
        address=coarse_address(request.remote_addr or ""),
        remembered=remembered,
        now=now(),
    )


def _end_own(_app: Flask, **_more: Any) -> None:
    """The view that signs out commits: one of the library does so with its own changes."""
    token = session.pop(KEY, "")
    session.permanent = False
    row = reads.by_digest(db.session(), sessions.digest_of(token)) if token else None
    g.pop("user_session", None)
    if row is not None:
        sessions.close(db.session(), session_id=row.id, now=now())


def _end_others(_app: Flask, user: User, **_more: Any) -> None:
    """After a new password only the session in which it was set goes on."""
    own = current_session()
    keep = own.id if own is not None and own.user_id == user.id else None
    owner = Actor(user_id=user.id, name=user.name or user.email)
    sessions.end_all(db.session(), owner, user_id=user.id, keep=keep, now=now())


def device_of(agent: str) -> str:
    """Browser and system in words, from the header; versions are left out: ``Chrome, Android``."""
    return ", ".join(word for word in (_first(ENGINES, agent), _first(SYSTEMS, agent)) if word)


def _first(words: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for pattern, word in words if re.search(pattern, agent)), "")


def coarse_address(address: str) -> str:
    """The network that an address belongs to (/24, or /48 for IPv6); empty if it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))
