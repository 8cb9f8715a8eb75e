"""Facilities: the owner's own, and the entrants of rounds whose secretary the owner is."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.domain.scopes import Scope
from app.domain.vocabulary import FacilityKind
from app.infra.database import db
from app.models.facility import Facility
from app.queries import exchange
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import LARGEST_ID, PageArgs, own_page, page_schema
from app.web.shared.actor import actor


class FacilitySchema(Schema):
    """A facility as its own page and the secretariat's show it."""

    id = fields.Integer()
    name = fields.String()
    kind = fields.Enum(FacilityKind, by_value=True)
    registration_number = fields.String()
    tax_code = fields.String()
    province = fields.String()
    commune = fields.String(allow_none=True)
    street = fields.String()
    representative_name = fields.String()
    phone = fields.String()
    email = fields.String()
    workers = fields.Integer(allow_none=True)


@bp.get("/facilities")
@needs(Scope.ENTRIES_READ)
@bp.etag
@bp.arguments(PageArgs, location="query")
@bp.response(200, page_schema(FacilitySchema))
def facilities(asked: dict[str, Any]) -> dict[str, Any]:
    """Các cơ sở mà chủ mã truy cập được xem."""
    return own_page(exchange.facilities, asked, _facility)


@bp.get(f"/facilities/<int(min=1, max={LARGEST_ID}):facility_id>")
@needs(Scope.ENTRIES_READ)
@bp.etag
@bp.response(200, FacilitySchema)
def one_facility(facility_id: int) -> dict[str, Any]:
    """Một cơ sở."""
    return _facility(exchange.one_facility(db.session(), actor(), facility_id))


def _facility(row: Facility) -> dict[str, Any]:
    plain = ("id", "name", "kind", "registration_number", "tax_code", "street", "representative_name", "phone", "email")
    return {
        **{name: getattr(row, name) for name in (*plain, "workers")},
        "province": row.province.full_name,
        "commune": row.commune.full_name if row.commune else None,
    }
