"""The programming interface: JSON for programs that act for a person with a token. No cookie counts here."""

from __future__ import annotations

from flask_smorest import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api/v1", description="")

from app.web.api import access, views

__all__ = ["access", "bp", "views"]
