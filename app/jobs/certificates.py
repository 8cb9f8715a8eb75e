"""The job that issues a round's certificates, a batch a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.policies import Actor
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.models.account import User
from app.models.round import Round
from app.queries.issuing import pending
from app.services import certificates, designs


@kind(certificates.KIND)
def issue_certificates(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Issue until every recognised entry has its certificate; nothing if one of them cannot be printed.

    Run again after a crash or a cancellation it goes on where the last whole batch ended: numbers
    are allotted in the transaction that writes their certificates.
    """
    room, round_id = pressroom(), int(payload["round_id"])
    issued_on = date.fromisoformat(payload["issued_on"])
    digest = _design(payload)
    reading = db.session()
    total = progress.job.total or len(pending(reading, round_id))
    problems = certificates.problems_of(reading, room, round_id=round_id, issued_on=issued_on, design_digest=digest)
    actor = _owner(progress.job.owner_id)
    reading.rollback()
    if problems:
        return {"issued": 0, "problems": [asdict(problem) for problem in problems]}
    issued = 0
    while True:
        with unit_of_work() as session:
            made = certificates.issue_batch(
                session,
                actor,
                round_id=round_id,
                issued_on=issued_on,
                room=room,
                design_digest=digest,
                pattern=payload.get("pattern"),
                limit=int(payload.get("batch", certificates.BATCH)),
                now=now(),
            )
            left = len(pending(session, round_id))
        issued += len(made)
        progress(max(0, total - left), total)
        if not left:
            return {"issued": issued, "problems": []}


def _design(payload: Mapping[str, Any]) -> str:
    """The digest of the design that was asked for, written down if it is a new one."""
    with unit_of_work() as session:
        round_ = session.get_one(Round, int(payload["round_id"]))
        english = bool(payload.get("english"))
        return designs.chosen(session, pressroom(), payload.get("design"), round_.level, now=now(), english=english).digest


def _owner(user_id: int | None) -> Actor:
    """The person who asked, by name: their right was checked when they did."""
    name = db.session().scalar(select(User.name).where(User.id == user_id))
    return Actor(user_id=user_id, name=name or "")
