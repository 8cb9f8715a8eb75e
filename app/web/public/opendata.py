"""Open data: published products and rounds as CSV and JSON, under ids that never change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.infra.clock import now
from app.infra.database import db
from app.queries import past, public, public_rounds
from app.web.public import bp
from app.web.public.column_words import COLUMNS
from app.web.public.gallery import wanted_of_address
from app.web.public.pieces import absolute

PRODUCT_FIELDS = (
    "id", "name", "facility", "place", "group_code", "group", "level", "year", "round", "tier", "order_number", "order_date",
    "published_on", "certificate_code", "url",
)  # fmt: skip
ROUND_FIELDS = (
    "id", "name", "level", "year", "phase", "territory", "opens_on", "closes_on", "published_on", "recognised", "url",
)  # fmt: skip
# Signs that make a spreadsheet read a text as a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r")
MAXIMUM_ROUNDS = 10_000


@bp.get("/du-lieu-mo")
def open_data() -> str:
    """What there is, in which columns, under which ids."""
    return render_template(
        "public/opendata.html",
        products=_columns(PRODUCT_FIELDS),
        rounds=_columns(ROUND_FIELDS),
        has_past=past.exists(db.session()),
        figures=public.figures(db.session()),
    )


@bp.get("/du-lieu-mo/san-pham.<any(csv, json):kind>")
def open_products(kind: str) -> Response:
    """Published products; the filters of the gallery narrow them (q, nhom, cap, nam, dia-danh)."""
    session = db.session()
    cards = public.everything(session, wanted_of_address())
    codes = public.certificate_codes(session, [card.recognition_id for card in cards])
    return answer_of("san-pham", kind, PRODUCT_FIELDS, [_product(card, codes.get(card.recognition_id)) for card in cards])


@bp.get("/du-lieu-mo/dot-binh-chon.<any(csv, json):kind>")
def open_rounds(kind: str) -> Response:
    """Rounds from their opening on."""
    year = request.args.get("nam", type=int)
    rows, _count = public_rounds.rounds(db.session(), size=MAXIMUM_ROUNDS, year=year)
    return answer_of("dot-binh-chon", kind, ROUND_FIELDS, [_round(row) for row in rows])


def _product(card: public.Card, code: str | None) -> dict[str, Any]:
    return {
        "id": f"{card.round_code}/{card.code}",
        "name": card.name,
        "facility": card.facility,
        "place": card.place,
        "group_code": card.group_code,
        "group": card.group,
        "level": card.level.value,
        "year": card.year,
        "round": card.round_code,
        "tier": card.tier,
        "order_number": card.order_number,
        "order_date": card.decided_on.isoformat(),
        "published_on": local_date(card.published_at).isoformat(),
        "certificate_code": code,
        "url": absolute(url_for("public.product", entry_id=card.entry_id)),
    }


def _round(row: public_rounds.RoundCard) -> dict[str, Any]:
    def day(value: Any) -> str | None:
        return local_date(value).isoformat() if value else None

    return {
        "id": row.code,
        "name": row.name,
        "level": row.level.value,
        "year": row.year,
        "phase": row.phase.value,
        "territory": row.territory,
        "opens_on": day(row.opens_at),
        "closes_on": day(row.closes_at),
        "published_on": day(row.published_at),
        "recognised": row.recognised,
        "url": absolute(url_for("public.round_page", code=row.code)),
    }


def answer_of(name: str, kind: str, fields: Sequence[str], rows: list[dict[str, Any]]) -> Response:
    """Rows as JSON or CSV that anybody's page may read."""
    if kind == "json":
        answer = jsonify(name=name, made_at=now().isoformat(timespec="seconds"), count=len(rows), items=rows)
    else:
        answer = Response(_csv(fields, rows), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    answer.headers["Cache-Control"] = "public, max-age=600"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _csv(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """RFC 4180 with a byte order mark, so that spreadsheets read the marks of Vietnamese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(fields)
    writer.writerows([_inert(row[field]) for field in fields] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.startswith(RISKY) else value


def _columns(fields: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": field, "text": _(COLUMNS[field])} for field in fields]
