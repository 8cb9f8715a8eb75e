"""Sentences for the refusals of checking."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
