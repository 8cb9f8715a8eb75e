"""What breaks under an organisation: processes killed, disks full, queue, object store and clock gone astray.

Each fault is repeated 20 times (3 with ``--quick``). Gates are 0: nothing lost, nothing doubled, nothing half.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tests.postgresql import DURABLE, Cluster, cluster, find_binaries
from tests.soak import faults_files, faults_jobs, faults_queue
from tests.soak.serving import Served, free_port, held, new_database

Row = dict[str, Any]
SENDERS = 4
DISK_MEGABYTES = 48
# Told, not held to anything: that the fault hit the work at all.
UNGATED = {"in the middle", "most tries of one message", "photos sent", "answers 503 and 507"}


def run(quick: bool) -> Iterator[Row]:
    """Rows ``{name, value, unit, gate, target, ok}``, one part of the product after the other.

    ``--only=disk,clock`` on the command line names the parts that are broken.
    """
    times = 3 if quick else 20
    with tempfile.TemporaryDirectory(prefix="tieubieu-faults-") as name:
        for part in _wanted():
            folder = Path(name) / part
            folder.mkdir()
            began = time.monotonic()
            yield from PARTS[part](folder, times)
            yield _row(f"{part}: seconds", round(time.monotonic() - began), None)


def _wanted() -> list[str]:
    named = next((word.partition("=")[2] for word in sys.argv if word.startswith("--only=")), "")
    there = [part for part in PARTS if part not in NEED_POSTGRESQL or find_binaries() is not None]
    return [part for part in there if not named or part in named.split(",")]


def _overlap(_held: list[faults_jobs.Sweeper]) -> None:
    faults_jobs.end_leases()


def _issuing(folder: Path, times: int) -> Iterator[Row]:
    yield from _issued("worker killed while issuing, SQLite", Served(_in(folder, "a")), faults_jobs.kill_worker, times)


def _two_workers(folder: Path, times: int) -> Iterator[Row]:
    yield from _issued("two workers on one job, SQLite", Served(_in(folder, "a")), _overlap, times, workers=2)


def _issuing_postgresql(folder: Path, times: int) -> Iterator[Row]:
    with _on_postgresql(folder) as (_, place):
        yield from _issued("worker killed while issuing, PostgreSQL", place, faults_jobs.kill_worker, times)


def _two_workers_postgresql(folder: Path, times: int) -> Iterator[Row]:
    with _on_postgresql(folder) as (_, place):
        yield from _issued("two workers on one job, PostgreSQL", place, _overlap, times, workers=2)


def _database(folder: Path, times: int) -> Iterator[Row]:
    with _on_postgresql(folder) as (server, place):

        def kill_database(_held: list[faults_jobs.Sweeper]) -> None:
            server.kill()
            server.start()
            faults_jobs.end_leases()

        yield from _issued("PostgreSQL killed while issuing", place, kill_database, times)


@contextmanager
def _on_postgresql(folder: Path) -> Iterator[tuple[Cluster, Served]]:
    with cluster(DURABLE) as server:
        yield server, Served(_in(folder, "a"), new_database(server))


def _issued(what: str, place: Served, disturb: faults_jobs.Disturb, times: int, *, workers: int = 1) -> Iterator[Row]:
    with held(place) as (served, app):
        told = faults_jobs.issuing(app, served, served.log.parent, disturb, times, workers=workers)
        yield from _told(what, times, told)


def _mailing(folder: Path, times: int) -> Iterator[Row]:
    port = free_port()
    with faults_jobs.postbox(port) as box, held(Served(_in(folder, "mail"), SMTP_URL=f"smtp://127.0.0.1:{port}")) as (served, app):
        told = faults_jobs.mailing(app, served, served.log.parent, box, faults_jobs.kill_worker, times)
        yield from _told("worker killed while mailing", times, told, handed_over_twice=times)
    port = free_port()
    with faults_jobs.postbox(port) as box, held(Served(_in(folder, "mail-2"), SMTP_URL=f"smtp://127.0.0.1:{port}")) as (served, app):
        told = faults_jobs.mailing(app, served, served.log.parent, box, lambda _held: None, 1, workers=2)
        yield from _told("two workers mailing", 1, told)


def _uploading(folder: Path, times: int) -> Iterator[Row]:
    with held(Served(_in(folder, "upload"))) as (served, app):
        yield from _sent("web server killed while photos come, SQLite", served, app, lambda: _again(served), times)


def _uploading_postgresql(folder: Path, times: int) -> Iterator[Row]:
    with cluster(DURABLE) as server, held(Served(_in(folder, "upload-pg"), new_database(server))) as (served, app):

        def kill_database() -> None:
            server.kill()
            server.start()

        yield from _sent("PostgreSQL killed while photos come", served, app, kill_database, times)


def _sent(what: str, served: Served, app: Flask, disturb: Callable[[], None], times: int) -> Iterator[Row]:
    people = faults_files.senders(app, SENDERS)
    served.start()
    yield from _told(what, times, faults_files.uploading(app, served.url, people, max(2, times // 2), disturb, times))


def _again(served: Served) -> None:
    served.kill()
    served.start()


def _full_disk(folder: Path, times: int) -> Iterator[Row]:
    """The whole installation on a disk that is full: database, partial uploads and files."""
    with faults_files.small_disk(folder / "disk", DISK_MEGABYTES) as disk:
        if disk is None:
            yield _row("disk full: not measured, this process may not mount a small one", 0, None)
            return
        with held(Served(disk)) as (served, app):
            people = faults_files.senders(app, SENDERS)
            served.start()
            draw = random.Random(times)

            def full_for_a_while() -> None:
                faults_files.fill_up(disk, draw.choice((0, 20_000, 120_000, 400_000)))
                time.sleep(2.0)
                faults_files.make_room(disk)

            told = faults_files.uploading(app, served.url, people, max(2, times // 4), full_for_a_while, times)
            yield from _told("disk full while photos come, SQLite and files", times, told)


def _store_away(folder: Path, times: int) -> Iterator[Row]:
    """An object store behind a line that is cut."""
    with faults_files.object_store() as endpoint:
        line = faults_files.Line(faults_files.port_of(endpoint))
        store = f"s3://tieubieu?endpoint=http://127.0.0.1:{line.port}"
        with held(Served(_in(folder, "s3"), STORAGE_URL=store)) as (served, app):
            people = faults_files.senders(app, SENDERS)
            served.start()

            def cut_for_a_while() -> None:
                line.cut()
                time.sleep(2.0)
                line.mend()

            told = faults_files.uploading(app, served.url, people, max(2, times // 4), cut_for_a_while, times)
            yield from _told("object store away while photos come", times, told)


def _queue_lost(folder: Path, times: int) -> Iterator[Row]:
    served = Served(_in(folder, "queue"))
    with held(served):
        database = served.log.parent / "queue.db"
        told = faults_queue.queue_lost(served, lambda: database.unlink(missing_ok=True), lambda: None, times)
        yield from _told("queue.db deleted", times, told)
    if shutil.which("redis-server") is None:
        return
    server = faults_queue.Redis(_in(folder, "redis"), free_port())
    try:
        served = Served(_in(folder, "queue-redis"), QUEUE_URL=server.url, LIMITS_URL=server.url)
        with held(served):
            told = faults_queue.queue_lost(served, server.kill, server.start, times)
            yield from _told("Redis killed, with all that rang in it", times, told)
    finally:
        server.kill()


def _clock(folder: Path, times: int) -> Iterator[Row]:
    with held(Served(_in(folder, "clock"))) as (_, app):
        yield from _told("clock an hour back, SQLite", times, faults_queue.clock_back(app, times))


def _told(what: str, times: int, figures: dict[str, int], *, handed_over_twice: int = 0) -> Iterator[Row]:
    for name, value in figures.items():
        gate = None if name in UNGATED else handed_over_twice if name == "handed over twice" else 0
        yield _row(f"{what}, {times} x: {name}", value, gate)


def _row(name: str, value: int, gate: int | None) -> Row:
    return {"name": name, "value": value, "unit": "", "gate": gate, "target": gate, "ok": None if gate is None else value <= gate}


def _in(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


PARTS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "issuing": _issuing,
    "overlap": _two_workers,
    "issuing-postgresql": _issuing_postgresql,
    "overlap-postgresql": _two_workers_postgresql,
    "database": _database,
    "mailing": _mailing,
    "uploading": _uploading,
    "uploading-postgresql": _uploading_postgresql,
    "disk": _full_disk,
    "store": _store_away,
    "queue": _queue_lost,
    "clock": _clock,
}
NEED_POSTGRESQL = {"issuing-postgresql", "overlap-postgresql", "database", "uploading-postgresql"}
