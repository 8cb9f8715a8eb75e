"""The page "Sức chứa" computes from what was measured last."""

from __future__ import annotations

from datetime import date

import pytest

from tests.bench import capacity

TABLE = """
1 web processes on 2 cores: saves                                        20 /s             gate         -  target         -
1 web processes on 2 cores: web processor for one of the saves         {save} ms             gate         -  target         -
1 web processes on 2 cores: PostgreSQL's processor for one of the saves          5.7 ms             gate         -  target         -
1 web processes on 2 cores: web processor for one of the pages         11.2 ms             gate         -  target         -
1 web processes on 2 cores: PostgreSQL's processor for one of the pages          3.3 ms             gate         -  target         -
1 web processes on 2 cores: memory of one process of its own            147 MB             gate         -  target         -
4 web processes on 2 cores: web processor for one of the saves         99.9 ms             gate         -  target         -
"""


def test_the_newest_table_stands_first_and_counts_and_in_it_one_process() -> None:
    figures = TABLE.format(save="8") + TABLE.format(save="12.6")
    assert capacity.newest(figures) == {
        "save_web_ms": 8.0, "save_database_ms": 5.7, "page_web_ms": 11.2, "page_database_ms": 3.3, "web_megabytes": 147.0,
    }  # fmt: skip


def test_a_table_that_lacks_a_line_is_refused() -> None:
    with pytest.raises(KeyError):
        capacity.newest(TABLE.replace("memory", "weight"))


def test_only_the_figures_and_their_day_change() -> None:
    reference = '# Why.\non = 2026-11-22\nmachine = "2"\nsave_web_ms = 12.6\nworker_megabytes = 205\n'
    assert capacity.handed_on(reference, {"save_web_ms": 8.0}, date(2026, 12, 1)) == (
        '# Why.\non = 2026-12-01\nmachine = "2"\nsave_web_ms = 8\nworker_megabytes = 205\n'
    )


def test_what_ships_is_what_was_measured_last() -> None:
    assert capacity.measured() == capacity.newest(capacity.FIGURES.read_text(encoding="utf-8"))
