"""What a signed-in person must do before anything else: confirm the mail address, set up a second factor."""

from __future__ import annotations

from flask import Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from app.domain.policies import holds_office
from app.infra.second_factor import has_second_factor
from app.infra.toolbox import toolbox
from app.web.shared.actor import actor

# Where nothing is asked: what everybody may read, and what a gate leads to.
OPEN_BLUEPRINTS = ("assets", "health", "security", "public", "oidc", "api", "api-docs", "api_page")
OPEN_ENDPOINTS = ("account.sign_out", "account.protection", "account.unconfirmed", "account.resend_confirmation", "static")


def init_gates(app: Flask) -> None:
    """Stand before every page of every audience."""
    app.before_request(lead)


def lead() -> ResponseReturnValue | None:
    """Lead a person to the step that is missing; nothing for everybody else."""
    if request.blueprint in OPEN_BLUEPRINTS or request.endpoint in OPEN_ENDPOINTS or request.endpoint is None:
        return None
    step = missing_step()
    if step is None:
        return None
    if request.method == "GET" and not request.is_json:
        return redirect(url_for(step))
    return jsonify(error={"code": "step_missing", "message": _("Hãy hoàn tất bước bảo vệ tài khoản trước.")}), 403


def missing_step() -> str | None:
    """The endpoint of what the person must do first, or nothing."""
    settings = toolbox().settings
    if actor().is_guest or not (settings.confirm_mail_required or settings.second_factor_required):
        return None
    if settings.confirm_mail_required and current_user.confirmed_at is None:
        return "account.unconfirmed"
    if settings.second_factor_required and holds_office(actor()) and not has_second_factor(current_user):
        return "account.protection"
    return None
