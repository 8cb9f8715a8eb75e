"""The desk names what waits for a person, in every part that they play, and nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, EntryState, JobState, MailState, PanelRole, Phase, VoteChoice
from app.models.account import User
from app.models.entry import SupplementRequest
from app.models.panel import ConflictDeclaration
from app.models.record import Job, OutboxMail
from app.queries.desk import Duty, tasks
from app.queries.rights import actor_for
from app.services import council
from tests.app import make
from tests.app.queries.statements import counted
from tests.app.services.world import in_session, judged, vote_all


def told(session: Session, person: object) -> list[tuple[Duty, int, bool]]:
    """Kind, count and lateness of everything on a person's desk."""
    found = tasks(session, make.acting(session, person), now=make.NOW)  # type: ignore[arg-type]
    return [(task.duty, task.count, task.overdue) for task in found]


def test_a_facility_sees_its_draft_and_its_overdue_supplement_and_not_a_neighbours(session: Session) -> None:
    an, binh, officer = (make.user(session, name) for name in ("An", "Bình", "Giang"))
    round_ = make.round_(session)
    own, other = make.facility(session, an), make.facility(session, binh)
    make.entry(session, round_, own, name="Nháp", state=EntryState.DRAFT)
    asked = make.entry(session, round_, own, name="Thiếu giấy", state=EntryState.SUPPLEMENT_REQUESTED)
    make.entry(session, round_, other, name="Của Bình", state=EntryState.DRAFT)
    request = SupplementRequest(
        entry_id=asked.id,
        reason="Thiếu giấy",
        due_at=make.NOW - timedelta(days=1),
        requested_at=make.NOW,
        requested_by_id=officer.id,
    )
    session.add(request)
    session.flush()
    assert told(session, an) == [(Duty.SUPPLEMENT, 1, True), (Duty.DRAFT, 1, False)]
    assert told(session, binh) == [(Duty.DRAFT, 1, False)]


def test_a_secretary_sees_what_to_check_and_the_next_step_of_running_rounds_only(session: Session) -> None:
    giang = make.user(session, "Giang")
    round_, done = make.round_(session), make.round_(session, phase=Phase.PUBLISHED)
    make.secretary(session, giang)
    for number in range(3):
        make.entry(session, round_, make.facility(session), name=f"Mới {number}", state=EntryState.SUBMITTED)
    make.entry(session, done, make.facility(session), name="Cũ", state=EntryState.SUBMITTED)
    assert told(session, giang) == [(Duty.CHECK, 3, False), (Duty.NEXT_STEP, 1, False)]


def test_a_judge_is_asked_to_declare_and_then_to_sign(session: Session) -> None:
    chi = make.user(session, "Chi")
    round_ = make.round_(session, phase=Phase.JUDGING)
    seat = make.judge(session, round_, chi)
    facility = make.facility(session)
    first, second = (make.entry(session, round_, facility, name=name) for name in ("Một", "Hai"))
    make.signed_sheet(session, make.assignment(session, seat, first), "30", "30", "8", "8")
    make.assignment(session, seat, second)
    before = told(session, chi)
    seat.answer = ConflictAnswer.NONE
    session.flush()
    assert before == [(Duty.DECLARE, 2, False), (Duty.SHEETS, 1, False)]
    assert told(session, chi) == [(Duty.SHEETS, 1, False)]


def test_the_chair_of_a_panel_sees_rulings_and_wide_gaps(session: Session) -> None:
    world = judged(session, phase=Phase.JUDGING)
    for seat in world.judges:
        seat.answer = ConflictAnswer.NONE
    wide = make.entry(session, world.round, world.facilities[0], name="Chênh")
    for seat, points in zip(world.judges, (("40", "40", "10", "10"), ("30", "30", "5", "5")), strict=False):
        make.signed_sheet(session, make.assignment(session, seat, wide), *points)
    member = world.judges[1]
    session.add(
        ConflictDeclaration(
            seat_id=member.id, entry_id=world.entries[0].id, kind="family", reason="Anh em", declared_at=make.NOW
        )
    )
    session.flush()
    chair = next(seat for seat in world.judges if seat.role is PanelRole.CHAIR)
    people = {seat.id: session.get(User, seat.user_id) for seat in (chair, member)}
    assert told(session, people[chair.id]) == [(Duty.RULINGS, 1, False), (Duty.GAPS, 1, False)]
    assert told(session, people[member.id]) == []


def test_a_council_member_sees_missing_votes_and_its_chair_the_decisions(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    hoa = session.get(User, world.hoa.user_id)
    assert told(session, hoa) == [(Duty.VOTE, 3, False)]
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    assert told(session, hoa) == []
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    assert told(session, hoa) == [(Duty.DECIDE, 3, False)]


def test_an_administrator_sees_failed_jobs_and_mail(session: Session) -> None:
    admin = make.user(session, "Quản")
    make.administrator(session, admin)
    session.add(Job(kind="send_mail", state=JobState.FAILED, created_at=make.NOW))
    session.add(OutboxMail(recipient="a@example.vn", subject="x", body="x", state=MailState.FAILED, written_at=make.NOW))
    session.flush()
    assert told(session, admin) == [(Duty.FAILED_JOBS, 1, True), (Duty.FAILED_MAIL, 1, True)]


def test_the_desk_sends_the_same_statements_for_one_round_and_for_many(session: Session) -> None:
    giang = make.user(session, "Giang")
    make.secretary(session, giang)
    make.entry(session, make.round_(session), make.facility(session), state=EntryState.SUBMITTED)
    sizes, giang_id = [], giang.id
    for _step in range(2):
        actor = actor_for(session, giang_id, now=make.NOW)
        with counted(session) as sent:
            found = tasks(session, actor, now=make.NOW)
        sizes.append((len(found), len(sent)))
        for _number in range(4):
            make.entry(session, make.round_(session), make.facility(session), state=EntryState.SUBMITTED)
    assert [found for found, _sent in sizes] == [2, 10]
    assert sizes[0][1] == sizes[1][1]
