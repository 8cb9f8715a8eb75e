"""Complaints: in working days, to an officer, answered by letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date, working_days_between
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import ComplaintState, Phase
from app.models.account import User
from app.models.complaint import Complaint
from app.models.facility import FacilityMember
from app.models.record import AuditEvent, OutboxMail
from app.queries import complaints as reads
from app.queries.handbook import working_calendar
from app.services import complaints
from app.services.complaint_letters import letter
from app.services.complaints import Answer
from tests.app import make
from tests.app.services.certified import published
from tests.app.services.world import World

SAID = Answer("Đã xem lại từng phiếu.", "Giữ nguyên kết quả.", "12/HĐBC", date(2026, 11, 23))
LATER = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def world(session: Session) -> World:
    """Published on Saturday 21/11/2026."""
    return published(session)


def owner(session: Session, world: World) -> Actor:
    member = session.query(FacilityMember).where(FacilityMember.facility_id == world.facilities[0].id).one()
    return make.acting(session, session.get_one(User, member.user_id))


def filed(session: Session, world: World, *, now: datetime = make.NOW, text: str = "Điểm chưa đúng.") -> Complaint:
    return complaints.file_complaint(session, owner(session, world), entry_id=world.entries[0].id, text=text, now=now)


def given(session: Session, world: World) -> Complaint:
    row = filed(session, world)
    assert world.giang.user_id is not None
    return complaints.assign(session, world.giang, complaint_id=row.id, user_id=world.giang.user_id, now=make.NOW)


def test_the_answer_falls_due_ten_working_days_after_the_complaint(session: Session, world: World) -> None:
    due = filed(session, world).answer_due_at
    assert due.astimezone(UTC).time().isoformat() == "16:59:59"
    assert working_days_between(make.TODAY, local_date(due), *working_calendar()) == 10


def test_one_second_after_the_last_it_is_late_and_says_so_in_local_time(session: Session, world: World) -> None:
    due = complaints.complaint_due(world.round)
    assert due is not None
    with pytest.raises(Refused) as refusal:
        filed(session, world, now=due + timedelta(seconds=1))
    assert refusal.value.code == "complaint_late"
    assert refusal.value.params["due_at"].endswith("23:59:59")
    assert filed(session, world, now=due).state is ComplaintState.FILED


def test_only_the_facility_of_the_entry_complains_and_only_after_publication(session: Session, world: World) -> None:
    with pytest.raises(NotFound):
        complaints.file_complaint(session, world.giang, entry_id=world.entries[0].id, text="…", now=make.NOW)
    world.round.phase = Phase.DELIBERATION
    session.flush()
    with pytest.raises(Refused) as refusal:
        filed(session, world)
    assert refusal.value.code == "phase_closed"


def test_a_second_complaint_waits_for_the_answer_to_the_first(session: Session, world: World) -> None:
    filed(session, world)
    with pytest.raises(Refused) as refusal:
        filed(session, world)
    assert refusal.value.code == "complaint_open"


def test_an_empty_complaint_is_none(session: Session, world: World) -> None:
    with pytest.raises(Invalid):
        filed(session, world, text="  \n ")


def test_it_is_given_to_somebody_of_the_secretariat_only(session: Session, world: World) -> None:
    row = filed(session, world)
    with pytest.raises(Invalid) as refusal:
        complaints.assign(session, world.giang, complaint_id=row.id, user_id=world.hoa.user_id or 0, now=make.NOW)
    assert refusal.value.faults[0].code == "not_secretariat"
    with pytest.raises(Refused) as unassigned:
        complaints.answer(session, world.giang, complaint_id=row.id, said=SAID, now=LATER)
    assert unassigned.value.code == "complaint_unassigned"


def test_the_answer_has_its_letter_and_the_facility_is_told(session: Session, world: World) -> None:
    row = given(session, world)
    complaints.answer(session, world.giang, complaint_id=row.id, said=SAID, now=LATER)
    assert (row.state, row.letter_number, row.letter_on) == (ComplaintState.ANSWERED, "12/HĐBC", date(2026, 11, 23))
    link = session.scalars(select(AuditEvent).where(AuditEvent.action == "complaint:answer")).one()
    assert link.details["late"] is False
    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    assert "12/HĐBC" in mail.body
    with pytest.raises(Refused):
        complaints.answer(session, world.giang, complaint_id=row.id, said=SAID, now=LATER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"findings": " "}, "findings"),
        ({"letter_number": ""}, "letter_number"),
        ({"letter_on": None}, "letter_on"),
        ({"letter_on": date(2026, 11, 24)}, "letter_on"),
        ({"letter_on": date(2026, 11, 20)}, "letter_on"),
    ],
)
def test_a_letter_that_is_not_whole_answers_nothing(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    row = given(session, world)
    said = replace(SAID, **changes)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        complaints.answer(session, world.giang, complaint_id=row.id, said=said, now=LATER)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_late_ones_are_counted_until_they_are_answered(session: Session, world: World) -> None:
    row = given(session, world)
    after = row.answer_due_at + timedelta(seconds=1)
    assert (reads.late(session, world.round.id, make.NOW), reads.late(session, world.round.id, after)) == (0, 1)
    complaints.answer(session, world.giang, complaint_id=row.id, said=SAID, now=after)
    assert reads.late(session, world.round.id, after) == 0


def test_the_letter_prints_what_was_recorded(session: Session, world: World) -> None:
    row = given(session, world)
    complaints.answer(session, world.giang, complaint_id=row.id, said=SAID, now=LATER)
    session.expire_all()
    read = reads.one(session, row.id)
    assert read is not None
    content = letter(read)
    assert (content.letterhead.number, content.letterhead.symbol) == (12, "HĐBC")
    assert (content.findings, content.conclusion) == (("Đã xem lại từng phiếu.",), "Giữ nguyên kết quả.")
    assert content.received_on == make.TODAY


def test_the_database_itself_wants_a_letter_behind_an_answer(session: Session, world: World) -> None:
    row = given(session, world)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(update(Complaint).where(Complaint.id == row.id).values(state=ComplaintState.ANSWERED))
    session.rollback()
