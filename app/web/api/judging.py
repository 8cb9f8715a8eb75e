"""A judge's own queue: the fields of the judging pages and no other, so that blind stays blind."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.domain.errors import NotFound
from app.domain.phases import is_frozen
from app.domain.scopes import Scope
from app.domain.vocabulary import ConflictAnswer, PanelRole, SheetState
from app.infra.database import db
from app.queries import exchange
from app.queries import judging as reads
from app.services.freezing import rules_of
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import LARGEST_ID
from app.web.shared.actor import actor


class AssignmentSchema(Schema):
    """One sheet that the judge is to sign, or signed."""

    assignment_id = fields.Integer()
    code = fields.String()
    product = fields.String()
    group = fields.String()
    state = fields.Enum(SheetState, by_value=True, allow_none=True)
    total = fields.Decimal(as_string=True, allow_none=True)
    stage = fields.Integer()
    closed = fields.Boolean()


class AssignmentsSchema(Schema):
    """The queue; empty before the judge has answered the question of conflicts."""

    items = fields.List(fields.Nested(AssignmentSchema))


@bp.get(f"/rounds/<int(min=1, max={LARGEST_ID}):round_id>/assignments")
@needs(Scope.JUDGING_READ)
@bp.etag
@bp.response(200, AssignmentsSchema)
def assignments(round_id: int) -> dict[str, Any]:
    """Các phiếu của chính giám khảo trong một đợt."""
    seat = actor().panel_seats.get(round_id)
    if seat is None:
        raise NotFound("round")
    row = exchange.one_round(db.session(), actor(), round_id)
    mine = next(item for item in reads.my_rounds(db.session(), actor()) if item.id == round_id)
    answered = mine.answer in (ConflictAnswer.NONE, ConflictAnswer.CONFLICT)
    opened = is_frozen(row.phase) and answered and seat.role is not PanelRole.SECRETARY
    return {"items": reads.queue(db.session(), actor(), round_id, blind=rules_of(row).blind) if opened else []}
