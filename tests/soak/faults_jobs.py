"""Faults while jobs run: workers killed, PostgreSQL killed, two workers made to believe that one job is theirs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.domain.policies import SYSTEM
from app.domain.vocabulary import JobState, MailState
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.certificate import Certificate, CertificateSeries
from app.models.record import Job, OutboxMail
from app.services import certificates, jobs, outbox
from tests.app import make
from tests.app.services.certified import ISSUED_ON, crowd, published
from tests.soak.serving import Served

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 900
BATCH = 5
Disturb = Callable[[list["Sweeper"]], None]


class Sweeper:
    """A worker process of its own that is killed at will."""

    def __init__(self, served: Served, log: Path) -> None:
        with log.open("ab") as target:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.sweeper"], cwd=ROOT, env={**os.environ, **served.environment},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=target, text=True,
            )  # fmt: skip
        self._log = log
        self.start()

    def start(self) -> None:
        """Start a worker; the one before it is dead."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(file=self._nursery.stdin, flush=True)
        line = self._nursery.stdout.readline()
        assert line, self._log.read_text()[-2000:]
        self._process = int(line)

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self._process, signal.SIGKILL)

    def end(self) -> None:
        """Kill it and let nobody come after it."""
        self.kill()
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(timeout=30)


@contextmanager
def sweepers(served: Served, folder: Path, count: int = 1) -> Iterator[list[Sweeper]]:
    """Workers that are gone afterwards."""
    held = [Sweeper(served, folder / f"sweeper-{number}.log") for number in range(count)]
    try:
        yield held
    finally:
        for one in held:
            one.end()


def kill_worker(held: list[Sweeper]) -> None:
    """Kill the first worker and start another as a supervisor would; its lease is not waited for."""
    held[0].kill()
    end_leases()
    held[0].start()


def end_leases() -> None:
    """Let every lease and claim run out now instead of in a minute."""
    past = now() - timedelta(seconds=1)
    for _ in range(100):
        try:
            with unit_of_work() as session:
                session.execute(update(Job).where(Job.state == JobState.RUNNING).values(lease_until=past))
                session.execute(update(OutboxMail).where(OutboxMail.claimed_until.is_not(None)).values(claimed_until=past))
            return
        except SQLAlchemyError:
            time.sleep(0.1)


def through(app: Flask, held: list[Sweeper], done: Callable[[], int], goal: int, disturb: Disturb, times: int) -> int:
    """Disturb the work at even distances until it is done; how many disturbances fell into its middle."""
    middle, disturbed, deadline = 0, 0, time.monotonic() + LONGEST_SECONDS
    while (there := _asked(done)) < goal or _open_jobs():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{there} of {goal} after {LONGEST_SECONDS} s")
        if disturbed < times and there >= goal * (disturbed + 1) // (times + 2):
            disturb(held)
            disturbed += 1
            middle += _asked(done) < goal
        elif disturbed == times:
            end_leases()
            time.sleep(0.3)
        time.sleep(0.02)
    return middle


def _asked(count: Callable[[], int]) -> int:
    for _ in range(100):
        try:
            db.session.rollback()
            return count()
        except SQLAlchemyError:
            time.sleep(0.1)
    raise RuntimeError("the database did not come back")


def _open_jobs() -> int:
    def count() -> int:
        failed = db.session().scalar(select(Job.error).where(Job.state == JobState.FAILED).limit(1))
        if failed is not None:
            raise RuntimeError(f"a job was given up: {failed}")
        return db.session().scalar(select(func.count(Job.id)).where(Job.state.in_([JobState.WAITING, JobState.RUNNING]))) or 0

    return _asked(count)


def issuing(app: Flask, served: Served, folder: Path, disturb: Disturb, times: int, *, workers: int = 1) -> dict[str, int]:
    """Certificates of a whole round issued through the fault; what is lost, doubled or out of order."""
    many = max(30, 12 * times)
    app.extensions["doorbell"] = None
    with app.app_context():
        session = db.session()
        world = published(session)
        crowd(session, world, many - 3)
        with unit_of_work() as writing:
            certificates.request_issue(
                writing, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, batch=BATCH, now=make.NOW
            )
        with sweepers(served, folder, workers) as held:
            middle = through(app, held, _certificates, many, disturb, times)
        told = {"in the middle": middle, "lost, doubled or out of order": _misnumbered(many)}
        db.session.remove()
    return told


def _certificates() -> int:
    return db.session().scalar(select(func.count(Certificate.id))) or 0


def _misnumbered(many: int) -> int:
    """Numbers missing, twice or beyond the end; recognitions, serials or codes without exactly one; a series that lost count."""
    session = db.session()
    session.rollback()
    numbers = Counter(session.scalars(select(Certificate.number)))
    wrong = sum(numbers[number] != 1 for number in range(1, many + 1)) + len(numbers.keys() - set(range(1, many + 1)))
    for column in (Certificate.recognition_id, Certificate.serial, Certificate.code):
        wrong += abs((session.scalar(select(func.count(column.distinct()))) or 0) - many)
    wrong += abs((session.scalar(select(func.max(CertificateSeries.next_number))) or 0) - many - 1)
    return wrong


class _Postbox:
    """A mail server that keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        message = message_from_bytes(envelope.content)
        self.taken.append((envelope.rcpt_tos[0], str(message["Message-ID"])))
        return "250 OK"


@contextmanager
def postbox(port: int) -> Iterator[_Postbox]:
    """A real SMTP server in this process."""
    box = _Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def mailing(
    app: Flask, served: Served, folder: Path, box: _Postbox, disturb: Disturb, times: int, *, workers: int = 1
) -> dict[str, int]:
    """Messages sent through the fault; ``handed over twice`` went out twice under one Message-ID."""
    many = max(40, 15 * times)
    app.extensions["doorbell"] = None
    with app.app_context():
        for number in range(many):
            with unit_of_work() as session:  # each with a job of its own, as the requests of many people
                outbox.write_to_address(session, f"nguoi-{number}@example.vn", subject="Thử", body=f"Thư {number}", now=now())
        with sweepers(served, folder, workers) as held:
            middle = through(app, held, _sent, many, disturb, times)
        db.session.rollback()
        attempts = db.session().scalar(select(func.max(OutboxMail.attempts))) or 0
        db.session.remove()
    received = Counter(recipient for recipient, _ in box.taken)
    names = {recipient: {name for other, name in box.taken if other == recipient} for recipient in received}
    return {
        "in the middle": middle,
        "messages lost": many - len(received),
        "handed over twice": sum(count - 1 for count in received.values()),
        "messages under two names": sum(len(name) > 1 for name in names.values()),
        "most tries of one message": attempts,
    }


def _sent() -> int:
    return db.session().scalar(select(func.count(OutboxMail.id)).where(OutboxMail.state == MailState.SENT)) or 0


def cheap_job() -> int:
    """Commit a job that does next to nothing; its id."""
    with unit_of_work() as session:
        return jobs.enqueue(session, SYSTEM, kind="expire_uploads", payload={}, now=now()).id
