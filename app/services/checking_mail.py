"""What a facility's members are told of the screening of their entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_seconds_vi
from app.models.account import User
from app.models.entry import Entry, SupplementRequest
from app.models.facility import FacilityMember
from app.services import outbox


def accepted(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the entry fulfils the conditions; returns how many people were told."""
    return _tell(session, entry, "đủ điều kiện", "Hồ sơ đủ điều kiện và được chuyển sang ban giám khảo.", now)


def refused(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the entry was refused, with the reason."""
    return _tell(session, entry, "không đủ điều kiện", f"Lý do: {entry.refusal_reason}", now)


def reconsidered(session: Session, entry: Entry, *, now: datetime) -> int:
    """Tell that the refusal was taken back."""
    return _tell(session, entry, "được xem xét lại", "Tổ giúp việc sẽ kiểm tra lại hồ sơ.", now)


def returned(session: Session, entry: Entry, request: SupplementRequest, *, now: datetime) -> int:
    """Tell what is to be added or mended, and until when."""
    lines = [request.reason, "", *(f"- {item['text']}" for item in request.items), ""]
    lines.append(f"Hạn bổ sung: hết {format_datetime_seconds_vi(request.due_at)} (giờ Việt Nam).")
    return _tell(session, entry, "cần bổ sung", "\n".join(lines), now)


def extended(session: Session, entry: Entry, reason: str, *, now: datetime) -> int:
    """Tell the new deadline and why it was given."""
    assert entry.extended_until is not None
    until = format_datetime_seconds_vi(entry.extended_until)
    return _tell(session, entry, "được gia hạn", f"Hạn mới: hết {until} (giờ Việt Nam). Lý do: {reason}", now)


def _tell(session: Session, entry: Entry, what: str, body: str, now: datetime) -> int:
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .where(FacilityMember.facility_id == entry.facility_id, User.active)
        .order_by(User.id)
    ).all()
    subject = f"Hồ sơ {entry.code or ''} “{entry.product.name}” {what}"
    for person in people:
        outbox.write(session, person, subject=subject, body=body, now=now, link=f"/co-so/ho-so/{entry.id}")
    return len(people)
