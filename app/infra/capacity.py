"""Reads what the page "Sức chứa" computes from."""

from __future__ import annotations

from app.domain.capacity import Habits, Measured
from app.infra.reference_files import read_toml


def read_capacity() -> tuple[Measured, Habits]:
    """The measured figures and the assumed habits that ship with the application."""
    raw = read_toml("capacity.toml")
    assumed = {name: value for name, value in raw["assumed"].items() if name != "mark"}
    return Measured(**raw["measured"]), Habits(**assumed)
