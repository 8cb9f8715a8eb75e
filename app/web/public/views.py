"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.public import (
    calendar,
    gallery,
    help,
    home,
    invitations,
    opendata,
    panel_invitations,
    privacy,
    product,
    rounds,
    site,
    verify,
)

__all__ = [
    "calendar",
    "gallery",
    "home",
    "invitations",
    "opendata",
    "panel_invitations",
    "privacy",
    "product",
    "rounds",
    "site",
    "verify",
]
