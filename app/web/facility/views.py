"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.facility import (
    certificates,
    complaints,
    entries,
    home,
    papers,
    photos,
    places,
    printing,
    profiles,
    result,
    story,
    submitting,
    uploading,
)

__all__ = [
    "certificates",
    "complaints",
    "entries",
    "home",
    "papers",
    "photos",
    "places",
    "printing",
    "profiles",
    "result",
    "story",
    "submitting",
    "uploading",
]
