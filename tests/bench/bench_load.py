"""Halls full of judges on the product's own server: steadily for minutes, and all at the same instant.

The generator runs on the same cores as the server. After every run each acknowledged save is read
back and the judges' chains are walked: a fast server that loses one save fails.

Figures are processor-bound and noisy; the goals are the project's: no save lost or doubled, no 5xx,
p95 under 500 ms from the instant at which a save was due, 300 log-ins in a minute meanwhile; 2,000
judges at the same instant at 20 % (gate 10 %) of the rate of a POST that does nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask

from tests.postgresql import DURABLE, Cluster, cluster, find_binaries
from tests.soak import history, load
from tests.soak.browsers import History
from tests.soak.hall import fill
from tests.soak.load import Outcome, Plan
from tests.soak.processor import Spent, spent
from tests.soak.serving import Served, on_postgresql, on_sqlite

Row = dict[str, Any]
Place = AbstractContextManager[tuple[Served, Flask]]
SHEETS_EACH = 3
P95_SECONDS = 0.5


def run(quick: bool) -> Iterator[Row]:
    """Rows ``{name, value, unit, gate, target, ok}``; ``quick`` takes small halls for seconds instead of minutes."""
    yield from run_small(quick)
    yield from run_large(quick)
    yield from run_bursts(quick)


def run_small(quick: bool) -> Iterator[Row]:
    """300 judges on SQLite; six minutes."""
    with _folder() as folder:
        yield from _hall("SQLite, 1 process", None, on_sqlite(folder), 60 if quick else 300, _plan(5.0, quick))


def run_large(quick: bool) -> Iterator[Row]:
    """1,000 judges on PostgreSQL; six minutes."""
    if find_binaries() is None:
        return
    with _folder() as folder, cluster(DURABLE) as server:
        place = on_postgresql(folder, server, processes=4)
        yield from _hall("PostgreSQL, 4 processes", server, place, 200 if quick else 1_000, _plan(10.0, quick))


def run_bursts(quick: bool) -> Iterator[Row]:
    """2,000 judges at the same instant, on both."""
    judges = 200 if quick else 2_000
    with _folder() as folder:
        yield from _burst("SQLite", on_sqlite(folder), judges, quick)
    if find_binaries() is None:
        return
    with _folder() as folder, cluster(DURABLE) as server:
        yield from _burst("PostgreSQL", on_postgresql(folder, server, processes=4), judges, quick)


def _plan(period: float, quick: bool) -> Plan:
    return Plan(period, 5.0, 15.0, log_ins=30) if quick else Plan(period, 30.0, 300.0, log_ins=300)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tieubieu-load-") as folder:
        yield Path(folder)


def _hall(where: str, server: Cluster | None, place: Place, judges: int, plan: Plan) -> Iterator[Row]:
    with place as (served, app):
        hall = fill(app, judges=judges, sheets_each=SHEETS_EACH)
        served.start()
        database = server.pid if server else None
        before = spent(served.process, database)
        outcome = load.steadily(served.url, hall.judges, plan)
        cost = spent(served.process, database).since(before)
        told = history.faults(app, hall.round_id, outcome.history)
    name = f"{judges} judges, {plan.seconds:.0f} s, {where}"
    yield from _steady_rows(name, outcome, told)
    yield from _cost_rows(name, cost, len(outcome.history.acknowledged))


def _cost_rows(name: str, cost: Spent, saves: int) -> Iterator[Row]:
    """Log-ins are in it too: they are part of the hall's morning."""
    parts = {"web": cost.web, "database": cost.database, "generator": cost.generator, "all": cost.total}
    for part, seconds in parts.items():
        yield _row(f"{name}: processor time a save, {part}", seconds / saves * 1000, "ms")


def _steady_rows(name: str, outcome: Outcome, told: list[str]) -> Iterator[Row]:
    yield _row(f"{name}: saves sent", len(outcome.steady), "")
    yield _row(f"{name}: lost, doubled or out of order", len(told), "", at_most=0)
    yield _row(f"{name}: not answered with 200", len(outcome.failed), "", at_most=0)
    yield _row(f"{name}: p95", load.percentile([call.seconds for call in outcome.steady], 0.95) * 1000, "ms", at_most=P95_SECONDS * 1000)
    refused = sum(1 for status, _ in outcome.log_ins if status != 302)
    yield _row(f"{name}: log-ins refused of {len(outcome.log_ins)}", refused, "", at_most=0)


def _burst(where: str, place: Place, judges: int, quick: bool) -> Iterator[Row]:
    shares, told, failed, seconds = [], [], 0, []
    with place as (served, app):
        hall = fill(app, judges=judges, sheets_each=SHEETS_EACH)
        served.start()
        load.no_ops_at_once(served.url, hall.judges[:100])  # connections and caches are warm for both
        record = History()
        for _ in range(1 if quick else 3):
            idle = load.no_ops_at_once(served.url, hall.judges)
            calls, taken = load.at_once(served.url, hall.judges)
            record.calls.extend(calls.calls)
            failed += sum(1 for call in calls.calls if call.status != 200)
            shares.append(idle / taken)
            seconds.append(taken)
        told = history.faults(app, hall.round_id, record)
    name = f"{judges} judges at the same instant, {where}"
    yield _row(f"{name}: seconds to the last answer", median(seconds), "s")
    yield _row(f"{name}: lost, doubled or failed", len(told) + failed, "", at_most=0)
    yield {**_row(f"{name}: rate to a POST that does nothing", median(shares) * 100, "%"), "gate": 10, "target": 20, "ok": median(shares) >= 0.1}


def _row(name: str, value: float, unit: str, *, at_most: float | None = None) -> Row:
    return {"name": name, "value": round(value, 1), "unit": unit, "gate": at_most, "target": at_most, "ok": None if at_most is None else value <= at_most}
