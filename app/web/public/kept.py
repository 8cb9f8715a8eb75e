"""Answers about everything that is public, kept for a minute: the same for every visitor, and dear to count."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import current_app

SECONDS = 60.0

T = TypeVar("T")


@dataclass
class _Kept:
    """What a web process counted, and when it is counted anew."""

    values: dict[str, tuple[float, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def for_a_minute(name: str, count: Callable[[], T]) -> T:
    """What ``count`` said within the last minute, or says now. Only for what everybody may see."""
    kept = cast(_Kept, current_app.extensions.setdefault("kept_answers", _Kept()))
    with kept.lock:
        until, value = kept.values.get(name, (0.0, None))
    if time.monotonic() < until:
        return cast(T, value)
    value = count()
    with kept.lock:
        kept.values[name] = (time.monotonic() + SECONDS, value)
    return value
