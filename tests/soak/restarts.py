"""Judges who save and visitors who read, without a rest and without a second try, while servers are replaced."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.journeys.deployed import Site, Web
from tests.soak.browsers import History, browsers, next_call, send
from tests.soak.hall import Judge

READERS = 3
PAUSE_SECONDS = 0.1
PAGES = ("/dot-binh-chon", "/")


@dataclass
class Record:
    """What was asked meanwhile: every save, and how many pages were answered with what; 0 is a connection that broke."""

    saves: History = field(default_factory=History)
    pages: Counter[int] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """All requests."""
        return len(self.saves.calls) + self.pages.total()

    @property
    def failed(self) -> list[str]:
        """One word for each request that did not get what it asked for."""
        saves = [f"save {call.status}" for call in self.saves.calls if call.status != 200]
        return saves + [f"page {status}" for status in self.pages.elements() if status != 200]


def replace(web: Web) -> None:
    """What an update does to one server: it ends, and comes again ready."""
    web.stop()
    web.start()


def through_restarts(site: Site, judges: Sequence[Judge], restart: Callable[[], None]) -> Record:
    """Everybody sends one request after the other, each once, until ``restart`` has returned."""
    return asyncio.run(_through(site, judges, restart))


async def _through(site: Site, judges: Sequence[Judge], restart: Callable[[], None]) -> Record:
    record, done = Record(), asyncio.Event()
    async with browsers(site.url, site.trust()) as http:
        work = [asyncio.create_task(_save_on(http, judge, record, done)) for judge in judges]
        work += [asyncio.create_task(_read_on(http, number, record, done)) for number in range(READERS)]
        try:
            await asyncio.to_thread(restart)
        finally:
            done.set()
            await asyncio.gather(*work)
    return record


async def _save_on(http: aiohttp.ClientSession, judge: Judge, record: Record, done: asyncio.Event) -> None:
    randomness = random.Random(judge.email)
    while not done.is_set():
        call = next_call(judge, randomness)
        record.saves.calls.append(call)
        await send(http, judge, call)
        await asyncio.sleep(PAUSE_SECONDS)


async def _read_on(http: aiohttp.ClientSession, number: int, record: Record, done: asyncio.Event) -> None:
    while not done.is_set():
        try:
            async with http.get(PAGES[number % len(PAGES)]) as answer:
                await answer.read()
                record.pages[answer.status] += 1
        except (aiohttp.ClientError, OSError, TimeoutError):
            record.pages[0] += 1
        await asyncio.sleep(PAUSE_SECONDS)
