"""Registers the audiences' blueprints and what all templates share."""

from __future__ import annotations

from flask import Flask

from app.infra.limits import limiter
from app.web import account, admin, council, dev, facility, health, judge, public, secretariat
from app.web.account.gates import init_gates
from app.web.account.single_sign_on import bp as oidc_bp
from app.web.api.document import init_api
from app.web.judge.shell import bp as shell_bp
from app.web.shared.assets import assets_bp
from app.web.shared.compression import init_compression
from app.web.shared.context import init_templates
from app.web.shared.errors import init_errors
from app.web.shared.requests import PlainRequest, RowNumber

AUDIENCES = (public, account, facility, judge, secretariat, council, admin)


def init_web(app: Flask) -> None:
    """Attach every page."""
    app.request_class = PlainRequest
    app.url_map.converters["int"] = RowNumber
    init_errors(app)
    init_templates(app)
    init_compression(app)
    init_gates(app)
    app.register_blueprint(oidc_bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(assets_bp)
    app.register_blueprint(shell_bp)
    limiter.exempt(assets_bp)
    for audience in AUDIENCES:
        app.register_blueprint(audience.bp)
    # A mail program that declines for its reader has no form of ours; the signed token is the right (RFC 8058).
    app.extensions["csrf"].exempt("app.web.public.unsubscribing.stop_mails")
    init_api(app)
    if app.config["TIEUBIEU_MODE"] != "production":
        app.register_blueprint(dev.bp)
