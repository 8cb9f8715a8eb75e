"""Outside production: the pattern page, and a request that does nothing to measure others by."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.web.shared.patterns import pattern_context

bp = Blueprint("dev", __name__)


@bp.get("/mau-giao-dien")
def patterns() -> str:
    """Every macro with something to show."""
    return render_template("shared/patterns.html", **pattern_context())


@bp.post("/khong-lam-gi")
def no_op() -> tuple[str, int]:
    """Passes session and token as every request does, and does nothing: what a POST costs at least."""
    return "", 204
