"""Calendar files (RFC 5545), and the private address at which a person's calendar can be subscribed to."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calendar import CalendarEvent
from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.models.account import User
from app.models.message import CalendarFeed
from app.services import audit

PRODUCT = "-//Tieu Bieu//Lich//VI"


def file_of(events: Iterable[CalendarEvent], *, now: datetime, base_url: str = "", host: str = "tieubieu") -> bytes:
    """The events as one calendar file; ``base_url`` makes their pages clickable."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Tiêu Biểu")
    for one in events:
        calendar.add_component(_event(one, now, base_url, host))
    return cast(bytes, calendar.to_ical())


def _event(one: CalendarEvent, now: datetime, base_url: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@{host}")
    event.add("dtstamp", now)
    event.add("summary", one.title)
    event.add("dtstart", one.starts)
    if one.ends is not None:
        event.add("dtend", one.ends)
    if one.place:
        event.add("location", one.place)
    if one.path and base_url:
        event.add("url", base_url + one.path)
    return event


def open_feed(session: Session, actor: Actor, *, now: datetime) -> str:
    """Make the actor's private address anew; an earlier one stops at once. Returns its token, which is not kept.

    Raises:
        NotFound: a guest.
    """
    if actor.user_id is None:
        raise NotFound("user")
    close_feed(session, actor, now=now)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(user_id=actor.user_id, token_sha256=_digest(token), made_at=now))
    session.flush()
    audit.record(session, actor, action="calendar:open", subject=f"user:{actor.user_id}", now=now)
    return token


def close_feed(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Revoke the actor's address; False when there was none."""
    row = session.get(CalendarFeed, actor.user_id) if actor.user_id is not None else None
    if row is None:
        return False
    session.delete(row)
    session.flush()
    audit.record(session, actor, action="calendar:close", subject=f"user:{actor.user_id}", now=now)
    return True


def reader_of(session: Session, token: str) -> int:
    """Whose address it is.

    Raises:
        NotFound: nobody's, revoked, or of an account that is closed.
    """
    found = session.scalar(
        select(CalendarFeed.user_id)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token_sha256 == _digest(token), User.active)
    )
    if found is None:
        raise NotFound("calendar")
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
