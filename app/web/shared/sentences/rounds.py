"""Sentences for the refusals of rounds."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
