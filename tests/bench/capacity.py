"""Hands what a web process costs from the newest table of docs/figures/workers.txt to the page "Sức chứa"."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

FIGURES = Path(__file__).parents[2] / "docs" / "figures" / "workers.txt"
REFERENCE = Path(__file__).parents[2] / "app" / "reference" / "capacity.toml"
# The name in capacity.toml, and that of the line: what one process costs says what more of them will.
LINES = {
    "save_web_ms": "web processor for one of the saves",
    "save_database_ms": "PostgreSQL's processor for one of the saves",
    "page_web_ms": "web processor for one of the pages",
    "page_database_ms": "PostgreSQL's processor for one of the pages",
    "web_megabytes": "memory of one process of its own",
}


def newest(figures: str) -> dict[str, float]:
    """The figures of one process in the first table, by their names in capacity.toml.

    Raises:
        KeyError: a line is not there.
    """
    lines = re.findall(r"^1 web processes on \d+ cores: (.+?) +([\d.]+) (?:ms|MB) ", figures, re.MULTILINE)
    found = dict(reversed(lines))
    return {name: float(found[line]) for name, line in LINES.items()}


def handed_on(reference: str, figures: dict[str, float], day: date) -> str:
    """The text of capacity.toml with these figures and their day; everything else stays as it is."""
    for name, value in {"on": day.isoformat(), **{name: f"{value:g}" for name, value in figures.items()}}.items():
        reference = re.sub(rf"^{name} = .*$", f"{name} = {value}", reference, count=1, flags=re.MULTILINE)
    return reference


def hand_on(day: date) -> None:
    """Write the newest table's figures into capacity.toml."""
    text = handed_on(REFERENCE.read_text(encoding="utf-8"), newest(FIGURES.read_text(encoding="utf-8")), day)
    REFERENCE.write_text(text, encoding="utf-8")


def measured() -> dict[str, float]:
    """What capacity.toml says of them."""
    said = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["measured"]
    return {name: float(said[name]) for name in LINES}
