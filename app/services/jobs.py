"""Background work as rows: enqueue, claim by lease, report progress, finish, give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.vocabulary import JobState
from app.models.record import Job

LEASE = timedelta(seconds=60)
MAXIMUM_ATTEMPTS = 5


def enqueue(
    session: Session,
    actor: Actor,
    *,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    round_id: int | None = None,
    total: int | None = None,
) -> Job:
    """Write a waiting job; the queue is rung once the transaction has been committed."""
    job = Job(
        kind=kind,
        payload=dict(payload),
        round_id=round_id,
        owner_id=actor.user_id,
        total=total,
        created_at=now,
    )
    session.add(job)
    session.flush()
    session.info.setdefault("jobs", []).append(job.id)
    return job


def claim(session: Session, job_id: int, *, holder: str, now: datetime) -> Job | None:
    """Take a waiting job, or one whose holder's lease has run out; None if somebody else has it."""
    free = _free(now)
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, free)
        .values(
            state=JobState.RUNNING,
            lease_holder=holder,
            lease_until=now + LEASE,
            attempts=Job.attempts + 1,
            started_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return session.get(Job, job_id, populate_existing=True)


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, or its lease ran out; one that ends further ahead than any can was written before the clock went back."""
    over = or_(Job.lease_until < now, Job.lease_until > now + 2 * LEASE)
    return or_(Job.state == JobState.WAITING, and_(Job.state == JobState.RUNNING, over))


def advance(session: Session, job: Job, *, holder: str, done: int, total: int | None, now: datetime) -> bool:
    """Report progress and renew the lease; False when the job was cancelled or taken over."""
    kept = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.RUNNING, Job.lease_holder == holder)
        .values(done=done, total=total, lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return bool(kept.rowcount == 1)  # type: ignore[attr-defined]


def finish(session: Session, job_id: int, *, holder: str, result: Mapping[str, Any], now: datetime) -> None:
    """Mark the holder's job done, with its result."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_holder == holder, Job.state == JobState.RUNNING)
        .values(state=JobState.DONE, result=dict(result), finished_at=now, lease_until=None, error="")
        .execution_options(synchronize_session=False)
    )


def give_back(session: Session, job: Job, *, holder: str, error: str, now: datetime, outage: bool = False) -> None:
    """Put a job that failed back in the queue, or give it up after the last attempt.

    An ``outage`` (the database, the store of files) is no fault of the job: it waits for as long as that lasts.
    """
    spent = not outage and job.attempts >= MAXIMUM_ATTEMPTS
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.lease_holder == holder, Job.state == JobState.RUNNING)
        .values(
            state=JobState.FAILED if spent else JobState.WAITING,
            error=error[:2000],
            lease_until=None,
            finished_at=now if spent else None,
            attempts=Job.attempts - int(outage),
        )
        .execution_options(synchronize_session=False)
    )


def cancel(session: Session, job_id: int, *, now: datetime) -> bool:
    """Cancel a job that has not ended; its worker notices at the next progress report."""
    stopped = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_([JobState.WAITING, JobState.RUNNING]))
        .values(state=JobState.CANCELLED, finished_at=now, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return bool(stopped.rowcount == 1)  # type: ignore[attr-defined]


def overdue(session: Session, *, now: datetime) -> Sequence[int]:
    """Ids of jobs that wait, or whose worker is gone: what the sweep rings for again."""
    return session.scalars(select(Job.id).where(_free(now)).order_by(Job.id)).all()
