"""Visits are counted in memory without a thread, and what is over is forgotten."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from app.infra import tally
from app.infra.tally import LEAST_KEYS, Tally


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The steady clock and the machine's, both in the test's hand."""
    held = SimpleNamespace(steady=1_000.0, wall=50_000.0)
    monkeypatch.setattr(tally, "time", SimpleNamespace(monotonic=lambda: held.steady, time=lambda: held.wall))
    return held


def test_the_third_visit_of_two_a_minute_waits_until_the_minute_is_over(clock: SimpleNamespace) -> None:
    limit, rates = RateLimitItemPerMinute(2), FixedWindowRateLimiter(Tally())
    assert [rates.hit(limit, "10.0.0.1") for _ in range(3)] == [True, True, False]
    assert rates.hit(limit, "10.0.0.2")
    clock.steady += 61
    assert rates.hit(limit, "10.0.0.1")


def test_a_clock_set_back_an_hour_makes_nobody_wait_longer(clock: SimpleNamespace) -> None:
    store = Tally()
    store.incr("key", 60)
    clock.wall -= 3_600
    assert store.get_expiry("key") == clock.wall + 60
    clock.steady += 61
    assert store.get("key") == 0


def test_keys_that_are_over_do_not_pile_up(clock: SimpleNamespace) -> None:
    store = Tally()
    for number in range(10 * LEAST_KEYS):
        clock.steady += 1
        store.incr(f"visitor {number}", 60)
    assert len(store) <= LEAST_KEYS + 1


def test_open_windows_outlive_the_sweep(clock: SimpleNamespace) -> None:
    store = Tally()
    store.incr("kept", 1e9, amount=7)
    for number in range(2 * LEAST_KEYS):
        clock.steady += 1
        store.incr(f"visitor {number}", 60)
    assert store.get("kept") == 7


def test_what_is_cleared_begins_anew() -> None:
    store = Tally()
    for key in ("one", "two"):
        store.incr(key, 60)
    store.clear("one")
    assert (store.get("one"), store.get("two")) == (0, 1)
    assert store.get_expiry("one") <= time.time()
    assert (store.reset(), len(store)) == (1, 0)
