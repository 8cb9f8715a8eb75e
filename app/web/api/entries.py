"""Entries: read by the facility that made them and by the secretariat that received them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.domain.scopes import Scope
from app.domain.vocabulary import EntryState, ProductForm
from app.infra.database import db
from app.models.entry import Entry
from app.queries import exchange
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import LARGEST_ID, PageArgs, own_page, page_schema, query_id
from app.web.shared.actor import actor


class EntrySchema(Schema):
    """An entry in a list."""

    id = fields.Integer()
    round_id = fields.Integer()
    facility_id = fields.Integer()
    facility = fields.String()
    code = fields.String(allow_none=True)
    name = fields.String()
    form = fields.Enum(ProductForm, by_value=True)
    items = fields.String()
    group_code = fields.String()
    locality = fields.String()
    state = fields.Enum(EntryState, by_value=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class WholeEntrySchema(EntrySchema):
    """An entry with what its facility wrote; ``answers`` and ``conditions`` are null for others."""

    answers = fields.Dict(keys=fields.String(), allow_none=True)
    conditions = fields.Dict(keys=fields.String(), allow_none=True)


class EntryArgs(PageArgs):
    """Which entries."""

    round_id = query_id(load_default=None)
    state = fields.Enum(EntryState, by_value=True, load_default=None)


@bp.get("/entries")
@needs(Scope.ENTRIES_READ)
@bp.etag
@bp.arguments(EntryArgs, location="query")
@bp.response(200, page_schema(EntrySchema))
def entries(asked: dict[str, Any]) -> dict[str, Any]:
    """Hồ sơ của cơ sở mình, và hồ sơ đã nộp vào đợt mình là tổ giúp việc."""
    return own_page(exchange.entries, asked, entry_facts, round_id=asked["round_id"], state=asked["state"])


@bp.get(f"/entries/<int(min=1, max={LARGEST_ID}):entry_id>")
@needs(Scope.ENTRIES_READ)
@bp.etag
@bp.response(200, WholeEntrySchema)
def one_entry(entry_id: int) -> dict[str, Any]:
    """Một hồ sơ; ETag của nó dùng cho If-Match khi sửa."""
    return whole_entry(exchange.one_entry(db.session(), actor(), entry_id))


def entry_facts(row: Entry) -> dict[str, Any]:
    """The entry as lists tell it."""
    plain = ("id", "round_id", "facility_id", "code", "group_code", "state", "submitted_at", "decided_at")
    return {
        **{name: getattr(row, name) for name in plain},
        "facility": row.facility.name,
        "name": row.product.name,
        "form": row.product.form,
        "items": row.product.items,
        "locality": row.locality.full_name,
    }


def whole_entry(row: Entry) -> dict[str, Any]:
    """The entry with its dossier's answers, which only its facility reads while they live."""
    own = row.facility_id in actor().facility_ids
    return {
        **entry_facts(row),
        "answers": row.dossier.answers if own else None,
        "conditions": row.dossier.conditions if own else None,
    }
