"""Screening: checks, decisions, supplements and extensions, and what two officers may do to one entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, Phase
from app.models.entry import EligibilityCheck, Entry, SupplementRequest
from app.models.record import AuditEvent, OutboxMail
from app.services import checking
from tests.app import make

DUE = make.NOW + timedelta(days=7)
SECOND = timedelta(seconds=1)
WANTED = [{"item": "slot:food_safety", "text": "Giấy an toàn thực phẩm còn hiệu lực"}]


def desk(
    session: Session, *, phase: Phase = Phase.CHECKING, state: EntryState = EntryState.SUBMITTED
) -> tuple[Actor, Entry]:
    row = make.round_(session, phase=phase)
    an = make.user(session, "An")
    entry = make.entry(session, row, make.facility(session, an), state=state)
    giang = make.user(session, "Giang")
    make.secretary(session, giang, row)
    return make.acting(session, giang), entry


def colleague(session: Session, entry: Entry) -> Actor:
    khanh = make.user(session, "Khánh")
    grant = make.secretary(session, khanh)
    grant.round_id = entry.round_id
    session.flush()
    return make.acting(session, khanh)


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)))


def code_of(call: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **options)
    return refusal.value.code


def test_a_check_is_kept_paper_by_paper_and_decides_nothing(session: Session) -> None:
    actor, entry = desk(session)
    items = {"facility": {"verdict": "valid", "note": " Khớp giấy đăng ký "}, "photos": {"verdict": "present"}}
    row = checking.check(session, actor, entry_id=entry.id, items=items, note="Đã xem", now=make.NOW)
    assert row.items == {
        "facility": {"verdict": "valid", "note": "Khớp giấy đăng ký"},
        "photos": {"verdict": "present", "note": ""},
    }
    assert (row.snapshot_id, row.outcome, entry.state) == (entry.snapshot_id, None, EntryState.SUBMITTED)


def test_a_verdict_that_is_none_is_told_at_its_item(session: Session) -> None:
    actor, entry = desk(session)
    with pytest.raises(Invalid) as refusal:
        checking.check(session, actor, entry_id=entry.id, items={"photos": {"verdict": "tốt"}}, now=make.NOW)
    assert [(f.field, f.code) for f in refusal.value.faults] == [("photos", "not_a_choice")]


def test_an_accepted_entry_keeps_who_when_and_its_facility_is_told(session: Session) -> None:
    actor, entry = desk(session)
    checking.accept(session, actor, entry_id=entry.id, now=make.NOW)
    assert (entry.state, entry.decided_at, entry.decided_by_id) == (EntryState.ACCEPTED, make.NOW, actor.user_id)
    assert letters(session) == ["Hồ sơ TCMN-001 “Bộ ấm chén mẫu” đủ điều kiện"]


def test_an_entry_with_a_faulty_paper_is_not_accepted_until_the_check_says_otherwise(session: Session) -> None:
    actor, entry = desk(session)
    name = "slot:business_registration"
    checking.check(session, actor, entry_id=entry.id, items={name: {"verdict": "missing"}}, now=make.NOW)
    assert code_of(checking.accept, session, actor, entry_id=entry.id, now=make.NOW) == "check_not_clean"
    checking.check(session, actor, entry_id=entry.id, items={name: {"verdict": "valid"}}, now=make.NOW)
    assert checking.accept(session, actor, entry_id=entry.id, now=make.NOW).state is EntryState.ACCEPTED


def test_a_refusal_needs_a_reason_that_the_facility_reads(session: Session) -> None:
    actor, entry = desk(session)
    with pytest.raises(Invalid):
        checking.refuse(session, actor, entry_id=entry.id, reason="  ", now=make.NOW)
    checking.refuse(session, actor, entry_id=entry.id, reason="Sản phẩm độc bản", now=make.NOW)
    body = session.scalar(select(OutboxMail.body))
    assert (entry.state, entry.refusal_reason, body) == (EntryState.REFUSED, "Sản phẩm độc bản", "Lý do: Sản phẩm độc bản")


def test_a_refusal_can_be_taken_back(session: Session) -> None:
    actor, entry = desk(session, state=EntryState.REFUSED)
    checking.reconsider(session, actor, entry_id=entry.id, reason="Cơ sở đã giải trình", now=make.NOW)
    assert (entry.state, entry.refusal_reason) == (EntryState.SUBMITTED, "")


def test_the_second_officer_is_told_who_decided_and_when(session: Session) -> None:
    actor, entry = desk(session)
    other, seen = colleague(session, entry), entry.version
    checking.accept(session, actor, entry_id=entry.id, version=seen, now=make.NOW)
    with pytest.raises(Refused) as refusal:
        checking.refuse(session, other, entry_id=entry.id, reason="Thiếu giấy", version=seen, now=make.NOW + SECOND)
    assert refusal.value.code == "decided_by_other"
    assert refusal.value.params == {"who": "Giang", "at": "21/11/2026, 14:05:00", "state": "accepted"}
    assert entry.state is EntryState.ACCEPTED


def test_a_request_names_items_reason_and_deadline_and_opens_the_dossier(session: Session) -> None:
    actor, entry = desk(session)
    request = checking.return_for_supplement(
        session, actor, entry_id=entry.id, items=WANTED, reason="Giấy đã hết hạn", due_at=DUE, now=make.NOW
    )
    assert (entry.state, request.items, request.due_at) == (EntryState.SUPPLEMENT_REQUESTED, WANTED, DUE)
    body = session.scalar(select(OutboxMail.body)) or ""
    assert body.splitlines()[-1] == "Hạn bổ sung: hết 28/11/2026, 14:05:00 (giờ Việt Nam)."
    outcomes = session.scalars(select(EligibilityCheck.outcome)).all()
    assert outcomes == [EntryState.SUPPLEMENT_REQUESTED]


def test_an_empty_request_and_a_deadline_that_passed_by_one_second_are_refused(session: Session) -> None:
    actor, entry = desk(session)
    with pytest.raises(Invalid) as refusal:
        checking.return_for_supplement(
            session, actor, entry_id=entry.id, items=[], reason="", due_at=make.NOW - SECOND, now=make.NOW
        )
    assert [(f.field, f.code) for f in refusal.value.faults] == [
        ("items", "supplement_empty"),
        ("reason", "required"),
        ("due_at", "due_in_past"),
    ]
    assert refusal.value.faults[2].params == {"now": "21/11/2026, 14:05:00"}


def test_the_last_second_of_a_deadline_is_in_time(session: Session) -> None:
    actor, entry = desk(session)
    request = checking.return_for_supplement(
        session, actor, entry_id=entry.id, items=WANTED, reason="Thiếu", due_at=make.NOW, now=make.NOW
    )
    assert request.due_at == make.NOW


def test_an_extension_moves_the_open_deadline_and_records_who_and_why(session: Session) -> None:
    actor, entry = desk(session)
    request = checking.return_for_supplement(
        session, actor, entry_id=entry.id, items=WANTED, reason="Thiếu", due_at=DUE, now=make.NOW
    )
    later = DUE + timedelta(days=2)
    checking.extend(session, actor, entry_id=entry.id, until=later, reason="Bão lũ", now=make.NOW)
    assert (entry.extended_until, session.get_one(SupplementRequest, request.id).due_at) == (later, later)
    trace = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry:extend")).one()
    assert (trace.actor_name, trace.details["reason"], trace.details["before"]) == ("Giang", "Bão lũ", DUE.isoformat())


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [(make.NOW - SECOND, "Vì", "due_in_past"), (DUE, "Vì", "not_later"), (DUE + SECOND, "", "required")],
)
def test_an_extension_goes_forward_and_has_a_reason(session: Session, until: Any, reason: str, code: str) -> None:
    actor, entry = desk(session)
    checking.return_for_supplement(session, actor, entry_id=entry.id, items=WANTED, reason="Thiếu", due_at=DUE, now=make.NOW)
    with pytest.raises(Invalid) as refusal:
        checking.extend(session, actor, entry_id=entry.id, until=until, reason=reason, now=make.NOW)
    assert refusal.value.faults[0].code == code


@pytest.mark.parametrize("state", [EntryState.DRAFT, EntryState.WITHDRAWN, EntryState.ACCEPTED, EntryState.REFUSED])
def test_only_a_submitted_entry_can_be_accepted(session: Session, state: EntryState) -> None:
    actor, entry = desk(session, state=state)
    assert code_of(checking.accept, session, actor, entry_id=entry.id, now=make.NOW) == "entry_state"


def test_screening_ends_when_judging_opens(session: Session) -> None:
    actor, entry = desk(session, phase=Phase.JUDGING, state=EntryState.ACCEPTED)
    assert code_of(checking.refuse, session, actor, entry_id=entry.id, reason="Muộn", now=make.NOW) == "phase_closed"


def test_a_stranger_finds_nothing_and_the_facility_may_not_check_itself(session: Session) -> None:
    _, entry = desk(session)
    stranger = make.acting(session, make.user(session, "Bình"))
    with pytest.raises(NotFound):
        checking.accept(session, stranger, entry_id=entry.id, now=make.NOW)
    chi = make.user(session, "Chi")
    make.judge(session, entry.round, chi)
    with pytest.raises(Forbidden):
        checking.accept(session, make.acting(session, chi), entry_id=entry.id, now=make.NOW)
    with pytest.raises(NotFound):
        checking.accept(session, stranger, entry_id=999_999, now=make.NOW)
