"""Pages of judges: conflicts, queue and score sheet; entries are seen by code."""

from __future__ import annotations

from app.web.shared.guards import audience, is_judge

bp = audience("judge", __name__, "/giam-khao", is_judge)

from app.web.judge import views

__all__ = ["bp", "views"]
