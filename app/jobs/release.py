"""Publishes the rounds whose set time has come; called by the sweep of each minute."""

from __future__ import annotations

from app.domain.errors import DomainError
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.logging import get_logger
from app.services import release


def release_due() -> int:
    """Publish each due round in a transaction of its own; returns how many were published.

    A round that cannot be published stays as it was, and its secretariat is told why.
    """
    with unit_of_work() as session:
        waiting = list(release.due(session, now=now()))
    return sum(_release(round_id) for round_id in waiting)


def _release(round_id: int) -> bool:
    try:
        with unit_of_work() as session:
            return release.release(session, round_id=round_id, now=now()) is not None
    except DomainError as refusal:
        with unit_of_work() as session:
            release.report_failure(session, round_id=round_id, refusal=refusal, now=now())
        get_logger().bind(round=round_id).info("release refused", reason=refusal.code)
        return False
