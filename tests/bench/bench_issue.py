"""5,000 certificates in the product's own queue, its worker killed with SIGKILL in the middle, again and again.

A round with 5,000 recognised entries, ``tieubieu worker`` as in production, SQLite on disk. After each kill a new worker
is started as a supervisor would; only the minute for which a dead worker's lease still runs is not waited for. In the
end every recognition has one certificate and the numbers are 1 to 5,000, each once. ``quick`` takes 400.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select, update

from app.domain.vocabulary import JobState
from app.factory import create_app
from app.infra.clock import now
from app.infra.database import db, metadata, unit_of_work
from app.infra.pressroom import pressroom
from app.infra.reference_files import read_reference
from app.infra.settings import from_environment
from app.models.certificate import Certificate, CertificateSeries
from app.models.record import Job
from app.services import certificates, reference
from app.services.certificate_files import record_file_of
from tests.app import make
from tests.app.services.certified import ISSUED_ON, crowd, published

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 1_800
ANEW = 200
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """Return rows ``{name, value, unit, gate, target, ok}``."""
    many, kills = (400, 2) if quick else (5_000, 5)
    with TemporaryDirectory(prefix="tieubieu-issue-") as folder, _application(Path(folder)) as environ:
        job_id = _ask(many)
        began = time.monotonic()
        left_behind = _through_kills(environ, job_id, many, kills)
        seconds = time.monotonic() - began
        return [*_faults(job_id, many, kills, left_behind), *_speed(many, seconds), _anew()]


@contextmanager
def _application(folder: Path) -> Iterator[dict[str, str]]:
    """The product in demo mode with a database of its own; yields the environment of its processes."""
    names = {"MODE": "demo", "INSTANCE": str(folder), "BASE_URL": "http://localhost"}
    environ = {**os.environ, **{f"TIEUBIEU_{name}": value for name, value in names.items()}}
    app = create_app(from_environment(environ))
    app.extensions["doorbell"] = None
    with app.app_context():
        metadata.create_all(db.engine)
        with unit_of_work() as session:
            reference.load(session, read_reference(), now=make.NOW)
        yield environ
        db.session.remove()
        db.engine.dispose()


def _ask(many: int) -> int:
    session = db.session()
    world = published(session)
    crowd(session, world, many - 3)
    with unit_of_work() as writing:
        job = certificates.request_issue(
            writing, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW
        )
    return job.id


def _through_kills(environ: dict[str, str], job_id: int, many: int, kills: int) -> list[int]:
    """Run the job to its end, its worker killed at even distances; returns how many there were at each kill."""
    left_behind: list[int] = []
    deadline = time.monotonic() + LONGEST_SECONDS
    worker = _worker(environ)
    try:
        while _state(job_id) is not JobState.DONE:
            if time.monotonic() > deadline:
                raise AssertionError("the run did not end")
            if len(left_behind) < kills and _issued() >= many * (len(left_behind) + 1) // (kills + 1):
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                left_behind.append(_issued())
                _let_the_lease_run_out(job_id)
                worker = _worker(environ)
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    return left_behind


def _worker(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from app.cli import main; main()", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _let_the_lease_run_out(job_id: int) -> None:
    with unit_of_work() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=now() - timedelta(seconds=1)))


def _state(job_id: int) -> JobState:
    db.session.rollback()
    state = db.session().scalar(select(Job.state).where(Job.id == job_id))
    if state is JobState.FAILED:
        raise AssertionError(db.session().scalar(select(Job.error).where(Job.id == job_id)))
    return state or JobState.WAITING


def _issued() -> int:
    db.session.rollback()
    return db.session().scalar(select(func.count(Certificate.id))) or 0


def _faults(job_id: int, many: int, kills: int, left_behind: list[int]) -> list[Row]:
    session = db.session()
    session.rollback()
    numbers = list(session.scalars(select(Certificate.number)))
    recognised = session.scalar(select(func.count(Certificate.recognition_id.distinct()))) or 0
    serials = session.scalar(select(func.count(Certificate.serial.distinct()))) or 0
    following = session.scalar(select(CertificateSeries.next_number)) or 0
    wanted = set(range(1, many + 1))
    reached = sum(0 < count < many for count in left_behind)
    return [
        _row(f"issue: workers killed in the middle of {many:,}", reached, "", ">=", kills),
        _row("issue: numbers lost", len(wanted - set(numbers)), "", "<=", 0),
        _row("issue: numbers doubled or beyond the end", len(numbers) - len(wanted & set(numbers)), "", "<=", 0),
        _row("issue: serials or recognitions without exactly one", abs(serials - many) + abs(recognised - many), "", "<=", 0),
        _row("issue: the series goes on after the last", abs(following - many - 1), "", "<=", 0),
    ]


def _speed(many: int, seconds: float) -> list[Row]:
    return [
        _row("issue: certificates a second, kills and new starts included", many / seconds, "/s"),
        _row(f"issue: {many:,} certificates", seconds, "s"),
    ]


def _anew() -> Row:
    """How long a certificate takes anew, from the record to bytes whose digest was compared; the first opens the design."""
    session, room, taken = db.session(), pressroom(), []
    for certificate_id in list(session.scalars(select(Certificate.id).limit(ANEW))):
        session.expunge_all()
        began = time.process_time()
        record_file_of(session, room, session.get_one(Certificate, certificate_id))
        taken.append((time.process_time() - began) * 1000)
    return _row(f"issue: one certificate anew from its record, p95 of {ANEW}", sorted(taken)[int(ANEW * 0.95)], "ms", "<=", 50)


def _row(name: str, value: float, unit: str, sign: str = "", gate: int | None = None) -> Row:
    ok = gate is None or (value <= gate if sign == "<=" else value >= gate)
    bound = "" if gate is None else f"{sign}{gate}"
    return {"name": name, "value": round(value, 2), "unit": unit, "gate": bound, "target": bound, "ok": ok}
