"""Products recognised before the system, as older lists name them: marked as taken over, filtered, open as data."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for

from app.infra.database import db
from app.queries import past as reads
from app.queries import public
from app.web.public import bp
from app.web.public.gallery import filters_of, wanted_of_address
from app.web.public.opendata import answer_of

FIELDS = (
    "id", "name", "facility", "place", "group_code", "level", "year", "order_number", "order_date", "authority",
    "paper_serial", "taken_over",
)  # fmt: skip


@bp.get("/san-pham/truoc-day")
def past() -> str:
    """What was taken over, fifty a page; the same filters as the gallery."""
    session = db.session()
    wanted = wanted_of_address()
    found = reads.listed(session, wanted, page=request.args.get("page", 1, type=int))
    narrowed: Any = {name: value for name, value in request.args.items() if value and name != "page"}
    return render_template(
        "public/past.html",
        found=found,
        filters=filters_of(wanted, public.groups(session), reads.years(session)),
        is_filtered=wanted != public.Wanted(),
        clear_url=url_for("public.past"),
        downloads=[
            {"label": kind.upper(), "href": url_for("public.open_past", kind=kind, **narrowed)} for kind in ("csv", "json")
        ],
    )


@bp.get("/du-lieu-mo/san-pham-truoc-day.<any(csv, json):kind>")
def open_past(kind: str) -> Response:
    """The same list as open data; no tax code of a facility is in it."""
    found = reads.listed(db.session(), wanted_of_address(), size=None)
    return answer_of("san-pham-truoc-day", kind, FIELDS, [_line(found, row) for row in found.rows])


def _line(found: reads.PastPage, row: Any) -> dict[str, Any]:
    return {
        "id": f"truoc-day/{row.id}",
        "name": row.product,
        "facility": row.facility,
        "place": found.place(row),
        "group_code": row.group_code,
        "level": row.level.value,
        "year": row.year,
        "order_number": row.order_number,
        "order_date": row.decided_on.isoformat() if row.decided_on else None,
        "authority": row.authority,
        "paper_serial": row.serial,
        "taken_over": True,
    }
