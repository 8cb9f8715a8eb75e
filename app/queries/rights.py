"""The rights of a person, gathered from grants and seats into one ``Actor``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.policies import GUEST, Actor, Seat
from app.domain.vocabulary import Role
from app.models.account import RoleGrant, User
from app.models.council import CouncilSeat
from app.models.facility import FacilityMember
from app.models.panel import PanelSeat
from app.models.round import Round

SECRETARIAL = (Role.SECRETARY, Role.ORGANISER)


def actor_for(session: Session, user_id: int | None, *, now: datetime) -> Actor:
    """Everything that the person may be at this moment; a guest if nobody or inactive."""
    if user_id is None:
        return GUEST
    person = session.execute(select(User.id, User.name, User.email, User.active).where(User.id == user_id)).first()
    if person is None or not person.active:
        return GUEST
    grants = _grants(session, user_id, now)
    return Actor(
        user_id=user_id,
        name=person.name or person.email,
        is_administrator=any(grant.role is Role.ADMINISTRATOR for grant in grants),
        facility_ids=frozenset(
            session.scalars(select(FacilityMember.facility_id).where(FacilityMember.user_id == user_id))
        ),
        secretary_of=_secretary_rounds(session, grants),
        founds_rounds=any(grant.role in SECRETARIAL and grant.round_id is None for grant in grants),
        panel_seats={
            row.round_id: Seat(row.id, row.role)
            for row in session.execute(
                select(PanelSeat.round_id, PanelSeat.id, PanelSeat.role).where(PanelSeat.user_id == user_id)
            )
        },
        council_seats={
            row.round_id: Seat(row.id, row.role)
            for row in session.execute(
                select(CouncilSeat.round_id, CouncilSeat.id, CouncilSeat.role).where(CouncilSeat.user_id == user_id)
            )
        },
    )


def _grants(session: Session, user_id: int, now: datetime) -> list[RoleGrant]:
    return list(
        session.scalars(
            select(RoleGrant).where(
                RoleGrant.user_id == user_id,
                or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
            )
        )
    )


def _secretary_rounds(session: Session, grants: list[RoleGrant]) -> frozenset[int]:
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
