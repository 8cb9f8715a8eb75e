"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.judge import carrying, conflicts, files, home, jury, rescoring, sheet, visits

__all__ = ["carrying", "conflicts", "files", "home", "jury", "rescoring", "sheet", "visits"]
