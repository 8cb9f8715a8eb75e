"""Rate limits, counted in memory or in Redis."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.infra.settings import Settings

limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=True)


def init_limits(app: Flask, settings: Settings) -> None:
    """Attach the limiter; the test mode counts nothing, so that tests may hurry."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    app.config["RATELIMIT_ENABLED"] = settings.mode != "test"
    limiter.init_app(app)
