"""Reads the reference files that ship with the application."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

from app.services.reference import OFFICIAL_RUBRIC, ReferenceData
from scoring.catalog import load as load_rubric

FOLDER = Path(__file__).parents[1] / "reference"


def read_reference() -> ReferenceData:
    """All tables that go into the database."""
    return ReferenceData(
        regions=read_toml("regions.toml"),
        levels=read_toml("levels.toml"),
        groups=read_toml("groups.toml"),
        provinces=read_table("provinces.csv"),
        province_names=read_table("province_names.csv"),
        cities=read_table("centrally_run_cities.csv"),
        communes=read_table("communes.csv"),
        rubric=load_rubric(OFFICIAL_RUBRIC),
        rubric_source="TT 26/2014/TT-BCT, Phụ lục 4",
    )


def read_toml(name: str) -> dict[str, Any]:
    """One TOML file of the reference folder."""
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def read_table(name: str) -> tuple[dict[str, str], ...]:
    """One CSV file of the reference folder as rows of text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
