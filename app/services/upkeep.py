"""What an administrator does to work in the background: cancel, run again, send again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import JobState, MailState
from app.models.record import Job, OutboxMail
from app.services import audit, jobs

ENDED = (JobState.FAILED, JobState.CANCELLED)


def cancel_job(session: Session, actor: Actor, *, job_id: int, now: datetime) -> None:
    """Stop a job that waits or runs; its worker notices at its next report.

    Raises:
        NotFound: no such job, or not an administrator.
        Refused: ``job_ended``.
    """
    _require_administrator(actor)
    job = _job(session, job_id)
    if not jobs.cancel(session, job_id, now=now):
        raise Refused("job_ended")
    audit.record(session, actor, action="job:cancel", subject=f"job:{job_id}", now=now, details={"kind": job.kind})


def retry_job(session: Session, actor: Actor, *, job_id: int, now: datetime) -> Job:
    """Put a failed or cancelled job back in the queue with fresh attempts; what it did is not done twice.

    Raises:
        NotFound: no such job, or not an administrator.
        Refused: ``job_not_ended`` while it waits, runs or is done.
    """
    _require_administrator(actor)
    job = _job(session, job_id)
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(ENDED))
        .values(state=JobState.WAITING, attempts=0, error="", finished_at=None, lease_until=None, lease_holder="")
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused("job_not_ended")
    session.refresh(job)
    session.info.setdefault("jobs", []).append(job_id)
    audit.record(session, actor, action="job:retry", subject=f"job:{job_id}", now=now, details={"kind": job.kind})
    return job


def resend_failed_mail(session: Session, actor: Actor, *, now: datetime) -> int:
    """Let every message that was given up wait for sending again; returns how many.

    Raises:
        NotFound: not an administrator.
    """
    _require_administrator(actor)
    changed = session.execute(
        update(OutboxMail)
        .where(OutboxMail.state == MailState.FAILED)
        .values(state=MailState.WAITING, attempts=0, error="")
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]
    if count:
        jobs.enqueue(session, actor, kind="send_mail", payload={}, now=now)
        audit.record(session, actor, action="mail:resend", subject="mail:failed", now=now, details={"count": count})
    return count


def _job(session: Session, job_id: int) -> Job:
    row = session.get(Job, job_id)
    if row is None:
        raise NotFound("job")
    return row


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotFound("page")
