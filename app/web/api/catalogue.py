"""Rounds, product groups and administrative units."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.domain.deadlines import local_date
from app.domain.scopes import Scope
from app.domain.vocabulary import LevelCode, Phase, UnitTier
from app.infra.clock import now
from app.infra.database import db
from app.models.round import Round
from app.queries import exchange
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import LARGEST_ID, PageArgs, own_page, page_of, page_schema, query_id
from app.web.shared.actor import actor


class WindowSchema(Schema):
    """When a phase is planned."""

    phase = fields.Enum(Phase, by_value=True)
    opens_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()


class RoundGroupSchema(Schema):
    """A product group in a round."""

    code = fields.String(attribute="group_code")
    name = fields.String()


class RoundSchema(Schema):
    """A round with its plan."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    level = fields.Enum(LevelCode, by_value=True)
    year = fields.Integer()
    phase = fields.Enum(Phase, by_value=True)
    host = fields.String()
    unit_id = fields.Integer(allow_none=True)
    region_code = fields.String(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    groups = fields.List(fields.Nested(RoundGroupSchema))
    windows = fields.List(fields.Nested(WindowSchema), attribute="phases")


class GroupSchema(Schema):
    """A product group."""

    code = fields.String()
    name_vi = fields.String()
    name_en = fields.String()


class GroupsSchema(Schema):
    """All product groups."""

    items = fields.List(fields.Nested(GroupSchema))


class UnitSchema(Schema):
    """An administrative unit in force today."""

    id = fields.Integer()
    tier = fields.Enum(UnitTier, by_value=True)
    code = fields.String()
    kind = fields.String()
    name = fields.String()
    full_name = fields.String()
    parent_id = fields.Integer(allow_none=True)


class UnitArgs(PageArgs):
    """Which units."""

    tier = fields.Enum(UnitTier, by_value=True, load_default=None)
    parent_id = query_id(load_default=None)


@bp.get("/rounds")
@needs(Scope.CATALOGUE_READ)
@bp.etag
@bp.arguments(PageArgs, location="query")
@bp.response(200, page_schema(RoundSchema))
def rounds(asked: dict[str, Any]) -> dict[str, Any]:
    """Các đợt bình chọn đã mở, và các đợt của chủ mã truy cập."""
    return own_page(exchange.rounds, asked, _round)


@bp.get(f"/rounds/<int(min=1, max={LARGEST_ID}):round_id>")
@needs(Scope.CATALOGUE_READ)
@bp.etag
@bp.response(200, RoundSchema)
def one_round(round_id: int) -> dict[str, Any]:
    """Một đợt bình chọn."""
    return _round(exchange.one_round(db.session(), actor(), round_id))


@bp.get("/groups")
@needs(Scope.CATALOGUE_READ)
@bp.etag
@bp.response(200, GroupsSchema)
def groups() -> dict[str, Any]:
    """Các nhóm sản phẩm."""
    return {"items": exchange.groups(db.session())}


@bp.get("/units")
@needs(Scope.CATALOGUE_READ)
@bp.etag
@bp.arguments(UnitArgs, location="query")
@bp.response(200, page_schema(UnitSchema))
def units(asked: dict[str, Any]) -> dict[str, Any]:
    """Các đơn vị hành chính đang có hiệu lực."""
    found = exchange.units(
        db.session(),
        on=local_date(now()),
        after=asked["cursor"],
        limit=asked["limit"] + 1,
        tier=asked["tier"],
        parent_id=asked["parent_id"],
    )
    return page_of(found, asked["limit"], shown=lambda row: row, key=lambda row: row.id)


def _round(row: Round) -> dict[str, Any]:
    names = ("id", "code", "name", "level", "phase", "host", "unit_id", "region_code", "published_at", "groups", "phases")
    return {**{name: getattr(row, name) for name in names}, "year": row.season.year}
