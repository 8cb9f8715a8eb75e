"""Pages for everybody: rounds, winners, and the check of a certificate."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("public", __name__)

from app.web.public import views

__all__ = ["bp", "views"]
