"""A holder is told before the certificate ends: once for each lead time, never of what is not in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.messages import EXPIRING
from app.domain.vocabulary import MailState
from app.infra.clock import now
from app.jobs.reminders import remind_due
from app.models.account import User
from app.models.facility import FacilityMember
from app.models.record import OutboxMail
from app.services import messages, reminders
from tests.app import make
from tests.app.services import path
from tests.app.services.certified import published

LEADS = (30, 90)
TODAY = make.NOW.date()


def certified(session: Session, days: int, **facility: object) -> None:
    """A certificate of An's facility that ends so many days from today."""
    world = published(session)
    for name, value in facility.items():
        setattr(world.facilities[0], name, value)
    path.certificate(session, path.recognition_of(session, world), valid_until=TODAY + timedelta(days=days))


def told(session: Session) -> list[str]:
    subjects = select(OutboxMail.subject).where(OutboxMail.subject.startswith("Giấy chứng nhận")).order_by(OutboxMail.id)
    return list(session.scalars(subjects))


def remind(session: Session, later: int = 0) -> int:
    return reminders.remind_due(session, leads=LEADS, now=make.NOW + timedelta(days=later))


@pytest.mark.parametrize(("days", "count"), [(91, 0), (90, 1), (31, 1), (30, 1), (0, 1), (-1, 0)])
def test_a_reminder_goes_out_from_the_first_day_of_the_lead_time_to_the_last_of_validity(
    session: Session, days: int, count: int
) -> None:
    certified(session, days)
    assert remind(session) == count
    assert len(told(session)) == count


def test_each_lead_time_tells_once_however_often_it_runs(session: Session) -> None:
    certified(session, 90)
    assert [remind(session, later) for later in (0, 0, 1, 59, 60, 60, 90)] == [1, 0, 0, 0, 1, 0, 0]
    assert told(session) == [f"Giấy chứng nhận GCN-1 hết hiệu lực ngày {TODAY + timedelta(days=90):%d/%m/%Y}"] * 2


def test_the_message_says_what_ends_when_and_where_it_is(session: Session) -> None:
    certified(session, 30)
    remind(session)
    message = session.scalars(select(OutboxMail).where(OutboxMail.subject.startswith("Giấy chứng nhận"))).one()
    assert ("còn 30 ngày" in message.body, "Sản phẩm mẫu 1" in message.body, message.link) == (
        True,
        True,
        "/co-so/giay-chung-nhan",
    )


def test_demo_facilities_are_left_alone(session: Session) -> None:
    certified(session, 30, demo=True)
    assert remind(session) == 0


def test_a_certificate_without_an_end_is_never_told_of(session: Session) -> None:
    world = published(session)
    path.certificate(session, path.recognition_of(session, world), valid_until=None)  # type: ignore[arg-type]
    assert remind(session) == 0


def test_the_sweep_reads_the_lead_times_from_the_settings(session: Session) -> None:
    world = published(session)
    end = now().date() + timedelta(days=20)
    assert end > date(2026, 11, 21)
    path.certificate(session, path.recognition_of(session, world), valid_until=end)
    session.commit()
    assert [remind_due(), remind_due()] == [1, 0]


def test_who_declined_reminders_keeps_them_in_the_inbox_only(session: Session) -> None:
    certified(session, 30)
    person = session.scalars(select(User).join(FacilityMember, FacilityMember.user_id == User.id)).first()
    assert person is not None
    messages.decline(session, user_id=person.id, kind=EXPIRING)
    remind(session)
    message = session.scalars(select(OutboxMail).where(OutboxMail.user_id == person.id, OutboxMail.kind == EXPIRING)).one()
    assert message.state is MailState.KEPT
