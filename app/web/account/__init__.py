"""Pages of a signed-in person about themselves: desk, messages, account."""

from __future__ import annotations

from app.web.shared.guards import audience, is_facility

bp = audience("account", __name__, "", is_facility)

from app.web.account import views

__all__ = ["bp", "views"]
