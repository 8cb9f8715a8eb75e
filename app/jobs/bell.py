"""Rings for jobs, runs them, and sweeps for those whose worker died."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

from flask import Flask, current_app
from huey import crontab
from huey.api import Huey

from app.domain.policies import SYSTEM
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.logging import get_logger
from app.infra.outages import is_outage
from app.infra.toolbox import toolbox
from app.jobs import kinds
from app.jobs.progress import Cancelled, Progress
from app.jobs.registry import KINDS
from app.jobs.release import release_due
from app.jobs.reminders import remind_due
from app.jobs.webhooks import retry_due
from app.services import jobs, outbox, upkeep_plan

__all__ = ["init_jobs", "kinds", "plan", "run_job", "sweep"]


def init_jobs(app: Flask) -> None:
    """Hang the bell: committed jobs ring the queue, a sweep each minute rings again, and upkeep comes round."""
    queue: Huey = app.extensions["queue"]

    def ring(job_id: int) -> None:
        with app.app_context():
            run_job(job_id)

    def sweep_all() -> None:
        with app.app_context():
            sweep()

    def plan_all() -> None:
        with app.app_context():
            plan()

    task = queue.task(name="ring")(ring)
    queue.periodic_task(crontab(), name="sweep")(sweep_all)
    queue.periodic_task(crontab(minute="*/30"), name="plan")(plan_all)
    app.extensions["doorbell"] = task if queue.immediate else _heard_or_not(task)


def _heard_or_not(ring: Callable[[int], object]) -> Callable[[int], None]:
    """A bell whose failure harms nothing: the job stands in its row, and the sweep of the next minute finds it."""

    def press(job_id: int) -> None:
        try:
            ring(job_id)
        except Exception as error:
            get_logger().warning("bell not heard", job=job_id, reason=repr(error))

    return press


def sweep() -> int:
    """Publish, remind and tell of what is due, then run every job that waits or lost its lease; how many there were."""
    release_due()
    remind_due()
    retry_due()
    with unit_of_work() as session:
        waiting = list(jobs.overdue(session, now=now()))
    for job_id in waiting:
        run_job(job_id)
    return len(waiting)


def plan() -> list[str]:
    """Put waiting mail and the upkeep that is due in the queue, as jobs that administrators see; returns upkeep's kinds."""
    with unit_of_work() as session:
        # What waits since there was no mail server, or since a try failed, goes without another message's bell.
        if toolbox().settings.smtp_url and outbox.waiting(session, now=now()):
            jobs.enqueue(session, SYSTEM, kind="send_mail", payload={}, now=now())
        return list(upkeep_plan.enqueue_due(session, now=now()))


def run_job(job_id: int) -> None:
    """Claim and run one job; does nothing when another worker holds it."""
    holder = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
    with unit_of_work() as session:
        job = jobs.claim(session, job_id, holder=holder, now=now())
    if job is None:
        return
    log = get_logger().bind(job=job_id, kind=job.kind)
    try:
        result = KINDS[job.kind](Progress(job, holder), job.payload)
    except Cancelled:
        log.info("job cancelled")
        return
    except Exception as error:
        log.exception("job failed")
        db.session.rollback()
        with unit_of_work() as session:
            jobs.give_back(session, job, holder=holder, error=repr(error), now=now(), outage=is_outage(error))
        if current_app.testing:
            raise
        return
    with unit_of_work() as session:
        jobs.finish(session, job_id, holder=holder, result=result, now=now())
    log.info("job done")
