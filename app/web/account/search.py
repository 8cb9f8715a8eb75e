"""One search over everything that the person may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.text import clean_line, fold
from app.infra.database import db
from app.queries.search import Door, Hit, Kind
from app.queries.search import search as found_by
from app.web.account import bp
from app.web.shared.actor import actor
from app.web.shared.context import user_menu, work_items

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
LONGEST, PALETTE = 100, 30


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


@bp.get("/tim.json")
def search_palette() -> ResponseReturnValue:
    """What the palette shows for the letters typed so far: places of the navigation first, then things with a page."""
    typed = clean_line(request.args.get("q", ""))[:LONGEST]
    lines = [{"kind": _(TITLES[hit.kind]), **_line(hit)} for hit in found_by(db.session(), actor(), typed)]
    found = [*_places(typed), *(line for line in lines if line["href"])][:PALETTE]
    answer = jsonify(lines=found, more=url_for("account.search", q=typed))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _places(typed: str) -> list[dict[str, Any]]:
    """The navigation's places whose name holds every word, marks aside; all of them before a word is typed."""
    words = fold(typed).split()
    items = [*work_items(actor()), *user_menu(actor())]
    return [
        {"kind": _("Đi tới"), "title": item["label"], "detail": "", "href": item["href"]}
        for item in items
        if all(word in fold(item["label"]) for word in words)
    ]


def _line(hit: Hit) -> dict[str, Any]:
    link = LINKS.get((hit.kind, hit.door))
    return {"title": hit.title, "detail": hit.detail, "href": link(hit.key) if link else None}
