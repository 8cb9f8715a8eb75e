"""What 1, 2 and 4 web processes do in a second on PostgreSQL, and which processor's time limits it.

The load comes from this process on the same cores, so that saves a second are low and noisy. The processor's milliseconds
that a save and a page cost are neither: they say what a larger machine would do, and the page "Sức chứa" computes from them:
``./run bench workers --record`` also writes them into app/reference/capacity.toml.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.bench import capacity
from tests.postgresql import DURABLE, Cluster, cluster, find_binaries
from tests.soak import load
from tests.soak.browsers import browsers, next_call, send
from tests.soak.hall import Judge, fill
from tests.soak.serving import on_postgresql

Row = dict[str, Any]
PROCESSES = (1, 2, 4)
JUDGES = 32
PAGE = "/dot-binh-chon"


@dataclass(frozen=True)
class Used:
    """Processor seconds so far."""

    web: float
    database: float
    generator: float

    def since(self, before: Used) -> Used:
        """What was used in between."""
        return Used(self.web - before.web, self.database - before.database, self.generator - before.generator)


def run(quick: bool) -> Iterator[Row]:
    """Rows for each number of processes; nothing where PostgreSQL is not installed."""
    if find_binaries() is None:
        return
    seconds = 5.0 if quick else 30.0
    with tempfile.TemporaryDirectory(prefix="tieubieu-workers-") as name, cluster(DURABLE) as server:
        for count in PROCESSES:
            folder = Path(name) / str(count)
            folder.mkdir()
            with on_postgresql(folder, server, processes=count) as (served, app):
                hall = fill(app, judges=JUDGES, sheets_each=2)
                served.start()
                load.no_ops_at_once(served.url, hall.judges)  # every process is warm
                asyncio.run(_pages(served.url, 1.0))
                yield from _measured(served.url, hall.judges, count, seconds, server)


def recorded() -> None:
    """Let the page "Sức chứa" compute from what was just recorded."""
    capacity.hand_on(datetime.now(UTC).date())


def _measured(url: str, judges: list[Judge], count: int, seconds: float, server: Cluster) -> Iterator[Row]:
    name = f"{count} web processes on {os.cpu_count()} cores"
    for what, work in (("saves", _saves(url, judges, seconds)), ("pages", _pages(url, seconds / 2))):
        before, began = _used(server), time.monotonic()
        done = asyncio.run(work)
        took, used = time.monotonic() - began, _used(server).since(before)
        yield _row(f"{name}: {what}", done / took, "/s")
        yield _row(f"{name}: web processor for one of the {what}", used.web / done * 1000, "ms")
        yield _row(f"{name}: PostgreSQL's processor for one of the {what}", used.database / done * 1000, "ms")
        for who, part in (("web", used.web), ("PostgreSQL", used.database), ("the generator", used.generator)):
            yield _row(f"{name}: {what}: processor of {who}", part / took * 100, "% of a core")
    yield _row(f"{name}: memory of one process of its own", _memory(), "MB")


async def _saves(url: str, judges: list[Judge], seconds: float) -> int:
    until = time.monotonic() + seconds

    async def work(judge: Judge) -> int:
        randomness, count = random.Random(judge.email), 0
        while time.monotonic() < until:
            call = await send(http, judge, next_call(judge, randomness))
            count += call.status == 200
        return count

    async with browsers(url) as http:
        return sum(await asyncio.gather(*(work(judge) for judge in judges)))


async def _pages(url: str, seconds: float) -> int:
    until = time.monotonic() + seconds

    async def work() -> int:
        count = 0
        while time.monotonic() < until:
            async with http.get(PAGE) as answer:
                await answer.read()
                count += answer.status == 200
        return count

    async with browsers(url) as http:
        return sum(await asyncio.gather(*(work() for _ in range(8))))


def _used(server: Cluster) -> Used:
    return Used(
        sum(map(_seconds, psutil.Process().children(recursive=True))),
        server.processor_seconds(),
        sum(os.times()[:2]),
    )


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.Error:
        return 0.0


def _memory() -> float:
    """Megabytes that the largest web process shares with nobody."""
    return max(float(process.memory_full_info().uss) for process in psutil.Process().children(recursive=True)) / 1e6


def _row(name: str, value: float, unit: str) -> Row:
    return {"name": name, "value": round(value, 1), "unit": unit, "gate": None, "target": None, "ok": None}
