"""The queue's store lost, and the clock stepped back: what stands in rows goes on, in its order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from flask import Flask
from sqlalchemy import func, select

import app.infra.clock as clock
from app.domain.vocabulary import JobState
from app.factory import create_app
from app.infra.database import db, unit_of_work
from app.infra.settings import from_environment
from app.jobs.bell import run_job
from app.models.certificate import Certificate
from app.models.record import Job
from app.models.sheet import ScoreEvent
from app.services import chain, jobs
from app.services.certificates import request_issue
from tests.app import make
from tests.app.services.certified import ISSUED_ON, crowd, published
from tests.soak.faults_jobs import BATCH, cheap_job
from tests.soak.hall import Judge, fill
from tests.soak.serving import PROGRAM, ROOT, Served

PATIENCE_SECONDS = 200
SLOW_SECONDS = 15.0


class Redis:
    """A Redis server of its own, on disk nothing, killed and started at will."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.url = f"redis://127.0.0.1:{port}/0"
        self.start()

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with suppress(redis.ConnectionError):
                redis.Redis.from_url(self.url).ping()
                return
            time.sleep(0.05)
        raise RuntimeError("Redis did not start")

    def kill(self) -> None:
        """SIGKILL: what rang in it is gone."""
        self._process.kill()
        self._process.wait()


@contextmanager
def _worker(served: Served) -> Iterator[None]:
    """The product's own worker."""
    environ = {**os.environ, **served.environment}
    with served.log.open("ab") as log:
        process = subprocess.Popen([PROGRAM, "worker"], cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def queue_lost(served: Served, lose: Callable[[], None], back: Callable[[], None], times: int) -> dict[str, int]:
    """Jobs committed while the queue's store is lost again and again; all are done by the sweep of the minute."""
    app = create_app(from_environment(served.environment))
    refused = slow = 0
    asked = []
    with app.app_context(), _worker(served):
        for _ in range(times):
            asked.append(cheap_job())
            lose()
            began = time.monotonic()
            try:
                asked.append(cheap_job())
            except Exception as error:
                print(f"refused: {error!r}", file=sys.stderr)
                refused += 1
            slow += time.monotonic() - began > SLOW_SECONDS
            back()
            asked.append(cheap_job())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (left := _not_done(asked)) and time.monotonic() < deadline:
            time.sleep(0.5)
        attempts = db.session().scalar(select(func.max(Job.attempts)).where(Job.id.in_(asked))) or 0
        db.session.remove()
    return {"jobs refused": refused, "jobs lost": left, "jobs run twice": attempts - 1, "requests held up": slow}


def _not_done(asked: list[int]) -> int:
    db.session.rollback()
    done = db.session().scalar(select(func.count(Job.id)).where(Job.id.in_(asked), Job.state == JobState.DONE)) or 0
    return len(asked) - done


class _SteppedClock:
    """The clock of this process, some hours behind what it was a moment ago."""

    def __init__(self) -> None:
        self.behind = timedelta()

    def now(self, _zone: object) -> datetime:
        """What `datetime.now` is asked for."""
        return datetime.now(UTC) - self.behind


@contextmanager
def stepping() -> Iterator[_SteppedClock]:
    """Put the stepped clock in the place of this process's own."""
    held, stepped = clock.datetime, _SteppedClock()
    clock.datetime = stepped  # type: ignore[assignment, misc]
    try:
        yield stepped
    finally:
        clock.datetime = held  # type: ignore[misc]


def clock_back(app: Flask, times: int) -> dict[str, int]:
    """Saves, certificates and leases while the clock goes back an hour each time: everything keeps its order."""
    hall = fill(app, judges=3, sheets_each=2)
    draw, refused, saved = random.Random(times), 0, 0
    app.extensions["doorbell"] = None
    with app.app_context(), stepping() as stepped, ThreadPoolExecutor(1) as one:
        session = db.session()
        world = published(session)
        many = max(20, 6 * times)
        crowd(session, world, many - 3)
        with unit_of_work() as writing:
            job = request_issue(
                writing, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, batch=BATCH, now=make.NOW
            ).id
        stuck = 0
        for number in range(times):
            for judge in hall.judges:
                assignment = draw.choice(list(judge.sheets))
                # In a thread, as a server does it: here every request would share this context's person.
                answer = one.submit(_save, app, judge, assignment, f"luu-{number}-{judge.email}", draw.randrange(41)).result()
                refused += answer != 200
                saved += answer == 200
            with unit_of_work() as writing:  # a worker that takes the job and dies
                jobs.claim(writing, job, holder=f"dead-{number}", now=clock.now())
            stepped.behind += timedelta(hours=1)
            with unit_of_work() as writing:
                stuck += job not in jobs.overdue(writing, now=clock.now())
        run_job(job)
        db.session.rollback()
        numbers = list(db.session().scalars(select(Certificate.number).order_by(Certificate.id)))
        events = db.session().scalar(select(func.count(ScoreEvent.id))) or 0
        broken = chain.verify(db.session(), hall.round_id).first_broken
        db.session.remove()
    return {
        "saves refused, sessions ended": refused,
        "saves lost or doubled": abs(events - saved),
        "chains broken": int(broken is not None),
        "jobs of the dead that nobody could take": stuck,
        "certificates out of order": int(numbers != list(range(1, many + 1))),
    }


def _save(app: Flask, judge: Judge, assignment: int, operation: str, points: int) -> int:
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": judge.cookie, "X-CSRFToken": judge.token, "Accept": "application/json"}
    sheets = judge.sheets
    body = {"fields": {"points-1": str(points)}, "version": sheets[assignment], "operation_id": operation}
    answer = client.post(f"/giam-khao/phieu/{assignment}/luu", json=body, headers=headers)
    if answer.status_code == 200:
        sheets[assignment] = answer.get_json()["version"]
    return answer.status_code
