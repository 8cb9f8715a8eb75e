"""The queue's store may go while it is opened: a process that starts just then starts nevertheless."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from huey import SqliteHuey

from app.infra import queue


def test_a_file_that_is_taken_away_while_it_is_opened_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[Any, ...]] = []

    def taken_away_once(*given: Any, **more: Any) -> Any:
        opened.append(given)
        if len(opened) == 1:
            raise sqlite3.OperationalError("disk I/O error")
        return SqliteHuey(*given, **more)

    monkeypatch.setattr(queue, "SqliteHuey", taken_away_once)
    assert queue.make_queue(f"sqlite:///{tmp_path}/queue.db").pending_count() == 0
    assert len(opened) == 2


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "OPENINGS", 1)
    with pytest.raises(sqlite3.OperationalError):
        queue.make_queue(f"sqlite:///{tmp_path}/nowhere/queue.db")
