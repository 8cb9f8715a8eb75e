"""The desk of a signed-in person, their messages and their account."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_security import logout_user
from werkzeug.wrappers import Response

from app.web.account import bp


@bp.get("/ban-lam-viec")
def desk() -> str:
    """What to do next, whatever the person's parts are."""
    return render_template("account/desk.html")


@bp.get("/tin-nhan")
def messages() -> str:
    """The person's messages, newest first."""
    return render_template("account/messages.html")


@bp.get("/tai-khoan/cua-toi")
def profile() -> str:
    """The person's own data."""
    return render_template("account/profile.html")


@bp.post("/tai-khoan/thoat")
def sign_out() -> Response:
    """End the session; by POST, so that no link or picture can do it."""
    logout_user()
    return redirect(url_for("public.home"))
