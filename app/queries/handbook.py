"""The shipped handbook that services and reads consult: the form's questions, paper slots, territory rules.

``app.infra.reference`` offers more of the same files to pages; services stand below it and read here.
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
    return read_form(_toml("dossier_form.toml"))


@cache
def paper_slots() -> tuple[PaperSlot, ...]:
    """The kinds of papers, in the order of the page."""
    return tuple(_slot(raw) for raw in _toml("paper_slots.toml")["slots"])


def paper_slot(key: str) -> PaperSlot | None:
    """The slot with a key, or None."""
    return next((slot for slot in paper_slots() if slot.key == key), None)


@cache
def territory_rules() -> tuple[TerritoryRule, ...]:
    """Where a facility may be, by period."""
    return tuple(_territory(raw) for raw in _toml("territory_rules.toml")["periods"])


@cache
def working_calendar() -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days that are worked in exchange, of the years in ``holidays.csv``."""
    with (FOLDER / "holidays.csv").open(encoding="utf-8", newline="") as file:
        rows = [(date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(file)]
    return frozenset(day for day, kind in rows if kind == "off"), frozenset(day for day, kind in rows if kind != "off")


def _toml(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


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
