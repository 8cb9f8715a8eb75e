"""The pattern page: every part of the design system on one page, outside production."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.web.shared.patterns import pattern_context

bp = Blueprint("dev", __name__)


@bp.get("/mau-giao-dien")
def patterns() -> str:
    """Every macro with something to show."""
    return render_template("shared/patterns.html", **pattern_context())
