"""Put first steps away, or see them again."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.infra.database import unit_of_work
from app.services import tours
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.tours import home_of


@bp.post("/lam-quen/<tour>/xong")
def dismiss_tour(tour: str) -> Response:
    """Put the steps away and stay on the page that showed them."""
    with unit_of_work() as session:
        tours.dismiss(session, actor(), tour=tour)
    return redirect(home_of(tour), 303)


@bp.post("/lam-quen/xem-lai")
def bring_tours_back() -> Response:
    """Show all first steps again."""
    with unit_of_work() as session:
        tours.bring_back(session, actor())
    flash(_("Các bước làm quen hiện lại ở trang đầu của từng phần."), "success")
    return redirect(url_for("account.profile"), 303)
