"""Moments as they are typed: local wall-clock minutes, stored as instants."""

from __future__ import annotations

from datetime import datetime

from app.domain.deadlines import LOCAL, local_datetime

LAST_MINUTE = (23, 59)


def from_local(typed: datetime) -> datetime:
    """The instant of a typed local minute; 23:59 means to the last second of the day."""
    second = 59 if (typed.hour, typed.minute) == LAST_MINUTE else 0
    return typed.replace(second=second, microsecond=0, tzinfo=LOCAL)


def to_local(instant: datetime | None) -> datetime | None:
    """The instant as the wall clock shows it, without a zone, for a form field."""
    return None if instant is None else local_datetime(instant).replace(tzinfo=None, second=0, microsecond=0)
