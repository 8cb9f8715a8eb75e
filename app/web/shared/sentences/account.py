"""Sentences for the refusals of account."""

from __future__ import annotations

SENTENCES: dict[str, str] = {}
