"""Reads the reference files that ship with the application."""

from __future__ import annotations

from app.queries.handbook import FOLDER, read_table, read_toml
from app.services.reference import OFFICIAL_RUBRIC, ReferenceData
from scoring.catalog import load as load_rubric

__all__ = ["FOLDER", "read_reference", "read_table", "read_toml"]


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
