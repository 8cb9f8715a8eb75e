"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.public import gallery, home, invitations, opendata, panel_invitations, privacy, product, rounds, site, verify

__all__ = [
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
