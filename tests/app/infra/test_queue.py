"""The queue's store may go while it is opened: a process that starts just then starts nevertheless."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from huey.api import Huey

from app.infra import queue


def test_a_file_that_is_taken_away_while_it_is_opened_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[Any, ...]] = []

    def taken_away_once(*given: Any, **more: Any) -> Any:
        opened.append(given)
        if len(opened) == 1:
            raise sqlite3.OperationalError("disk I/O error")
        return Huey(*given, **more)

    monkeypatch.setattr(queue, "Huey", taken_away_once)
    assert queue.make_queue(f"sqlite:///{tmp_path}/queue.db").pending_count() == 0
    assert len(opened) == 2


def test_who_rings_and_who_listens_meet_again_in_the_file_that_took_the_place_of_a_lost_one(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    rings, listens = (queue.make_queue(f"sqlite:///{path}") for _ in range(2))
    bell = rings.task(name="ring")(print)
    bell(1)
    seen = [listens.pending_count()]
    for _ in range(2):
        path.unlink()
        seen.append(listens.pending_count())
        bell(2)
        seen.append(listens.pending_count())
    assert seen == [1, 0, 1, 0, 1]


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "OPENINGS", 1)
    with pytest.raises(sqlite3.OperationalError):
        queue.make_queue(f"sqlite:///{tmp_path}/nowhere/queue.db")
