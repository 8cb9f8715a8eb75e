"""Pages of the council: proposal, votes, decisions."""

from __future__ import annotations

from app.web.shared.guards import audience, is_council

bp = audience("council", __name__, "/hoi-dong", is_council)

from app.web.council import views

__all__ = ["bp", "views"]
