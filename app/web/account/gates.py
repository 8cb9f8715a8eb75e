"""What a signed-in person must do before anything else: confirm the mail address, set up a second factor."""

from __future__ import annotations

from flask import Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.shared.actor import actor
from app.web.shared.steps import FIRST, Step, missing_step

# Where nothing is asked: what everybody may read, and what a gate leads to.
# Programs are asked where their token is read.
OPEN_BLUEPRINTS = ("assets", "health", "security", "public", "oidc", "api", "api-docs", "api_page")
OPEN_ENDPOINTS = ("account.sign_out", "account.protection", "account.unconfirmed", "account.resend_confirmation", "static")
PAGES = {Step.CONFIRM: "account.unconfirmed", Step.PROTECT: "account.protection"}


def init_gates(app: Flask) -> None:
    """Stand before every page of every audience."""
    app.before_request(lead)


def lead() -> ResponseReturnValue | None:
    """Lead a person to the step that is missing; nothing for everybody else."""
    if request.blueprint in OPEN_BLUEPRINTS or request.endpoint in OPEN_ENDPOINTS or request.endpoint is None:
        return None
    step = missing_step(actor())
    if step is None:
        return None
    if request.method == "GET" and not request.is_json:
        return redirect(url_for(PAGES[step]))
    return jsonify(error={"code": "step_missing", "message": _(FIRST)}), 403
