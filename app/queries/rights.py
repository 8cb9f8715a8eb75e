"""The rights of a person, gathered from grants and seats into one ``Actor``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Integer, String, bindparam, func, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.domain.policies import GUEST, Actor, Seat
from app.domain.vocabulary import CouncilRole, DelegatedPart, PanelRole, Role
from app.models.account import RoleGrant, User
from app.models.base import UtcDateTime
from app.models.council import CouncilSeat
from app.models.delegation import Delegation
from app.models.facility import FacilityMember
from app.models.panel import PanelSeat
from app.models.round import Round

SECRETARIAL = (Role.SECRETARY, Role.ORGANISER)
PERSON = bindparam("person", type_=Integer)
NOW = bindparam("now", type_=UtcDateTime())
NOWHERE = type_coerce(null(), Integer)

# The person and all places where they may have rights, in one statement that is built once: every request asks it.
_PLACES: CompoundSelect[Any] = union_all(
    select(
        literal("person").label("kind"),
        NOWHERE.label("round_id"),
        User.id.label("other_id"),
        func.coalesce(func.nullif(User.name, ""), User.email).label("role"),
    ).where(User.id == PERSON, User.active),
    select(
        literal("grant"),
        RoleGrant.round_id,
        RoleGrant.unit_id,
        type_coerce(RoleGrant.role, String),
    ).where(RoleGrant.user_id == PERSON, or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > NOW)),
    select(literal("facility"), NOWHERE, FacilityMember.facility_id, literal("")).where(FacilityMember.user_id == PERSON),
    select(literal("panel"), PanelSeat.round_id, PanelSeat.id, type_coerce(PanelSeat.role, String)).where(
        PanelSeat.user_id == PERSON
    ),
    select(literal("council"), CouncilSeat.round_id, CouncilSeat.id, type_coerce(CouncilSeat.role, String)).where(
        CouncilSeat.user_id == PERSON
    ),
    select(literal("loan"), Delegation.round_id, Delegation.giver_id, type_coerce(Delegation.part, String)).where(
        Delegation.taker_id == PERSON,
        Delegation.ended_at.is_(None),
        Delegation.valid_from <= NOW,
        Delegation.valid_until > NOW,
    ),
)


@dataclass(frozen=True)
class Grant:
    """A role for a round, for a territory, or (with neither) for everything."""

    role: Role
    round_id: int | None
    unit_id: int | None


def actor_for(session: Session, user_id: int | None, *, now: datetime) -> Actor:
    """Everything that the person may be at this moment, lent parts among it; a guest if nobody or inactive."""
    own, loans = _own_rights(session, user_id, now)
    for loan in loans:
        giver, _not_passed_on = _own_rights(session, loan.giver_id, now)
        own = with_loan(own, giver, loan.part, loan.round_id)
    return own


@dataclass(frozen=True)
class Loan:
    """A part in a round that somebody lent."""

    giver_id: int
    part: DelegatedPart
    round_id: int


def with_loan(actor: Actor, giver: Actor, part: DelegatedPart, round_id: int) -> Actor:
    """The actor with the part, if the giver holds it now and the actor lacks it: nothing beyond that is lent."""
    if part is DelegatedPart.SECRETARY:
        if round_id not in giver.secretary_of or round_id in actor.secretary_of:
            return actor
        changed = replace(actor, secretary_of=actor.secretary_of | {round_id})
    elif part is DelegatedPart.PANEL_CHAIR:
        theirs, mine = giver.panel_seats.get(round_id), actor.panel_seats.get(round_id)
        if not (theirs and mine and theirs.role is PanelRole.CHAIR and mine.role is PanelRole.MEMBER):
            return actor
        seat = Seat(mine.id, PanelRole.CHAIR)
        changed = replace(actor, panel_seats={**actor.panel_seats, round_id: seat})
    else:
        theirs, mine = giver.council_seats.get(round_id), actor.council_seats.get(round_id)
        voters = (CouncilRole.VICE_CHAIR, CouncilRole.MEMBER)
        if not (theirs and mine and theirs.role is CouncilRole.CHAIR and mine.role in voters):
            return actor
        seat = Seat(mine.id, CouncilRole.CHAIR)
        changed = replace(actor, council_seats={**actor.council_seats, round_id: seat})
    return replace(changed, deputy_for={**actor.deputy_for, round_id: giver.name})


def _own_rights(session: Session, user_id: int | None, now: datetime) -> tuple[Actor, list[Loan]]:
    """What the person is by their own right, and what was lent to them."""
    if user_id is None:
        return GUEST, []
    rows = session.execute(_PLACES, {"person": user_id, "now": now}).all()
    name = next((row.role for row in rows if row.kind == "person"), None)
    if name is None:  # nobody, or switched off
        return GUEST, []
    grants = [Grant(Role(row.role), row.round_id, row.other_id) for row in rows if row.kind == "grant"]
    loans = [Loan(row.other_id, DelegatedPart(row.role), row.round_id) for row in rows if row.kind == "loan"]
    own = Actor(
        user_id=user_id,
        name=name,
        is_administrator=any(grant.role is Role.ADMINISTRATOR for grant in grants),
        facility_ids=frozenset(row.other_id for row in rows if row.kind == "facility"),
        secretary_of=_secretary_rounds(session, grants),
        secretary_everywhere=any(_is_everywhere(grant) for grant in grants),
        founds_rounds=any(grant.role in SECRETARIAL and grant.round_id is None for grant in grants),
        panel_seats={row.round_id: Seat(row.other_id, PanelRole(row.role)) for row in rows if row.kind == "panel"},
        council_seats={row.round_id: Seat(row.other_id, CouncilRole(row.role)) for row in rows if row.kind == "council"},
    )
    return own, loans


def _is_everywhere(grant: Grant) -> bool:
    return grant.role in SECRETARIAL and grant.round_id is None and grant.unit_id is None


def _secretary_rounds(session: Session, grants: list[Grant]) -> frozenset[int]:
    """Rounds of the grants: named ones, all of a unit, or all."""
    own = [grant for grant in grants if grant.role in SECRETARIAL]
    if not own:
        return frozenset()
    if any(_is_everywhere(grant) for grant in own):
        return frozenset(session.scalars(select(Round.id)))
    units = [grant.unit_id for grant in own if grant.unit_id is not None]
    named = {grant.round_id for grant in own if grant.round_id is not None}
    of_units = session.scalars(select(Round.id).where(Round.unit_id.in_(units))) if units else ()
    return frozenset({*named, *of_units})
