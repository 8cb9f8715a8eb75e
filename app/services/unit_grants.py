"""Roles for a territory follow its unit: whoever worked for a unit that a decree ended works for what it became."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.models.account import RoleGrant
from app.models.unit import UnitSuccession
from app.services import audit


def follow(session: Session, actor: Actor, ended: Collection[int], *, now: datetime) -> list[RoleGrant]:
    """Give the roles on units that ended (by id) for their successors too, with the same end.

    Only where all of a unit went on in one other (1:1, n:1): after a split the administrator decides. The old
    grant stays, since rounds of the old unit run on. A role that the person has there already is not given twice.
    """
    into = _sole_successors(session, ended)
    living = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now)
    old = session.scalars(select(RoleGrant).where(RoleGrant.unit_id.in_(into), living).order_by(RoleGrant.id)).all()
    new = session.scalars(select(RoleGrant).where(RoleGrant.unit_id.in_(into.values()), living))
    held = {(grant.user_id, grant.role, grant.unit_id) for grant in new}
    made = []
    for grant in old:
        unit_id = into[grant.unit_id or 0]
        if (grant.user_id, grant.role, unit_id) not in held:
            held.add((grant.user_id, grant.role, unit_id))
            made.append(_given(session, actor, grant, unit_id, now))
    return made


def _sole_successors(session: Session, ended: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(UnitSuccession.predecessor_id, UnitSuccession.successor_id).where(UnitSuccession.predecessor_id.in_(ended))
    )
    found: dict[int, set[int]] = {}
    for predecessor_id, successor_id in rows:
        found.setdefault(predecessor_id, set()).add(successor_id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


def _given(session: Session, actor: Actor, old: RoleGrant, unit_id: int, now: datetime) -> RoleGrant:
    row = RoleGrant(
        user_id=old.user_id,
        role=old.role,
        unit_id=unit_id,
        granted_by_id=actor.user_id,
        granted_at=now,
        valid_until=old.valid_until,
    )
    session.add(row)
    session.flush()
    details = {"role": old.role, "unit_id": unit_id, "follows_unit": old.unit_id, "valid_until": old.valid_until}
    audit.record(session, actor, action="role:grant", subject=f"user:{old.user_id}", now=now, details=details)
    return row
