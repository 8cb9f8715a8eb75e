"""The look for lost and doubled saves, and the short form of what ``./run soak kills`` does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.soak import history, load
from tests.soak.browsers import History, browsers, next_call, send
from tests.soak.hall import Hall, fill
from tests.soak.kills import through_kills
from tests.soak.serving import Served, on_sqlite

pytestmark = pytest.mark.serial


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Flask]]:
    """One server for all tests here; each fills a hall of its own."""
    folder: Path = tmp_path_factory.mktemp("soak")
    with on_sqlite(folder) as (served, app):
        served.start()
        yield served, app


@pytest.fixture(scope="module")
def hall(place: tuple[Served, Flask]) -> Hall:
    return fill(place[1], judges=6, sheets_each=2)


@pytest.fixture(scope="module")
def recorded(place: tuple[Served, Flask], hall: Hall) -> History:
    """A server that is killed twice while six judges save."""
    served, _ = place

    def kill() -> None:
        served.kill()
        served.start()

    return through_kills(served.url, hall.judges, kill, times=2, between=0.5)


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(place: tuple[Served, Flask], hall: Hall, recorded: History) -> None:
    assert {call.status for call in recorded.calls} == {200}
    assert any(call.tries > 1 for call in recorded.calls), "no kill hit a save: the test shows nothing"
    assert history.faults(place[1], hall.round_id, recorded) == []


def test_the_look_finds_a_save_that_was_acknowledged_and_is_not_there(
    place: tuple[Served, Flask], hall: Hall, recorded: History
) -> None:
    invented = replace(recorded.calls[-1], operation="never-sent", status=200)

    told = history.faults(place[1], hall.round_id, History([*recorded.calls, invented]))

    assert "save never-sent was acknowledged and stands 0 times in the chain" in told


def test_the_look_finds_an_event_that_nobody_asked_for(place: tuple[Served, Flask], hall: Hall, recorded: History) -> None:
    forgotten = recorded.calls[0]

    told = history.faults(place[1], hall.round_id, History(recorded.calls[1:]))

    assert f"event {forgotten.operation} was asked for by nobody" in told


def test_the_look_finds_a_sheet_that_shows_other_points(place: tuple[Served, Flask], hall: Hall, recorded: History) -> None:
    last = max((c for c in recorded.acknowledged if c.assignment == recorded.calls[0].assignment), key=lambda c: c.answered)
    changed = [replace(call, points="99") if call is last else call for call in recorded.calls]

    told = history.faults(place[1], hall.round_id, History(changed))

    assert told == [f"sheet {last.assignment} shows {last.points}, 99 was acknowledged"]


def test_one_operation_sent_five_times_from_two_tabs_is_one_save(place: tuple[Served, Flask], hall: Hall) -> None:
    served, _ = place
    judge = hall.judges[0]
    call = next_call(judge, random.Random(1))

    async def repeat() -> list[tuple[int, int]]:
        async with browsers(served.url) as one, browsers(served.url) as other:
            tabs = [one, other, one, other, one]
            answers = await asyncio.gather(*(send(tab, judge, replace(call)) for tab in tabs))
        return [(answer.status, answer.answered) for answer in answers]

    assert asyncio.run(repeat()) == [(200, call.version + 1)] * 5


def test_judges_who_save_at_the_same_instant_are_all_answered(place: tuple[Served, Flask]) -> None:
    served, app = place
    crowd = fill(app, judges=40, sheets_each=1)

    record, _ = load.at_once(served.url, crowd.judges)

    assert [call.status for call in record.calls] == [200] * 40
