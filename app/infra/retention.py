"""Reads the retention schedule: the operator's file, or the one that ships with the application."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app.domain.retention import Kept, schedule_of
from app.infra.reference_files import FOLDER
from app.infra.settings import Settings


def read_schedule(settings: Settings) -> tuple[Kept, ...]:
    """The schedule that applies here.

    Raises:
        OSError: the operator's file cannot be read.
        ValueError: it is not a schedule.
    """
    path = Path(settings.retention_file) if settings.retention_file else Path(FOLDER) / "retention.toml"
    return schedule_of(tomllib.loads(path.read_text(encoding="utf-8"))["line"])
