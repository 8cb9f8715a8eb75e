"""The first page of this audience."""

from __future__ import annotations

from flask import render_template

from app.web.admin import bp


@bp.get("/")
def home() -> str:
    """The home page."""
    return render_template("admin/home.html")
