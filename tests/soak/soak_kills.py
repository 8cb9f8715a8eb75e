"""SIGKILL of the web server and of PostgreSQL while forty judges save without a rest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.postgresql import DURABLE, cluster, find_binaries
from tests.soak import history
from tests.soak.hall import fill
from tests.soak.kills import through_kills
from tests.soak.serving import Served, on_postgresql, on_sqlite

Row = dict[str, Any]
JUDGES = 40
BETWEEN_SECONDS = 2.0


def run(quick: bool) -> Iterator[Row]:
    """Rows for each database and each thing that is killed; 20 kills each, 3 with ``quick``."""
    yield from run_sqlite(quick)
    yield from run_web(quick)
    yield from run_database(quick)


def run_sqlite(quick: bool) -> Iterator[Row]:
    """The web server on SQLite is killed."""
    with _folder() as folder, on_sqlite(folder) as (served, app):
        yield from _killed("web server, SQLite", served, app, lambda: _again(served), _times(quick))


def run_web(quick: bool) -> Iterator[Row]:
    """The web server on PostgreSQL is killed, both processes at once."""
    if find_binaries() is None:
        return
    with _folder() as folder, cluster(DURABLE) as server, on_postgresql(folder, server, processes=2) as (served, app):
        yield from _killed("web server, PostgreSQL", served, app, lambda: _again(served), _times(quick))


def run_database(quick: bool) -> Iterator[Row]:
    """PostgreSQL itself is killed, the web server goes on."""
    if find_binaries() is None:
        return
    with _folder() as folder, cluster(DURABLE) as server, on_postgresql(folder, server, processes=2) as (served, app):

        def kill_database() -> None:
            server.kill()
            server.start()

        yield from _killed("PostgreSQL itself", served, app, kill_database, _times(quick))


def _times(quick: bool) -> int:
    return 3 if quick else 20


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tieubieu-soak-") as folder:
        yield Path(folder)


def _again(served: Served) -> None:
    served.kill()
    served.start()


def _killed(what: str, served: Served, app: Any, kill: Callable[[], None], times: int) -> Iterator[Row]:
    hall = fill(app, judges=JUDGES, sheets_each=3)
    served.start()
    record = through_kills(served.url, hall.judges, kill, times=times, between=BETWEEN_SECONDS)
    told = history.faults(app, hall.round_id, record)
    repeated = sum(1 for call in record.acknowledged if call.tries > 1)
    refused = [call for call in record.calls if call.status not in (0, 200)]
    yield _row(f"{what}, {times} kills: saves acknowledged", len(record.acknowledged))
    yield _row(f"{what}, {times} kills: of these sent more than once", repeated)
    yield _row(f"{what}, {times} kills: refused", len(refused), at_most=0)
    yield _row(f"{what}, {times} kills: lost, doubled or out of order", len(told), at_most=0)


def _row(name: str, value: int, *, at_most: int | None = None) -> Row:
    return {"name": name, "value": value, "unit": "", "gate": at_most, "target": at_most, "ok": None if at_most is None else value <= at_most}
