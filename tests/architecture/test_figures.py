"""Files of figures read in order: the newest table first, and one for each command."""

from __future__ import annotations

from tests.bench.__main__ import newest_first

KNOWN = "What it is.\n\n./run bench a, 2026-01-01, busy:\n\nrow 1\nrow 2\n\n./run bench b, 2026-01-01, busy:\n\nrow 3\n"


def test_a_table_of_another_command_comes_first() -> None:
    table = "./run bench c, 2026-02-02, busy:\n\nrow 4\n"
    assert newest_first(KNOWN, "./run bench c", table) == KNOWN.replace("./run bench a", f"{table}\n./run bench a")


def test_an_older_table_of_the_same_command_is_superseded() -> None:
    table = "./run bench b, 2026-02-02, busy:\n\nrow 5\n"
    assert newest_first(KNOWN, "./run bench b", table) == (
        "What it is.\n\n./run bench b, 2026-02-02, busy:\n\nrow 5\n\n./run bench a, 2026-01-01, busy:\n\nrow 1\nrow 2\n"
    )


def test_a_quick_table_does_not_supersede_the_whole_one() -> None:
    table = "./run bench a --quick, 2026-02-02, busy:\n\nrow 6\n"
    assert newest_first(KNOWN, "./run bench a --quick", table) == KNOWN.replace("./run bench a,", f"{table}\n./run bench a,")


def test_the_first_table_makes_the_file() -> None:
    assert newest_first("", "./run bench a", "./run bench a, 2026-02-02, busy:\n\nrow\n") == "./run bench a, 2026-02-02, busy:\n\nrow\n"
