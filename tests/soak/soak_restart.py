"""An update while people work: both web servers behind Caddy are replaced in turn, under load, again and again.

PostgreSQL, Redis, an S3 store, a worker, two web servers with two processes each in production mode, Caddy with TLS and the
``Caddyfile`` of deploy/. Nobody sends a request twice: one that is not answered with 200 has failed.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.journeys.deployed import deployed, missing_programs
from tests.soak import history
from tests.soak.hall import fill
from tests.soak.restarts import replace, through_restarts

Row = dict[str, Any]
JUDGES = 12


def run(quick: bool) -> Iterator[Row]:
    """Rows for 5 updates of both servers, 1 with ``quick``; nothing where a part is not installed."""
    if missing_programs():
        return
    times = 1 if quick else 5
    with (
        tempfile.TemporaryDirectory(prefix="tieubieu-restart-") as folder,
        deployed(Path(folder), processes=2, SECOND_FACTOR="optional") as site,
    ):
        hall = fill(site.app, judges=JUDGES, sheets_each=3)
        began = time.monotonic()

        def update() -> None:
            for web in site.webs * times:
                replace(web)

        record = through_restarts(site, hall.judges, update)
        seconds = time.monotonic() - began
        for what, count in sorted(Counter(record.failed).items()):
            print(f"failed: {what}: {count} times")
        name = f"{2 * times} restarts in {seconds:.0f} s"
        yield _row(f"{name}: requests", record.asked)
        yield _row(f"{name}: of these saves of sheets", len(record.saves.calls))
        yield _row(f"{name}: not answered with 200", len(record.failed), at_most=0)
        lost = history.faults(site.app, hall.round_id, record.saves)
        yield _row(f"{name}: saves lost, doubled or out of order", len(lost), at_most=0)


def _row(name: str, value: int, *, at_most: int | None = None) -> Row:
    ok = None if at_most is None else value <= at_most
    return {"name": name, "value": value, "unit": "", "gate": at_most, "target": at_most, "ok": ok}
