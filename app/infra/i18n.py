"""Languages: Vietnamese is the language of the messages, English the second."""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_babel import Babel

LANGUAGES = ("vi", "en")
TIME_ZONE = "Asia/Ho_Chi_Minh"


def choose_language() -> str:
    """The language asked for: in the address, in the session, or Vietnamese."""
    asked = request.args.get("lang", "") if request else ""
    if asked in LANGUAGES:
        session["lang"] = asked
        return asked
    kept = session.get("lang") if request else None
    return kept if kept in LANGUAGES else "vi"


def init_i18n(app: Flask) -> None:
    """Attach Flask-Babel with the local time zone."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = TIME_ZONE
    Babel(
        app,
        locale_selector=lambda: g.setdefault("language", choose_language()),
        timezone_selector=lambda: TIME_ZONE,
    )
