"""Sentences for the refusals of certificates."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
