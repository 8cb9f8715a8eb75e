"""The public site: first page, rounds, gallery, look-up."""

from __future__ import annotations

from flask import render_template

from app.web.public import bp


@bp.get("/")
def home() -> str:
    """The first page."""
    return render_template("public/home.html")


@bp.get("/dot-binh-chon")
def rounds() -> str:
    """Rounds that are open or published."""
    return render_template("public/rounds.html")


@bp.get("/san-pham")
def gallery() -> str:
    """Recognised products."""
    return render_template("public/gallery.html")


@bp.get("/tra-cuu")
def lookup() -> str:
    """Find a certificate by its code or number."""
    return render_template("public/lookup.html")
