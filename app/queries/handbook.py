"""The shipped handbook that services and reads consult: the form's questions, paper slots, territory rules.

Services stand below ``app.infra`` and read here; ``app.infra.reference`` offers pages what it needs besides.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.dossier_form import DossierForm, read_form
from app.domain.eligibility import TerritoryRule
from app.domain.papers import PaperSlot
from app.domain.vocabulary import LevelCode

FOLDER = Path(__file__).parents[1] / "reference"


@cache
def dossier_form() -> DossierForm:
    """The questions of a dossier."""
    return read_form(read_toml("dossier_form.toml"))


@cache
def paper_slots() -> tuple[PaperSlot, ...]:
    """The kinds of papers, in the order of the page."""
    return tuple(_slot(raw) for raw in read_toml("paper_slots.toml")["slots"])


def paper_slot(key: str) -> PaperSlot | None:
    """The slot with a key, or None."""
    return next((slot for slot in paper_slots() if slot.key == key), None)


@cache
def territory_rules() -> tuple[TerritoryRule, ...]:
    """Where a facility may be, by period."""
    return tuple(_territory(raw) for raw in read_toml("territory_rules.toml")["periods"])


@cache
def working_calendar() -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days that are worked in exchange, of the years in ``holidays.csv``."""
    rows = [(date.fromisoformat(row["date"]), row["kind"]) for row in read_table("holidays.csv")]
    return frozenset(day for day, kind in rows if kind == "off"), frozenset(day for day, kind in rows if kind != "off")


def read_toml(name: str) -> dict[str, Any]:
    """One TOML file of the reference folder."""
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def read_table(name: str) -> tuple[dict[str, str], ...]:
    """One CSV file of the reference folder as rows of text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _slot(raw: Mapping[str, Any]) -> PaperSlot:
    lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
    return PaperSlot(**{**raw, **lists, "levels": tuple(LevelCode(code) for code in raw["levels"])})


def _territory(raw: Mapping[str, Any]) -> TerritoryRule:
    return TerritoryRule(
        key=raw["key"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        article=raw["article"],
        in_province=frozenset(raw["in_province"]),
        in_city=frozenset(raw["in_city"]),
        craft_village=raw["craft_village"],
        certain=raw["certain"],
    )
