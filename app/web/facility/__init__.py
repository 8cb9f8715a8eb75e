"""Pages of facilities: their profile, products, dossiers and entries."""

from __future__ import annotations

from app.web.shared.guards import audience, is_facility

bp = audience("facility", __name__, "/co-so", is_facility)

from app.web.facility import views

__all__ = ["bp", "views"]
