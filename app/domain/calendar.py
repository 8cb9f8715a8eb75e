"""A thing with a date, as calendars want it; what it is called and where, never more than its reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. ``starts`` is an instant, or a day for what lasts all day; ``path`` leads to its page on this site.

    ``uid`` stays the same while the event moves, so that calendars move it too.
    """

    uid: str
    kind: str
    key: int
    title: str
    starts: datetime | date
    ends: datetime | None = None
    place: str = ""
    path: str = ""
