"""The rights of a person, gathered from grants and seats into one ``Actor``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Integer, String, bindparam, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.domain.policies import GUEST, Actor, Seat
from app.domain.vocabulary import CouncilRole, PanelRole, Role
from app.models.account import RoleGrant, User
from app.models.base import UtcDateTime
from app.models.council import CouncilSeat
from app.models.facility import FacilityMember
from app.models.panel import PanelSeat
from app.models.round import Round

SECRETARIAL = (Role.SECRETARY, Role.ORGANISER)
PERSON = bindparam("person", type_=Integer)
NOW = bindparam("now", type_=UtcDateTime())
NOWHERE = type_coerce(null(), Integer)

# All places where a person may have rights, in one statement that is built once: every request asks it.
_PLACES: CompoundSelect[Any] = union_all(
    select(
        literal("grant").label("kind"),
        RoleGrant.round_id.label("round_id"),
        RoleGrant.unit_id.label("other_id"),
        type_coerce(RoleGrant.role, String).label("role"),
    ).where(RoleGrant.user_id == PERSON, or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > NOW)),
    select(literal("facility"), NOWHERE, FacilityMember.facility_id, literal("")).where(FacilityMember.user_id == PERSON),
    select(literal("panel"), PanelSeat.round_id, PanelSeat.id, type_coerce(PanelSeat.role, String)).where(
        PanelSeat.user_id == PERSON
    ),
    select(literal("council"), CouncilSeat.round_id, CouncilSeat.id, type_coerce(CouncilSeat.role, String)).where(
        CouncilSeat.user_id == PERSON
    ),
)


@dataclass(frozen=True)
class Grant:
    """A role for a round, for a territory, or (with neither) for everything."""

    role: Role
    round_id: int | None
    unit_id: int | None


def actor_for(session: Session, user_id: int | None, *, now: datetime) -> Actor:
    """Everything that the person may be at this moment; a guest if nobody or inactive."""
    if user_id is None:
        return GUEST
    person = session.execute(select(User.id, User.name, User.email, User.active).where(User.id == user_id)).first()
    if person is None or not person.active:
        return GUEST
    rows = session.execute(_PLACES, {"person": user_id, "now": now}).all()
    grants = [Grant(Role(row.role), row.round_id, row.other_id) for row in rows if row.kind == "grant"]
    return Actor(
        user_id=user_id,
        name=person.name or person.email,
        is_administrator=any(grant.role is Role.ADMINISTRATOR for grant in grants),
        facility_ids=frozenset(row.other_id for row in rows if row.kind == "facility"),
        secretary_of=_secretary_rounds(session, grants),
        founds_rounds=any(grant.role in SECRETARIAL and grant.round_id is None for grant in grants),
        panel_seats={row.round_id: Seat(row.other_id, PanelRole(row.role)) for row in rows if row.kind == "panel"},
        council_seats={row.round_id: Seat(row.other_id, CouncilRole(row.role)) for row in rows if row.kind == "council"},
    )


def _secretary_rounds(session: Session, grants: list[Grant]) -> frozenset[int]:
    """Rounds of the grants: named ones, all of a unit, or all."""
    own = [grant for grant in grants if grant.role in SECRETARIAL]
    if not own:
        return frozenset()
    if any(grant.round_id is None and grant.unit_id is None for grant in own):
        return frozenset(session.scalars(select(Round.id)))
    units = [grant.unit_id for grant in own if grant.unit_id is not None]
    named = {grant.round_id for grant in own if grant.round_id is not None}
    of_units = session.scalars(select(Round.id).where(Round.unit_id.in_(units))) if units else ()
    return frozenset({*named, *of_units})
