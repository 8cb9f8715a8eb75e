"""The gallery of recognised products, filtered by group, level, year and place."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.domain.text import clean_line
from app.domain.vocabulary import LevelCode
from app.infra.database import db
from app.queries import public
from app.web.public import bp
from app.web.public.pieces import card_of
from app.web.shared.words import label

LONGEST = 100


@bp.get("/san-pham")
def gallery() -> str:
    """Recognised products, twenty-four a page."""
    session = db.session()
    wanted = wanted_of_address()
    found = public.gallery(session, wanted, page=request.args.get("page", 1, type=int))
    first = (found.page - 1) * public.PAGE + 1
    return render_template(
        "public/gallery.html",
        found=found,
        cards=[card_of(item) for item in found.cards],
        first=first if found.total else 0,
        last=min(found.total, first + public.PAGE - 1),
        filters=_filters(wanted, public.groups(session), public.years(session)),
        is_filtered=wanted != public.Wanted(),
        clear_url=url_for("public.gallery"),
    )


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


def _filters(wanted: public.Wanted, groups: list[tuple[str, str]], years: list[int]) -> list[dict[str, Any]]:
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
