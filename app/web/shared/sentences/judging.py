"""Sentences for the refusals of judging."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
