"""The gallery of recognised products, filtered by group, level, year and place."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.domain.text import clean_line
from app.domain.vocabulary import LevelCode
from app.infra.database import db
from app.queries import past, public
from app.web.public import bp
from app.web.public.kept import for_a_minute
from app.web.public.pieces import card_of
from app.web.shared.words import label

LONGEST = 100


@bp.get("/san-pham")
def gallery() -> str:
    """Recognised products, twenty-four a page."""
    session = db.session()
    wanted = wanted_of_address()
    groups, years = public.groups(session), for_a_minute("years", lambda: public.years(session))
    total = None
    if _is_listed(wanted, {"", *(code for code, _name in groups)}, {None, *years}):
        total = for_a_minute(f"products {wanted}", lambda: public.count(session, wanted))
    found = public.gallery(session, wanted, page=request.args.get("page", 1, type=int), total=total)
    first = (found.page - 1) * public.PAGE + 1
    return render_template(
        "public/gallery.html",
        found=found,
        cards=[card_of(item) for item in found.cards],
        first=first if found.total else 0,
        last=min(found.total, first + public.PAGE - 1),
        filters=filters_of(wanted, groups, years),
        is_filtered=wanted != public.Wanted(),
        clear_url=url_for("public.gallery"),
        has_past=past.exists(session),
        downloads=_downloads(),
    )


def _is_listed(wanted: public.Wanted, groups: set[str], years: set[int | None]) -> bool:
    """True for the choices that the page offers, of which there are few; what is typed freely is counted each time."""
    return not wanted.q and not wanted.place and wanted.group in groups and wanted.year in years


def _downloads() -> list[dict[str, str]]:
    """Exactly what is shown, as open data: the filters go along."""
    narrowed: Any = {name: value for name, value in request.args.items() if value and name != "page"}
    return [
        {"label": kind.upper(), "href": url_for("public.open_products", kind=kind, **narrowed)} for kind in ("csv", "json")
    ]


def wanted_of_address() -> public.Wanted:
    """The filters of the address; what is not understood asks for everything."""
    level = request.args.get("cap", "")
    return public.Wanted(
        q=_word("q"),
        group=_word("nhom"),
        level=LevelCode(level) if level in list(LevelCode) else None,
        year=request.args.get("nam", type=int),
        place=_word("dia-danh"),
    )


def _word(name: str) -> str:
    return clean_line(request.args.get(name, ""))[:LONGEST]


def filters_of(wanted: public.Wanted, groups: list[tuple[str, str]], years: list[int]) -> list[dict[str, Any]]:
    """The filters of a list of products, as the macro ``filter_bar`` takes them."""
    levels = [[item.value, label(item)] for item in reversed(LevelCode)]
    return [
        {"name": "q", "label": _("Sản phẩm hoặc cơ sở"), "value": wanted.q},
        {"name": "dia-danh", "label": _("Địa danh (tên cũ hoặc mới)"), "value": wanted.place},
        {
            "name": "nhom",
            "label": _("Nhóm"),
            "value": wanted.group,
            "options": [["", _("Tất cả các nhóm")], *([code, _(name)] for code, name in groups)],
        },
        {
            "name": "cap",
            "label": _("Cấp"),
            "value": wanted.level.value if wanted.level else "",
            "options": [["", _("Tất cả các cấp")], *levels],
        },
        {
            "name": "nam",
            "label": _("Năm"),
            "value": wanted.year or "",
            "options": [["", _("Tất cả các năm")], *([year, year] for year in years)],
        },
    ]
