"""Results: what was published for everybody, ranking and statistics for the round's secretariat."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.domain.errors import NotFound
from app.domain.scopes import Scope
from app.domain.vocabulary import Phase
from app.infra.database import db
from app.queries import exchange, public, public_rounds
from app.queries import results as reads
from app.queries import statistics as counts
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import LARGEST_ID, PageArgs, page_of, page_schema
from app.web.shared.actor import actor

DECIDED = (Phase.DELIBERATION, Phase.PUBLISHED, Phase.ARCHIVED)


class ResultSchema(Schema):
    """A product that was recognised under a published order."""

    entry_id = fields.Integer()
    code = fields.String()
    name = fields.String()
    group_code = fields.String()
    facility = fields.String()
    place = fields.String()
    tier = fields.String(allow_none=True)
    order_number = fields.String()
    decided_on = fields.Date()
    published_at = fields.AwareDateTime()


class RankedSchema(Schema):
    """A line of the ranking."""

    entry_id = fields.Integer()
    code = fields.String()
    product = fields.String()
    facility = fields.String()
    locality = fields.String()
    group = fields.String()
    status = fields.String()
    counted = fields.Integer()
    published = fields.Decimal(as_string=True, allow_none=True)
    place = fields.Integer(allow_none=True)
    group_place = fields.Integer(allow_none=True)
    selection = fields.String(allow_none=True)


class RankingSchema(Schema):
    """The present run with its digest; ``run`` is null before there is one."""

    run = fields.Integer(allow_none=True)
    result_digest = fields.String(allow_none=True)
    items = fields.List(fields.Nested(RankedSchema))


class CountSchema(Schema):
    """One row of statistics; figures of the secretariat are null for everybody else."""

    table = fields.String()
    key = fields.String()
    label = fields.String()
    registered = fields.Integer(allow_none=True)
    eligible = fields.Integer(allow_none=True)
    recognised = fields.Integer()
    nominated = fields.Integer(allow_none=True)


class CountsSchema(Schema):
    """Statistics of a round."""

    items = fields.List(fields.Nested(CountSchema))


@bp.get(f"/rounds/<int(min=1, max={LARGEST_ID}):round_id>/results")
@needs(Scope.RESULTS_READ)
@bp.etag
@bp.arguments(PageArgs, location="query")
@bp.response(200, page_schema(ResultSchema))
def results(asked: dict[str, Any], round_id: int) -> dict[str, Any]:
    """Sản phẩm được công nhận đã công bố của một đợt."""
    exchange.one_round(db.session(), actor(), round_id)
    cards = public.everything(db.session(), public.Wanted(round_id=round_id))
    left = sorted((card for card in cards if card.entry_id > asked["cursor"]), key=lambda card: card.entry_id)
    return page_of(left[: asked["limit"] + 1], asked["limit"], shown=lambda card: card, key=lambda card: card.entry_id)


@bp.get(f"/rounds/<int(min=1, max={LARGEST_ID}):round_id>/ranking")
@needs(Scope.RESULTS_READ)
@bp.etag
@bp.response(200, RankingSchema)
def ranking(round_id: int) -> dict[str, Any]:
    """Bảng xếp hạng của lần tính hiện tại; chỉ tổ giúp việc của đợt."""
    _require_secretary(round_id)
    run = reads.present_run(db.session(), round_id)
    if run is None:
        return {"run": None, "result_digest": None, "items": []}
    found = reads.ranking(db.session(), run)
    return {"run": run.number, "result_digest": run.result_digest, "items": found.lines}


@bp.get(f"/rounds/<int(min=1, max={LARGEST_ID}):round_id>/statistics")
@needs(Scope.RESULTS_READ)
@bp.etag
@bp.response(200, CountsSchema)
def statistics(round_id: int) -> dict[str, Any]:
    """Thống kê: đầy đủ cho tổ giúp việc, số đã công bố cho người khác."""
    row = exchange.one_round(db.session(), actor(), round_id)
    if round_id not in actor().secretary_of:
        return {"items": _published(round_id)}
    found = counts.of_round(db.session(), row, decided=row.phase in DECIDED)
    return {"items": [_counted(table.name, line) for table in found.tables for line in table.rows]}


def _require_secretary(round_id: int) -> None:
    if round_id not in actor().secretary_of:
        raise NotFound("round")


def _counted(table: str, line: counts.Row) -> dict[str, Any]:
    names = ("registered", "eligible", "recognised", "nominated")
    figures = {name: getattr(line.figures, name) for name in names}
    return {"table": table, "key": line.key, "label": line.label, **figures}


def _published(round_id: int) -> list[dict[str, Any]]:
    found = public_rounds.statistics(db.session(), round_id)
    hidden = {"registered": None, "eligible": None, "nominated": None}
    names = {row.code: row.name_vi for row in exchange.groups(db.session())}
    by_group = [
        {"table": "group", "key": code, "label": names[code], "recognised": count, **hidden}
        for code, count in sorted(found.groups.items())
    ]
    by_province = [
        {"table": "province", "key": code, "label": name, "recognised": count, **hidden}
        for (code, name), count in sorted(found.provinces.items())
    ]
    return by_group + by_province
