"""The bulk job: killed in the middle, cancelled, and run by two at once, it ends with each certificate once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.jobs.bell import run_job, sweep
from app.models.certificate import Certificate
from app.models.record import Job
from app.services import certificates, jobs
from tests.app import make
from tests.app.services.certified import ISSUED_ON, crowd, published
from tests.app.services.world import World

MANY = 120


@pytest.fixture
def round_of_many(app: Flask, session: Session) -> World:
    """A published round with more recognised entries than one batch; nobody answers the bell."""
    app.extensions["doorbell"] = None
    world = published(session)
    crowd(session, world, MANY - 3)
    return world


def ask(world: World, *, batch: int) -> int:
    with unit_of_work() as writing:
        job = certificates.request_issue(
            writing, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, batch=batch, now=make.NOW
        )
    return job.id


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


def require_each_once(session: Session) -> None:
    session.rollback()
    numbers = session.scalars(select(Certificate.number).order_by(Certificate.number)).all()
    recognised = session.scalar(select(func.count(Certificate.recognition_id.distinct())))
    assert numbers == list(range(1, MANY + 1))
    assert recognised == MANY


def start_worker(app: Flask, url: str, tmp_path: Path, job_id: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.app.jobs.issue_worker", str(tmp_path / "instance"), url, str(job_id)]
    return subprocess.Popen(command, cwd=Path(app.root_path).parent)


def wait_for_some(session: Session, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while count(session) == 0:
        assert worker.poll() is None, "the worker ended before it had issued anything"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_killed_in_the_middle_leaves_nothing_lost_or_doubled(
    app: Flask, session: Session, round_of_many: World, database_url: str, tmp_path: Path
) -> None:
    job_id = ask(round_of_many, batch=2)
    worker = start_worker(app, database_url, tmp_path, job_id)
    wait_for_some(session, worker)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    left_by_the_dead = count(session)
    assert 0 < left_by_the_dead < MANY
    # A minute later its lease has run out, and the sweep of a new worker finds the job.
    with unit_of_work() as writing:
        writing.execute(update(Job).where(Job.id == job_id).values(lease_until=now() - timedelta(seconds=1)))
    sweep()
    require_each_once(session)
    job = session.get_one(Job, job_id)
    assert (job.state, job.attempts, job.done, job.total) == (JobState.DONE, 2, MANY, MANY)
    assert job.result["issued"] == MANY - left_by_the_dead


def test_two_workers_at_once_issue_each_certificate_once(app: Flask, session: Session, round_of_many: World) -> None:
    first = ask(round_of_many, batch=7)
    with unit_of_work() as writing:
        second = jobs.enqueue(
            writing,
            round_of_many.giang,
            kind=certificates.KIND,
            round_id=round_of_many.round.id,
            payload=writing.get_one(Job, first).payload,
            total=MANY,
            now=make.NOW,
        ).id

    def work(job_id: int) -> None:
        with app.app_context():
            run_job(job_id)
            db.session.remove()

    workers = [threading.Thread(target=work, args=(job_id,)) for job_id in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    require_each_once(session)
    done = session.scalars(select(Job).where(Job.kind == certificates.KIND)).all()
    assert [job.state for job in done] == [JobState.DONE, JobState.DONE]
    assert sum(job.result["issued"] for job in done) == MANY


def test_a_cancelled_job_keeps_what_it_issued_and_a_new_one_goes_on(
    session: Session, round_of_many: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.progress.REPORT_EVERY_SECONDS", 0)
    job_id = ask(round_of_many, batch=10)
    issue = certificates.issue_batch

    def cancelled_after_the_first(*given: object, **named: object) -> object:
        made = issue(*given, **named)  # type: ignore[arg-type]
        jobs.cancel(given[0], job_id, now=make.NOW)  # type: ignore[arg-type]
        return made

    monkeypatch.setattr(certificates, "issue_batch", cancelled_after_the_first)
    run_job(job_id)
    monkeypatch.setattr(certificates, "issue_batch", issue)
    assert (count(session), session.get_one(Job, job_id).state) == (10, JobState.CANCELLED)
    run_job(ask(round_of_many, batch=60))
    require_each_once(session)
