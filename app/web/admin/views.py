"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.admin import capacity, home, jobs, outbox, people, privacy, status, trail, units

__all__ = ["capacity", "home", "jobs", "outbox", "people", "privacy", "status", "trail", "units"]
