"""Sentences for the refusals of registration."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
