"""Rescoring: the only way to change anything after the lock, seen before and approved by the panel's chair."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import BallotKind, Phase, RescoringKind, RescoringState, SheetAction, SheetState, VisitVerdict
from app.models.account import User
from app.models.complaint import Complaint
from app.models.facility import FacilityMember
from app.models.panel import Assignment, Recusal
from app.models.record import AuditEvent, OutboxMail
from app.models.rescoring import Rescoring
from app.models.result import ResultLine, ResultRun
from app.models.sheet import ScoreEvent, ScoreSheet
from app.queries.papers import paper_round
from app.services import complaints, council, papers, rescoring, results, visits
from scoring.bundle import verify_bytes
from tests.app import make
from tests.app.services.certified import published
from tests.app.services.world import World, in_session, judged

REASON = "Ghi nhầm so với phiếu giấy đã ký"


def computed(session: Session, rules: RuleSet | None = None) -> World:
    world = judged(session, rules=rules)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    return world


def chair(session: Session, world: World) -> Actor:
    return make.acting(session, session.get_one(User, world.judges[0].user_id))


def assignment(session: Session, world: World, judge: int, entry: int) -> Assignment:
    return session.scalars(
        select(Assignment).where(
            Assignment.seat_id == world.judges[judge].id, Assignment.entry_id == world.entries[entry].id
        )
    ).one()


def proposed(
    session: Session, world: World, *, judge: int = 1, entry: int = 2, actor: Actor | None = None, **points: str
) -> Rescoring:
    """A correction of a sheet (criterion 1 becomes 38 unless told), by the secretariat."""
    return rescoring.propose(
        session,
        actor or world.giang,
        round_id=world.round.id,
        kind=RescoringKind.CORRECTION,
        assignment_id=assignment(session, world, judge, entry).id,
        points={key.removeprefix("c"): value for key, value in points.items()} or {"1": "38"},
        reason=REASON,
        now=make.NOW,
    )


def recusal(session: Session, world: World, *, judge: int, entry: int) -> Rescoring:
    return rescoring.propose(
        session,
        world.giang,
        round_id=world.round.id,
        kind=RescoringKind.RECUSAL,
        assignment_id=assignment(session, world, judge, entry).id,
        reason="Người thân làm ở cơ sở",
        now=make.NOW,
    )


def approve(session: Session, world: World, row: Rescoring) -> ResultRun:
    seen = rescoring.preview(session, row).seen
    return rescoring.approve(session, chair(session, world), rescoring_id=row.id, seen=seen, now=make.NOW)


def test_a_preview_shows_places_and_selections_before_and_after_and_writes_nothing(session: Session) -> None:
    world = computed(session, RuleSet(quota_total=2))
    row = proposed(session, world)
    found = rescoring.preview(session, row)
    codes = [entry.code for entry in world.entries]
    assert [
        (item.code, item.before.place, item.after.place, item.before.selection, item.after.selection) for item in found.moved
    ] == [(codes[1], 2, 3, "council", "over_quota"), (codes[2], 2, 2, "council", "selected")]
    assert found.selections == {
        ("selected", "selected"): 1,
        ("council", "over_quota"): 1,
        ("council", "selected"): 1,
        ("below_pass_mark", "below_pass_mark"): 1,
    }
    assert len(session.scalars(select(ResultRun)).all()) == 1
    assert session.scalar(select(ScoreSheet.total).where(ScoreSheet.assignment_id == row.assignment_id)) == Decimal(80)


def test_approval_corrects_the_sheet_and_supersedes_the_result_at_once(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    run = approve(session, world, row)
    sheet = session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == row.assignment_id)).one()
    line = session.get_one(ResultLine, (run.id, world.entries[2].id))
    assert (row.state, row.run_id, run.number) == (RescoringState.APPROVED, run.id, 2)
    assert (sheet.state, sheet.total, line.published) == (SheetState.SIGNED, Decimal(86), Decimal(82))
    assert [old.superseded_at for old in session.scalars(select(ResultRun).order_by(ResultRun.number))] == [make.NOW, None]


def test_the_judges_chain_keeps_the_reopening_the_new_points_and_the_signature(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    approve(session, world, row)
    events = session.scalars(
        select(ScoreEvent).where(ScoreEvent.seat_id == world.judges[1].id).order_by(ScoreEvent.number)
    ).all()
    assert [event.action for event in events] == [SheetAction.REOPEN, SheetAction.SAVE, SheetAction.SIGN]
    assert [event.body["points"]["1"] for event in events] == ["32", "38", "38"]
    assert {event.actor_id for event in events} == {world.judges[0].user_id}
    assert {event.body["reason"] for event in events} == {REASON}


def test_what_was_previewed_is_what_the_new_run_says(session: Session) -> None:
    world = computed(session, RuleSet(quota_total=2))
    row = proposed(session, world)
    expected = {item.code: (item.after.place, item.after.selection) for item in rescoring.preview(session, row).moved}
    run = approve(session, world, row)
    assert {
        entry.code: (line.place, line.selection)
        for entry in world.entries[1:3]
        if (line := session.get_one(ResultLine, (run.id, entry.id)))
    } == expected
    assert results.verify(session, run).order[:2] == (world.entries[0].code, world.entries[2].code)


def test_a_recusal_takes_the_sheet_from_the_mean_and_keeps_it(session: Session) -> None:
    world = computed(session)
    row = recusal(session, world, judge=1, entry=0)
    run = approve(session, world, row)
    line = session.get_one(ResultLine, (run.id, world.entries[0].id))
    kept = session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == row.assignment_id)).one()
    assert (line.status, line.counted, kept.state) == ("insufficient", 2, SheetState.SIGNED)
    assert session.scalars(select(Recusal)).one().reason == "Người thân làm ở cơ sở"
    with pytest.raises(Refused) as again:
        recusal(session, world, judge=1, entry=0)
    assert again.value.code == "already_recused"


def test_only_the_panels_chair_settles(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    seen = rescoring.preview(session, row).seen
    member = make.acting(session, session.get_one(User, world.judges[1].user_id))
    for actor in (world.giang, world.hoa, member):
        with pytest.raises(Forbidden):
            rescoring.approve(session, actor, rescoring_id=row.id, seen=seen, now=make.NOW)
        with pytest.raises(Forbidden):
            rescoring.cancel(session, actor, rescoring_id=row.id, note="không", now=make.NOW)
    assert row.state is RescoringState.PROPOSED


def test_the_chair_may_propose_and_a_member_or_the_council_may_not(session: Session) -> None:
    world = computed(session)
    member = make.acting(session, session.get_one(User, world.judges[1].user_id))
    for actor in (member, world.hoa):
        with pytest.raises(Forbidden):
            proposed(session, world, actor=actor)
    assert proposed(session, world, actor=chair(session, world)).number == 1


def test_what_was_cancelled_changes_nothing_and_keeps_the_reason(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    rescoring.cancel(session, chair(session, world), rescoring_id=row.id, note="Phiếu giấy cũng ghi 32", now=make.NOW)
    assert (row.state, row.note, row.run_id) == (RescoringState.CANCELLED, "Phiếu giấy cũng ghi 32", None)
    assert len(session.scalars(select(ResultRun)).all()) == 1
    with pytest.raises(Refused) as late:
        approve(session, world, row)
    assert late.value.code == "rescoring_settled"


def test_an_approval_of_something_else_than_was_seen_is_refused(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    with pytest.raises(Refused) as refusal:
        rescoring.approve(session, chair(session, world), rescoring_id=row.id, seen="0" * 64, now=make.NOW)
    assert (refusal.value.code, row.state) == ("rescoring_changed", RescoringState.PROPOSED)


def test_nothing_is_proposed_or_approved_once_the_council_sits(session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    row = proposed(session, world)
    seen = rescoring.preview(session, row).seen
    in_session(session, world)
    with pytest.raises(Refused) as approval:
        rescoring.approve(session, chair(session, world), rescoring_id=row.id, seen=seen, now=make.NOW)
    with pytest.raises(Refused) as proposal:
        proposed(session, world)
    assert (approval.value.code, proposal.value.code) == ("council_sits", "council_sits")


def test_a_planned_meeting_sits_over_the_new_result(session: Session) -> None:
    world = computed(session)
    meeting = council.plan_session(
        session,
        world.giang,
        round_id=world.round.id,
        meets_at=make.NOW,
        place="Hội trường",
        ballot=BallotKind.OPEN,
        now=make.NOW,
    )
    run = approve(session, world, proposed(session, world))
    session.refresh(meeting)
    assert meeting.run_id == run.id


def test_a_proposal_needs_a_reason_points_that_fit_and_a_change(session: Session) -> None:
    world = computed(session)
    with pytest.raises(Invalid) as fault:
        proposed(session, world, c1="41", c9="1")
    assert [item.field for item in fault.value.faults] == ["1", "9"]
    with pytest.raises(Refused) as same:
        proposed(session, world, c1="32")
    assert same.value.code == "no_change"
    with pytest.raises(NotFound):
        rescoring.propose(
            session,
            world.giang,
            round_id=world.round.id,
            kind=RescoringKind.RECUSAL,
            assignment_id=999,
            reason=REASON,
            now=make.NOW,
        )
    assert session.scalar(select(Rescoring.id)) is None


def test_one_proposal_waits_at_a_time_and_only_in_deliberation(session: Session) -> None:
    world = computed(session)
    proposed(session, world)
    with pytest.raises(Refused) as second:
        proposed(session, world, judge=2)
    early = judged(session, phase=Phase.JUDGING)
    with pytest.raises(Refused) as before:
        proposed(session, early)
    assert (second.value.code, before.value.code) == ("rescoring_pending", "phase_closed")


def test_chair_author_and_judge_are_told_and_the_deed_is_recorded(session: Session) -> None:
    world = computed(session)
    approve(session, world, proposed(session, world))
    told = session.execute(select(OutboxMail.user_id, OutboxMail.subject).order_by(OutboxMail.id)).all()
    judge, boss = world.judges[1].user_id, world.judges[0].user_id
    code = world.entries[2].code
    assert [tuple(row) for row in told] == [
        (boss, "Có đề nghị sửa điểm số 1 chờ trưởng ban quyết định."),
        (world.giang.user_id, "Đề nghị sửa điểm số 1 được duyệt."),
        (judge, f"Phiếu chấm {code} thay đổi theo đề nghị số 1."),
    ]
    deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("rescoring:%"))).all()
    assert sorted(deeds) == ["rescoring:approved", "rescoring:propose"]


def test_the_minutes_of_the_jury_name_what_was_approved_and_nothing_that_was_not(session: Session) -> None:
    world = computed(session)
    refused = proposed(session, world, entry=0)
    rescoring.cancel(session, chair(session, world), rescoring_id=refused.id, note="Không có căn cứ", now=make.NOW)
    approve(session, world, proposed(session, world))
    minutes = papers.compose(world.giang, paper_round(session, world.round.id), "jury_minutes")
    judge, entry = world.judges[1].code, world.entries[2].code
    assert minutes.alerts == (
        f"Đề nghị số 2: sửa điểm trên phiếu của giám khảo {judge} cho hồ sơ {entry}; lý do: {REASON}; "
        "trưởng ban duyệt lúc 14:05 ngày 21/11/2026.",
    )


def test_no_rescoring_goes_past_a_visit_that_nobody_ruled_on(session: Session) -> None:
    world = computed(session)
    row = proposed(session, world)
    visit = visits.record(
        session,
        world.giang,
        entry_id=world.entries[2].id,
        visited_on=make.NOW.date(),
        visitors="Tổ kiểm tra",
        findings="Xưởng không sản xuất mặt hàng này",
        verdict=VisitVerdict.NOT_AS_DECLARED,
        photos=(),
        now=make.NOW,
    )
    seen = rescoring.preview(session, row).seen

    with pytest.raises(Refused) as refused, session.begin_nested():
        rescoring.approve(session, chair(session, world), rescoring_id=row.id, seen=seen, now=make.NOW)
    assert (refused.value.code, refused.value.params) == ("visit_unruled", {"count": 1})

    visits.rule(session, chair(session, world), visit_id=visit.id, ruling="Vẫn tính điểm", now=make.NOW)
    run = rescoring.approve(session, chair(session, world), rescoring_id=row.id, seen=seen, now=make.NOW)
    assert run.number == 2


# --- after publication: out of a complaint only (decision 0014) ---------------------------------


def complained(session: Session) -> tuple[World, Complaint]:
    """A published round; the first entry's facility complains, and an officer has it."""
    world = published(session)
    member = session.scalars(select(FacilityMember).where(FacilityMember.facility_id == world.facilities[0].id)).one()
    owner = make.acting(session, session.get_one(User, member.user_id))
    row = complaints.file_complaint(session, owner, entry_id=world.entries[0].id, text="Điểm chưa đúng.", now=make.NOW)
    assert world.giang.user_id is not None
    return world, complaints.assign(session, world.giang, complaint_id=row.id, user_id=world.giang.user_id, now=make.NOW)


def from_complaint(session: Session, world: World, complaint: Complaint | None, *, entry: int = 0) -> Rescoring:
    return rescoring.propose(
        session,
        world.giang,
        round_id=world.round.id,
        kind=RescoringKind.CORRECTION,
        assignment_id=assignment(session, world, 1, entry).id,
        points={"1": "30"},
        reason=REASON,
        complaint_id=complaint.id if complaint else None,
        now=make.NOW,
    )


def test_after_publication_only_a_complaint_about_the_entry_opens_a_proposal(session: Session) -> None:
    world, complaint = complained(session)
    for given, entry in ((None, 0), (complaint, 1)):
        with pytest.raises(Refused) as refusal:
            from_complaint(session, world, given, entry=entry)
        assert refusal.value.code == "rescoring_needs_complaint"
    said = complaints.Answer("Đã xem lại.", "Giữ nguyên.", "12/HĐBC", make.TODAY)
    complaints.answer(session, world.giang, complaint_id=complaint.id, said=said, now=make.NOW)
    with pytest.raises(Refused):  # answered, and the letter asks for no rescoring
        from_complaint(session, world, complaint)


def test_an_approved_complaint_leaves_what_was_published_and_keeps_the_new_result_aside(session: Session) -> None:
    world, complaint = complained(session)
    present = session.scalars(select(ResultRun).where(ResultRun.superseded_at.is_(None))).one()
    row = from_complaint(session, world, complaint)
    sheet = session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == row.assignment_id)).one()
    before = sheet.total
    run = approve(session, world, row)
    assert (row.state, row.complaint_id, row.run_id) == (RescoringState.APPROVED, complaint.id, run.id)
    assert (sheet.total, sheet.state, run.superseded_at) == (before, SheetState.SIGNED, make.NOW)
    assert session.scalars(select(ResultRun).where(ResultRun.superseded_at.is_(None))).one() is present
    figures = [session.get_one(ResultLine, (key, world.entries[0].id)).published for key in (present.id, run.id)]
    assert figures[0] != figures[1]
    results.verify(session, present)
    proven = verify_bytes(run.bundle.encode()).by_code[world.entries[0].code or ""].published
    assert Decimal(proven or "0") == figures[1]
    assert paper_round(session, world.round.id).jury.rescorings == ()
