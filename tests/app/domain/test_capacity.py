"""The size of an installation follows from what one save, one page and one entry cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.capacity import Habits, Measured, size_for

MEASURED = Measured(
    on=date(2026, 11, 22), machine="", save_web_ms=10, save_database_ms=5, page_web_ms=20, page_database_ms=5,
    web_megabytes=100, worker_megabytes=200, certificates_a_second=50, database_kilobytes_an_entry=1024, certificate_kilobytes=512,
)  # fmt: skip
HABITS = Habits(
    entries_a_unit=10, judges_a_unit=10, files_an_entry=2, file_megabytes=3, at_once_percent=50, saves_a_minute=6,
    pages_a_minute=3, recognised_percent=20, busy_percent=50,
)  # fmt: skip


def test_one_unit_is_one_server_with_one_process_of_each_kind() -> None:
    size = size_for(1, MEASURED, HABITS)
    assert (size.servers, size.web_processes, size.workers, size.database_cores) == (1, 1, 1, 1)


def test_two_units_have_two_of_each_so_that_one_can_be_replaced() -> None:
    size = size_for(2, MEASURED, HABITS)
    assert (size.servers, size.web_processes, size.workers) == (3, 2, 2)


def test_every_figure_of_a_thousand_units_is_what_a_pencil_finds() -> None:
    size = size_for(1000, MEASURED, HABITS)
    # 5,000 judges: 500 saves of 10 ms and 250 pages of 20 ms a second are 10 s of work; half-busy cores: 20.
    assert (size.entries, size.judges_at_once, size.saves_a_second, size.web_processes) == (10_000, 5_000, 500, 20)
    # 500 x 5 ms + 250 x 5 ms = 3.75 s: 8 half-busy cores.
    assert size.database_cores == 8
    # 22 processes fill three servers of 8 cores, the database one.
    assert size.servers == 4
    # Each entry 6 MB of files and 1 MB of rows, each fifth a certificate of 0.5 MB: 71,000 MB a year.
    assert size.disk_gigabytes_a_year == pytest.approx(71_000 / 1024)
    assert size.disk_gigabytes == 694
    # 20 x 100 + 2 x 200 + a quarter of 100,000 MB of rows + 1,024 MB for each server.
    assert size.memory_gigabytes == 31
    assert size.issuing_seconds == 20


def test_more_is_never_less() -> None:
    sizes = [size_for(units, MEASURED, HABITS) for units in (1, 2, 34, 500, 3321)]
    figures = [(s.servers, s.web_processes, s.database_cores, s.memory_gigabytes, s.disk_gigabytes) for s in sizes]
    for column in zip(*figures, strict=True):
        assert list(column) == sorted(column)


@pytest.mark.parametrize("wrong", [{"entries_a_unit": 0.0}, {"at_once_percent": 101.0}, {"busy_percent": -1.0}])
def test_habits_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"number|share"):
        replace(HABITS, **wrong)


def test_no_unit_has_no_size() -> None:
    with pytest.raises(ValueError, match="unit"):
        size_for(0, MEASURED, HABITS)
