"""Rounds for everybody: the list, and one page a round with its plan, rules and result."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.vocabulary import Phase
from app.infra.clock import now
from app.infra.database import db
from app.models.round import Round
from app.queries import public, public_rounds
from app.web.public import bp
from app.web.public.charts import group_chart, province_picture
from app.web.public.pieces import badge_of, card_of, round_line
from app.web.public.rule_lines import rule_lines
from app.web.shared.formats import vi_date
from app.web.shared.words import label

RESULT_PAGE = 100


@bp.get("/dot-binh-chon")
def rounds() -> str:
    """All rounds from their opening on, newest first, fifty a page."""
    session = db.session()
    page = max(1, request.args.get("page", 1, type=int))
    year = request.args.get("nam", type=int)
    found, total = public_rounds.rounds(session, page=page, year=year)
    return render_template(
        "public/rounds.html",
        lines=[round_line(item) for item in found],
        page=page,
        pages=-(-total // public_rounds.PAGE),
        total=total,
        filters=[
            {
                "name": "nam",
                "label": _("Năm"),
                "value": year or "",
                "options": [["", _("Tất cả các năm")], *([y, y] for y in public_rounds.round_years(session))],
            }
        ],
    )


@bp.get("/dot-binh-chon/<code>")
def round_page(code: str) -> str:
    """One round: dates, groups, rules with their sources; the result list and figures once published."""
    session = db.session()
    found = public_rounds.round_page(session, code)
    if found is None:
        raise NotFound("round")
    row = found.row
    wanted = public.Wanted(round_id=row.id, q=request.args.get("q", "")[:100])
    result = public.gallery(session, wanted, page=request.args.get("page", 1, type=int), size=RESULT_PAGE)
    codes = public.certificate_codes(session, [card.recognition_id for card in result.cards])
    figures = public_rounds.statistics(session, row.id)
    return render_template(
        "public/round.html",
        found=found,
        row=row,
        state=badge_of(row.phase),
        phases=_phases(row),
        groups=[_(item.name) for item in row.groups],
        rule_lines=rule_lines(found.rules, {item.group_code: _(item.name) for item in row.groups}),
        lines=[{**card_of(card), "code": codes.get(card.recognition_id)} for card in result.cards],
        result=result,
        wanted=wanted,
        pictures=[
            group_chart(figures.groups, {item.group_code: _(item.name) for item in row.groups}),
            province_picture(figures.provinces, row.published_at),
        ]
        if figures.groups
        else [],
        is_published=row.phase in public.PUBLIC,
        register_url=url_for("facility.home") if _takes_dossiers(row) else None,
    )


def _takes_dossiers(row: Round) -> bool:
    window = next((item for item in row.phases if item.phase is Phase.REGISTRATION), None)
    return row.phase is Phase.REGISTRATION and (window is None or now() <= window.closes_at)


def _phases(row: Round) -> list[dict[str, Any]]:
    """The plan as a line: what is done, now and next, with the planned days."""
    order: list[Phase] = [phase for phase in Phase if phase not in (Phase.DRAFT, Phase.ARCHIVED)]
    windows = {item.phase: item for item in row.phases}
    present = order.index(Phase.PUBLISHED if row.phase is Phase.ARCHIVED else row.phase)
    items = []
    for number, phase in enumerate(order):
        window = windows.get(phase)
        when = f"{vi_date(window.opens_at)} – {vi_date(window.closes_at)}" if window else ""
        if phase is Phase.PUBLISHED and row.published_at:
            when = vi_date(row.published_at)
        state = "now" if number == present else "done" if number < present else "next"
        items.append({"label": label(phase), "when": when, "state": state})
    return items
