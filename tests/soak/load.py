"""Judges who save, many at a time: steadily for minutes, or all at the same instant."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.soak.browsers import Call, History, browsers, log_in, next_call, no_op, send
from tests.soak.hall import Judge

LOG_IN_SECONDS = 60


@dataclass(frozen=True)
class Plan:
    """How a hall works: one save a judge every ``period`` seconds, for ``seconds`` after a ramp of ``ramp`` seconds."""

    period: float
    ramp: float
    seconds: float
    log_ins: int = 0


@dataclass
class Outcome:
    """The record of a run. ``log_ins`` are statuses with seconds; ``steady`` the calls due after the ramp."""

    history: History
    log_ins: list[tuple[int, float]] = field(default_factory=list)
    steady_from: float = 0.0

    @property
    def steady(self) -> list[Call]:
        """The calls after the ramp-up."""
        return [call for call in self.history.calls if call.due >= self.steady_from]

    @property
    def failed(self) -> list[Call]:
        """The calls that were not answered with 200."""
        return [call for call in self.history.calls if call.status != 200]


def percentile(seconds: Sequence[float], share: float) -> float:
    """The smallest time that ``share`` of all do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def steadily(url: str, judges: Sequence[Judge], plan: Plan) -> Outcome:
    """Let every judge save at an own beat; log-ins of the same people come in between."""
    return asyncio.run(_steadily(url, judges, plan))


async def _steadily(url: str, judges: Sequence[Judge], plan: Plan) -> Outcome:
    outcome = Outcome(History())
    began = time.monotonic()
    outcome.steady_from = began + plan.ramp
    until = outcome.steady_from + plan.seconds
    async with browsers(url) as http:
        work = [
            _beat(http, judge, began + plan.ramp * number / len(judges), until, plan.period, outcome.history)
            for number, judge in enumerate(judges)
        ]
        await asyncio.gather(*work, _arrivals(http, judges, plan, outcome))
    return outcome


async def _beat(
    http: aiohttp.ClientSession, judge: Judge, first: float, until: float, period: float, history: History
) -> None:
    randomness = random.Random(judge.email)
    due = first
    while due < until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        call = next_call(judge, randomness, due)
        history.calls.append(call)
        await send(http, judge, call)
        due += period


async def _arrivals(http: aiohttp.ClientSession, judges: Sequence[Judge], plan: Plan, outcome: Outcome) -> None:
    """Log-ins spread over a minute (or the run, where that is shorter), each of another account."""
    if not plan.log_ins:
        return
    await asyncio.sleep(max(0.0, outcome.steady_from - time.monotonic()))
    gap = min(LOG_IN_SECONDS, plan.seconds) / plan.log_ins

    async def arrive(number: int) -> None:
        await asyncio.sleep(number * gap)
        outcome.log_ins.append(await log_in(http, judges[number % len(judges)]))

    await asyncio.gather(*(arrive(number) for number in range(plan.log_ins)))


def at_once(url: str, judges: Sequence[Judge]) -> tuple[History, float]:
    """Every judge saves at the same instant; the calls and the seconds until the last answer."""

    async def burst() -> tuple[History, float]:
        history = History()
        async with browsers(url) as http:
            began = time.monotonic()
            history.calls.extend(next_call(judge, random.Random(judge.email), began) for judge in judges)
            await asyncio.gather(*(send(http, judge, call) for judge, call in zip(judges, history.calls, strict=True)))
            return history, time.monotonic() - began

    return asyncio.run(burst())


def no_ops_at_once(url: str, judges: Sequence[Judge]) -> float:
    """The same with requests that do nothing; seconds until the last answer.

    Raises:
        RuntimeError: one was not answered as it should be.
    """

    async def burst() -> float:
        async with browsers(url) as http:
            began = time.monotonic()
            statuses = await asyncio.gather(*(no_op(http, judge) for judge in judges))
            taken = time.monotonic() - began
        if set(statuses) != {204}:
            raise RuntimeError(f"the measure itself failed: {sorted(set(statuses))}")
        return taken

    return asyncio.run(burst())
