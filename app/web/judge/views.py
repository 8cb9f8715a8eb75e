"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.judge import (
    carrying,
    conflicts,
    discrepancies,
    files,
    home,
    jury,
    paper,
    practice,
    rescoring,
    sheet,
    stages,
    visits,
)

__all__ = [
    "carrying",
    "conflicts",
    "discrepancies",
    "files",
    "home",
    "jury",
    "paper",
    "practice",
    "rescoring",
    "sheet",
    "stages",
    "visits",
]
