"""Pages of the people who run the installation."""

from __future__ import annotations

from app.web.shared.guards import audience, is_administrator

bp = audience("admin", __name__, "/quan-tri", is_administrator)

from app.web.admin import views

__all__ = ["bp", "views"]
