"""The secretary's first page: the rounds with what waits in each."""

from __future__ import annotations

from flask import render_template, request, url_for

from app.domain.deadlines import local_date
from app.infra.clock import now
from app.infra.database import db
from app.queries import rounds
from app.services import seasons
from app.web.secretariat import bp
from app.web.secretariat.desk import badge_of
from app.web.secretariat.founding import may_found
from app.web.shared.actor import actor


@bp.get("/")
def home() -> str:
    """Every round that the person is secretary of, the open ones first, fifty a page."""
    order = rounds.desk_order(db.session(), actor())
    pages = max(1, -(-len(order) // rounds.DESK_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    first = (page - 1) * rounds.DESK_PAGE
    lines = rounds.desk(db.session(), order[first : first + rounds.DESK_PAGE], now=now())
    return render_template(
        "secretariat/home.html",
        lines=[{"row": line, "state": badge_of(line.phase)} for line in lines],
        page=page,
        pages=pages,
        total=len(order),
        first=first + 1,
        last=first + len(lines),
        regions_url=regions_url(),
        new_url=url_for("secretariat.new_round") if may_found() else None,
        now=now(),
    )


def regions_url() -> str | None:
    """Where provinces are moved to another region, for those who may."""
    if not seasons.may_move_provinces(db.session(), actor(), now=now()):
        return None
    return url_for("secretariat.season_regions", year=local_date(now()).year)
