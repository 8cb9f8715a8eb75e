"""Reads of parts that are lent: who acts for whom, in which round, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.policies import Actor
from app.domain.vocabulary import CouncilRole, DelegatedPart, PanelRole
from app.models.account import User
from app.models.delegation import Delegation
from app.models.round import Round
from app.queries.among import among


@dataclass(frozen=True)
class DelegationLine:
    """One loan of a part, as both sides see it."""

    id: int
    part: DelegatedPart
    round_name: str
    giver_id: int
    giver: str
    taker: str
    reason: str
    valid_from: datetime
    valid_until: datetime
    ended_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """True once it has ended, by itself or by somebody."""
        return self.ended_at is not None or self.valid_until <= now


def of_person(session: Session, user_id: int) -> Sequence[DelegationLine]:
    """What the person lent and what was lent to them, newest first; one statement."""
    giver, taker = aliased(User), aliased(User)
    columns = (
        Delegation.id,
        Delegation.part,
        Round.name.label("round_name"),
        Delegation.giver_id,
        giver.name.label("giver"),
        taker.name.label("taker"),
        Delegation.reason,
        Delegation.valid_from,
        Delegation.valid_until,
        Delegation.ended_at,
    )
    rows = session.execute(
        select(*columns)
        .join(Round, Round.id == Delegation.round_id)
        .join(giver, giver.id == Delegation.giver_id)
        .join(taker, taker.id == Delegation.taker_id)
        .where(or_(Delegation.giver_id == user_id, Delegation.taker_id == user_id))
        .order_by(Delegation.id.desc())
        .limit(100)
    )
    return [DelegationLine(**row._mapping) for row in rows]


def holds(actor: Actor, part: DelegatedPart, round_id: int) -> bool:
    """True if the actor plays the part in the round by their own right."""
    if round_id in actor.deputy_for:
        return False
    if part is DelegatedPart.SECRETARY:
        return round_id in actor.secretary_of
    if part is DelegatedPart.PANEL_CHAIR:
        seat = actor.panel_seats.get(round_id)
        return seat is not None and seat.role is PanelRole.CHAIR
    council = actor.council_seats.get(round_id)
    return council is not None and council.role is CouncilRole.CHAIR


def lendable(session: Session, actor: Actor) -> Sequence[tuple[int, str, DelegatedPart]]:
    """The parts that the actor may lend: round, its name, part; newest rounds first, at most 200."""
    ids = {*actor.secretary_of, *actor.panel_seats, *actor.council_seats}
    rounds = session.execute(select(Round.id, Round.name).where(among(Round.id, ids)).order_by(Round.id.desc()).limit(200))
    return [(row.id, row.name, part) for row in rounds for part in DelegatedPart if holds(actor, part, row.id)]
