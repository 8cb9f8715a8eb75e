"""Sentences for the refusals of council."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
