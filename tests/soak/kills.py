"""SIGKILL in the middle of saving: of the web server, or of PostgreSQL, again and again.

The browsers do what the judge's page does: they send the same save with the same operation until
it is answered. Afterwards the history is held against the database.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence

import aiohttp

from tests.soak.browsers import History, browsers, next_call, send
from tests.soak.hall import Judge

PAUSE_SECONDS = 0.05
GIVE_UP_SECONDS = 120


def through_kills(url: str, judges: Sequence[Judge], kill: Callable[[], None], *, times: int, between: float) -> History:
    """Let all judges save without a rest while ``kill`` (kill and start again) is called ``times`` times.

    ``between`` is the mean number of seconds between two kills; their instants are drawn.
    """
    return asyncio.run(_through_kills(url, judges, kill, times, between))


async def _through_kills(
    url: str, judges: Sequence[Judge], kill: Callable[[], None], times: int, between: float
) -> History:
    history, done = History(), asyncio.Event()
    async with browsers(url) as http:
        work = [asyncio.create_task(_save_on(http, judge, history, done)) for judge in judges]
        randomness = random.Random(times)
        for _ in range(times):
            await asyncio.sleep(between * randomness.uniform(0.5, 1.5))
            await asyncio.to_thread(kill)
        await asyncio.sleep(between)
        done.set()
        await asyncio.gather(*work)
    return history


async def _save_on(http: aiohttp.ClientSession, judge: Judge, history: History, done: asyncio.Event) -> None:
    randomness = random.Random(judge.email)
    while not done.is_set():
        call = next_call(judge, randomness)
        history.calls.append(call)
        await send(http, judge, call, retry_until=time.monotonic() + GIVE_UP_SECONDS)
        await asyncio.sleep(PAUSE_SECONDS)
