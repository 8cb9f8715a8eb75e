"""Reminders before a certificate ends: a message to each person of the facility, once for each lead time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.deadlines import format_date_vi, local_date
from app.domain.messages import EXPIRING
from app.domain.vocabulary import CertificateState
from app.models.account import User
from app.models.certificate import Certificate, CertificateReminder
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember, Product
from app.services import messages, outbox

BATCH = 200


def remind_due(session: Session, *, leads: Sequence[int], now: datetime) -> int:
    """Write the reminders of the day; returns how many certificates were told of.

    ``leads`` are days before the last day of validity. Of several lead times that have begun the shortest
    counts, so that a certificate that was entered late is told of once. A facility of the demo gets none.
    """
    today = local_date(now)
    told = 0
    for row, (certificate_id, lead) in _due(session, sorted(leads), today):
        if _mark(session, certificate_id, lead, now):
            _tell(session, row, today, now)
            told += 1
    return told


def _due(session: Session, leads: Sequence[int], today: date) -> list[tuple[Any, tuple[int, int]]]:
    """Certificates in force that end within a lead time whose reminder was not written."""
    found: list[tuple[Any, tuple[int, int]]] = []
    begun = 0
    for lead in leads:
        last = today + timedelta(days=lead)
        first = today + timedelta(days=begun)
        rows = session.execute(
            select(Certificate.id, Certificate.serial, Certificate.valid_until, Entry.facility_id, Product.name)
            .join(Recognition, Recognition.id == Certificate.recognition_id)
            .join(Entry, Entry.id == Recognition.entry_id)
            .join(Product, Product.id == Entry.product_id)
            .join(Facility, Facility.id == Entry.facility_id)
            .where(
                Certificate.state == CertificateState.ISSUED,
                Certificate.valid_until.between(first, last),
                Facility.demo.is_(False),
                ~exists().where(CertificateReminder.certificate_id == Certificate.id, CertificateReminder.lead_days == lead),
            )
            .order_by(Certificate.valid_until, Certificate.id)
            .limit(BATCH)
        ).all()
        found += [(row, (row.id, lead)) for row in rows]
        begun = lead + 1
    return found


def _mark(session: Session, certificate_id: int, lead: int, now: datetime) -> bool:
    """Note the reminder; False when another worker was first."""
    try:
        with session.begin_nested():
            session.add(CertificateReminder(certificate_id=certificate_id, lead_days=lead, reminded_at=now))
    except IntegrityError:
        return False
    return True


def _tell(session: Session, row: Any, today: date, now: datetime) -> None:
    people = session.scalars(
        select(User)
        .join(FacilityMember, FacilityMember.user_id == User.id)
        .where(FacilityMember.facility_id == row.facility_id, func.length(User.email) > 0)
        .order_by(User.id)
    ).all()
    last, days = format_date_vi(row.valid_until), (row.valid_until - today).days
    left = f"còn {days} ngày" if days else "hôm nay là ngày cuối"
    for person in people:
        message = outbox.write(
            session,
            person,
            subject=f"Giấy chứng nhận {row.serial} hết hiệu lực ngày {last}",
            body=(
                f"Giấy chứng nhận số {row.serial} của sản phẩm {row.name} có hiệu lực đến hết ngày {last}, {left}. "
                "Sau ngày đó sản phẩm không được dùng biểu trưng của chương trình nữa. "
                "Nếu muốn tiếp tục, hãy đăng ký sản phẩm vào đợt bình chọn tới."
            ),
            now=now,
            link="/co-so/giay-chung-nhan",
        )
        messages.deliver(session, message, kind=EXPIRING)
