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
    past,
    privacy,
    product,
    rounds,
    site,
    unsubscribing,
    verify,
)

__all__ = [
    "calendar",
    "gallery",
    "help",
    "home",
    "invitations",
    "opendata",
    "panel_invitations",
    "past",
    "privacy",
    "product",
    "rounds",
    "site",
    "unsubscribing",
    "verify",
]
