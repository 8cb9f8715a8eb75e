"""A facility follows its units: where a decree replaced those it was founded in, today's are written into it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.models.facility import Facility
from app.queries.whereabouts import Whereabouts
from app.services import audit


def follow(session: Session, actor: Actor, facility: Facility, where: Whereabouts, *, now: datetime) -> bool:
    """Write today's units into the facility; True if they are others than before. ``where`` has a province."""
    assert where.province is not None, "the caller checked"
    commune_id = where.commune.id if where.commune else None
    before = {"province_id": facility.province_id, "commune_id": facility.commune_id}
    after = {"province_id": where.province.id, "commune_id": commune_id}
    if before == after:
        return False
    facility.province_id, facility.commune_id = where.province.id, commune_id
    session.flush()
    details = {"before": before, "after": after}
    audit.record(session, actor, action="facility:follow_units", subject=f"facility:{facility.id}", now=now, details=details)
    return True
