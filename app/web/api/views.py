"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.api import catalogue, certificates, entries, facilities, judging, results, writing

__all__ = ["catalogue", "certificates", "entries", "facilities", "judging", "results", "writing"]
