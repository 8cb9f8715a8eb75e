"""Rate limits, counted in memory or in Redis."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.infra.settings import Settings
from app.infra.tally import Tally

# The library finds a store by the scheme that its class registered.
IN_MEMORY = f"{Tally.STORAGE_SCHEME[0]}://"

limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=True)

# A hall of judges shares one address, so guesses are counted for each account from each address.
BY_ACCOUNT = {"security.login": "10 per minute", "security.forgot_password": "5 per hour"}
# Whoever guesses a code knows the password already: counted for the account, from wherever they come.
BY_STEP = {"security.two_factor_token_validation": "10 per 10 minutes", "security.mf_recovery": "10 per 10 minutes"}
# A session that somebody else got hold of guesses at its owner's password here.
BY_SESSION = {"security.verify": "10 per 10 minutes", "security.change_password": "10 per 10 minutes"}
BY_ADDRESS = {
    "security.forgot_password": "60 per hour",
    "security.send_confirmation": "20 per hour",
    "security.change_email": "20 per hour",
    "security.login": "600 per minute",
    "security.register": "60 per hour",
}


def init_limits(app: Flask, settings: Settings) -> None:
    """Attach the limiter; the test mode counts nothing, so that tests may hurry.

    The views of the accounts library must be registered before.
    """
    in_memory = settings.limits_url.startswith("memory:")
    app.config["RATELIMIT_STORAGE_URI"] = IN_MEMORY if in_memory else settings.limits_url
    app.config["RATELIMIT_ENABLED"] = settings.mode != "test"
    # While Redis is away each process counts for itself: nobody is locked out, and guessing stays slow.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = not in_memory
    limiter.init_app(app)
    for endpoint, rate in BY_ACCOUNT.items():
        _limit(app, endpoint, limiter.limit(rate, key_func=account_key, methods=["POST"]))
    for endpoint, rate in BY_STEP.items():
        _limit(app, endpoint, limiter.limit(rate, key_func=step_key, methods=["POST"]))
    for endpoint, rate in BY_SESSION.items():
        _limit(app, endpoint, limiter.limit(rate, key_func=session_key, methods=["POST"]))
    for endpoint, rate in BY_ADDRESS.items():
        _limit(app, endpoint, limiter.limit(rate, methods=["POST"]))


def _limit(app: Flask, endpoint: str, decorate: Any) -> None:
    app.view_functions[endpoint] = decorate(app.view_functions[endpoint])


def account_key() -> str:
    """The account that is tried, and from where."""
    return f"{request.form.get('email', '').strip().lower()}|{get_remote_address()}"


def step_key() -> str:
    """The account whose second factor is asked for; without one, the address."""
    return str(session.get("tf_user_id") or get_remote_address())


def session_key() -> str:
    """The account that is signed in; without one, the address."""
    return str(session.get("_user_id") or get_remote_address())
