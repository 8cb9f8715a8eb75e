"""Imports the modules of views of this audience; nothing else lives here."""

from __future__ import annotations

from app.web.council import decisions, home, papers, products, sessions

__all__ = ["decisions", "home", "papers", "products", "sessions"]
