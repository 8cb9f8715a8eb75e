"""What a facility's members are told of the screening of their entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_seconds_vi
from app.models.account import User
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility, FacilityMember
from app.models.round import Round
from app.queries.calendars import supplement
from app.services import calendars, messages


def accepted(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the entry fulfils the conditions; returns how many people were told."""
    return _tell(session, entry, "entry_accepted", {}, now)


def refused(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the entry was refused, with the reason."""
    return _tell(session, entry, "entry_refused", {"reason": entry.refusal_reason}, now)


def reconsidered(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the refusal was taken back."""
    return _tell(session, entry, "entry_reconsidered", {}, now)


def returned(session: Session, entry: Entry, request: SupplementRequest, *, now: datetime) -> int:
    """Tell what is to be added or mended, and until when."""
    items = "\n".join(f"- {item['text']}" for item in request.items)
    values = {"reason": request.reason, "items": items, "deadline": format_datetime_seconds_vi(request.due_at)}
    event = supplement(request.id, entry.id, entry.product.name, request.due_at)
    return _tell(session, entry, "supplement_requested", values, now, calendars.file_of([event], now=now).decode())


def extended(session: Session, entry: Entry, reason: str, *, now: datetime) -> int:
    """Tell the new deadline and why it was given."""
    assert entry.extended_until is not None
    until = format_datetime_seconds_vi(entry.extended_until)
    return _tell(session, entry, "supplement_extended", {"reason": reason, "deadline": until}, now)


def _tell(
    session: Session, entry: Entry, event: str, values: Mapping[str, str], now: datetime, calendar: str = ""
) -> int:
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .where(FacilityMember.facility_id == entry.facility_id, User.active)
        .order_by(User.id)
    ).all()
    known = {**about(session, entry), **values}
    link = f"/co-so/ho-so/{entry.id}"
    for person in people:
        messages.tell(
            session, person, event=event, round_id=entry.round_id, values=known, now=now, link=link, calendar=calendar
        )
    return len(people)


def about(session: Session, entry: Entry) -> dict[str, str]:
    """The values of the placeholders that every message about an entry knows; its product must be loaded."""
    return {
        "facility": session.get_one(Facility, entry.facility_id).name,
        "round": session.get_one(Round, entry.round_id).name,
        "product": entry.product.name,
        "code": entry.code or "",
    }
