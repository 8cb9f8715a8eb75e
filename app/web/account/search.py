"""One search over everything that the person may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.domain.text import clean_line
from app.infra.database import db
from app.queries.search import Door, Hit, Kind
from app.queries.search import search as found_by
from app.web.account import bp
from app.web.shared.actor import actor

TITLES: dict[Kind, str] = {
    Kind.ENTRY: "Hồ sơ",
    Kind.SHEET: "Phiếu chấm của tôi",
    Kind.FACILITY: "Cơ sở",
    Kind.CERTIFICATE: "Giấy chứng nhận",
    Kind.PERSON: "Người",
}
LINKS: dict[tuple[Kind, Door], Callable[[str], str]] = {
    (Kind.ENTRY, Door.SECRETARIAT): lambda key: url_for("secretariat.entry_page", entry_id=int(key)),
    (Kind.ENTRY, Door.FACILITY): lambda key: url_for("facility.entry", entry_id=int(key)),
    (Kind.ENTRY, Door.COUNCIL): lambda _key: url_for("council.home"),
    (Kind.SHEET, Door.JUDGE): lambda key: url_for("judge.sheet", assignment_id=int(key)),
    (Kind.FACILITY, Door.FACILITY): lambda key: url_for("facility.profile", facility_id=int(key)),
    (Kind.CERTIFICATE, Door.PUBLIC): lambda key: url_for("public.verify", code=key),
    (Kind.PERSON, Door.ADMIN): lambda key: url_for("admin.person", user_id=int(key)),
}
LONGEST = 100


@bp.get("/tim")
def search() -> str:
    """What was found, by kind."""
    typed = clean_line(request.args.get("q", ""))[:LONGEST]
    hits = found_by(db.session(), actor(), typed)
    parts = [
        {"title": _(title), "lines": [_line(hit) for hit in hits if hit.kind is kind]} for kind, title in TITLES.items()
    ]
    return render_template(
        "account/search.html", parts=[part for part in parts if part["lines"]], search_query=typed, count=len(hits)
    )


def _line(hit: Hit) -> dict[str, Any]:
    link = LINKS.get((hit.kind, hit.door))
    return {"title": hit.title, "detail": hit.detail, "href": link(hit.key) if link else None}
