"""The kinds of jobs: name -> function. A kind is idempotent: run twice, it does its work once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.jobs.progress import Progress

Kind = Callable[[Progress, Mapping[str, Any]], Mapping[str, Any]]

KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register a function as the work of a kind of jobs."""

    def register(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return register
