"""Sentences for the refusals of results."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
