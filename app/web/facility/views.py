"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.facility import entries, home, papers, photos, places, profiles, story, submitting

__all__ = ["entries", "home", "papers", "photos", "places", "profiles", "story", "submitting"]
