"""Languages: Vietnamese is the language of the messages, English the second."""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_security import current_user

from app.infra import counted
from app.services.accounts import LANGUAGES

TIME_ZONE = "Asia/Ho_Chi_Minh"


def choose_language() -> str:
    """The language asked for: in the address, in the session, by the account, or Vietnamese."""
    if not request:
        return LANGUAGES[0]
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        session["lang"] = asked
        return asked
    kept = session.get("lang") or getattr(current_user, "language", "")
    return kept if kept in LANGUAGES else LANGUAGES[0]


def keep_language(language: str) -> None:
    """Go on in this language, from the next page on.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    session["lang"] = language


def language_of_page() -> str:
    """The language of the page, chosen once a request."""
    if "language" not in g:
        g.language = choose_language()
    return str(g.language)


def init_i18n(app: Flask) -> None:
    """Attach Flask-Babel with the local time zone."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = TIME_ZONE
    babel = Babel(
        app,
        locale_selector=language_of_page,
        timezone_selector=lambda: TIME_ZONE,
    )
    counted.install(app, babel)
