"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.account import (
    calendar,
    delegations,
    desk,
    message_choices,
    messages,
    privacy,
    profile,
    protection,
    search,
    single_sign_on,
    tokens,
    tours,
)

__all__ = [
    "calendar",
    "delegations",
    "desk",
    "message_choices",
    "messages",
    "privacy",
    "profile",
    "protection",
    "search",
    "single_sign_on",
    "tokens",
    "tours",
]
