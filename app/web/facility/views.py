"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.facility import home

__all__ = ["home"]
