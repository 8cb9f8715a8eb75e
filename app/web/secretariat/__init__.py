"""Pages of the secretariat: rounds, checks, panels, progress, results, certificates."""

from __future__ import annotations

from app.web.shared.guards import audience, is_secretary

bp = audience("secretariat", __name__, "/to-giup-viec", is_secretary)

from app.web.secretariat import views

__all__ = ["bp", "views"]
