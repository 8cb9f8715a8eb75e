"""Two stages: the chair closes the first, those above the mark go on, and the frozen rule makes one figure of two."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import ConflictAnswer, Phase
from app.models.account import User
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.record import AuditEvent, OutboxMail
from app.models.result import ResultLine
from app.models.sheet import ScoreSheet
from app.models.stage import StageClosing
from app.queries.judging import my_rounds, queue
from app.queries.progress import round_progress
from app.queries.readiness import conditions
from app.services import judging, results, stages
from scoring.bundle import verify_bytes
from tests.app import make
from tests.app.services.world import World, judged

TWO = RuleSet(stages=2, minimum_sheets=3)


def world_of(session: Session, rules: RuleSet = TWO) -> World:
    """Four entries with 90, 80, 80 and 60 points, all signed by three judges, still being judged."""
    world = judged(session, rules=rules, phase=Phase.JUDGING)
    for seat in world.judges:
        seat.answer, seat.answered_at = ConflictAnswer.NONE, make.NOW
    session.flush()
    return world


def chair_of(session: Session, world: World) -> Actor:
    return make.acting(session, session.get_one(User, world.judges[0].user_id))


def close(session: Session, world: World, **values: str) -> StageClosing:
    seen = stages.first_stage_of(session, world.round).digest
    values = {"seen": seen, "note": "Ban thống nhất"} | values
    return stages.close(session, chair_of(session, world), round_id=world.round.id, now=make.NOW, **values)


def codes(world: World, *numbers: int) -> list[str]:
    return sorted(world.entries[number].code or "" for number in numbers)


def sign_second(session: Session, world: World, points: dict[int, tuple[str, ...]]) -> None:
    for row in session.scalars(select(Assignment).where(Assignment.stage == 2).order_by(Assignment.id)):
        number = next(n for n, entry in enumerate(world.entries) if entry.id == row.entry_id)
        if number in points:
            make.signed_sheet(session, row, *points[number])


def test_those_that_reach_the_mark_go_on_with_the_same_judges_and_the_deed_is_recorded(session: Session) -> None:
    world = world_of(session)
    closing = close(session, world)
    assert closing.advanced == codes(world, 0, 1, 2)
    assert [(line["published"], line["reached"]) for line in closing.lines] == [
        ("90.00", True),
        ("80.00", True),
        ("80.00", True),
        ("60.00", False),
    ]
    pairs = session.execute(select(Assignment.seat_id, Assignment.entry_id).where(Assignment.stage == 2)).all()
    assert set(pairs) == {(seat.id, entry.id) for seat in world.judges for entry in world.entries[:3]}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "stage:close")).one()
    assert event.details["advanced"] == closing.advanced


def test_a_judge_who_stepped_back_is_not_assigned_again(session: Session) -> None:
    world = world_of(session, RuleSet(stages=2, minimum_sheets=2))
    seat, entry = world.judges[1], world.entries[0]
    session.add(Recusal(seat_id=seat.id, entry_id=entry.id, reason="Người nhà", recused_at=make.NOW))
    session.scalars(
        select(Assignment).where(Assignment.seat_id == seat.id, Assignment.entry_id == entry.id)
    ).one().active = False
    session.flush()
    close(session, world)
    again = select(Assignment.id).where(
        Assignment.seat_id == seat.id, Assignment.entry_id == entry.id, Assignment.stage == 2
    )
    assert session.scalar(again) is None


def test_each_judge_gets_one_message_about_the_second_stage(session: Session) -> None:
    world = world_of(session)
    close(session, world)
    told = session.scalars(select(OutboxMail).where(OutboxMail.subject.startswith("Chấm vòng hai"))).all()
    assert sorted(row.user_id or 0 for row in told) == sorted(seat.user_id for seat in world.judges)
    assert {"Bạn chấm lại 3 sản phẩm" in row.body for row in told} == {True}


def test_only_the_chair_closes_and_only_what_they_saw_and_only_once(session: Session) -> None:
    world = world_of(session)
    seen = stages.first_stage_of(session, world.round).digest
    member = make.acting(session, session.get_one(User, world.judges[1].user_id))
    with pytest.raises(Forbidden):
        stages.close(session, member, round_id=world.round.id, seen=seen, note="", now=make.NOW)
    with pytest.raises(Refused, match="stage_changed"):
        close(session, world, seen="0" * 64)
    close(session, world)
    with pytest.raises(Refused, match="stage_closed"):
        close(session, world, seen=seen)


def test_an_unsigned_sheet_bars_the_closing(session: Session) -> None:
    world = world_of(session)
    sheet = session.scalars(select(ScoreSheet).limit(1)).one()
    judging.reopen(session, chair_of(session, world), sheet_id=sheet.id, reason="Xem lại", operation="mo-1", now=make.NOW)
    assert [refusal.code for refusal in stages.missing(session, world.round)] == ["stage_unsigned"]
    with pytest.raises(Refused, match="stage_unsigned"):
        close(session, world)


def test_an_entry_with_too_few_sheets_bars_the_closing(session: Session) -> None:
    world = world_of(session, RuleSet(stages=2, minimum_sheets=4))
    with pytest.raises(Refused, match="stage_insufficient"):
        close(session, world)


def test_a_round_of_one_stage_has_nothing_to_close(session: Session) -> None:
    world = world_of(session, RuleSet())
    with pytest.raises(Refused, match="single_stage"):
        stages.close(session, chair_of(session, world), round_id=world.round.id, seen="", note="", now=make.NOW)


def test_a_sheet_of_the_closed_stage_is_read_and_never_changed(session: Session) -> None:
    world = world_of(session)
    first = session.scalars(select(Assignment).where(Assignment.stage == 1).order_by(Assignment.id).limit(1)).one()
    sheet = session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == first.id)).one()
    close(session, world)
    chair = chair_of(session, world)
    with pytest.raises(Refused, match="stage_closed"):
        judging.save_draft(
            session,
            chair,
            assignment_id=first.id,
            points={"1": "1"},
            comment="",
            version=sheet.version,
            operation="sua-1",
            now=make.NOW,
        )
    with pytest.raises(Refused, match="stage_closed"):
        judging.reopen(session, chair, sheet_id=sheet.id, reason="Xem lại", operation="mo-2", now=make.NOW)
    items = queue(session, chair, world.round.id, blind=True)
    assert {(item.stage, item.stage_over) for item in items} == {(1, True), (2, False)}


def test_queue_and_progress_count_the_stage_that_is_judged(session: Session) -> None:
    world = world_of(session)
    close(session, world)
    sign_second(session, world, {0: ("36", "36", "9", "9")})
    mine = my_rounds(session, chair_of(session, world))[0]
    assert (mine.total, mine.signed) == (3, 1)
    progress = round_progress(session, world.round.id)
    assert [(count.total, count.signed) for count in progress.stages] == [(12, 12), (9, 3)]
    assert progress.to_dict()["cells"]["s-2"] == [3, 9]
    assert (progress.all.total, progress.all.signed) == (9, 3)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, "70"),
        ({"stage_combination": "mean"}, "80"),
        ({"stage_combination": "weighted", "stage_first_percent": 10}, "72"),
    ],
)
def test_the_result_is_computed_by_the_frozen_rule_and_anyone_can_recompute_it(
    session: Session, rules: dict[str, Any], expected: str
) -> None:
    world = world_of(session, RuleSet(stages=2, **rules))
    close(session, world)
    sign_second(session, world, {0: ("28", "28", "7", "7"), 1: ("40", "36", "9", "9"), 2: ("32", "32", "8", "8")})
    world.round.phase = Phase.DELIBERATION
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    lines = {row.entry_id: row for row in session.scalars(select(ResultLine).where(ResultLine.run_id == run.id))}
    assert lines[world.entries[0].id].exact == expected
    last = lines[world.entries[3].id]
    assert (last.status, last.published, last.place, last.selection) == ("not_advanced", None, None, None)
    assert '"schema":"tieubieu-bundle/2"' in run.bundle
    assert len(verify_bytes(run.bundle.encode()).order) == 3
    results.verify(session, run)


def test_no_result_and_no_deliberation_before_the_first_stage_is_closed(session: Session) -> None:
    world = world_of(session)
    unmet = [item.code for item in conditions(session, world.round, Phase.DELIBERATION) if item.blocking and not item.met]
    assert unmet == ["first_stage_closed"]
    world.round.phase = Phase.DELIBERATION
    with pytest.raises(Refused, match="first_stage_open"):
        results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)


def test_a_recusal_after_the_closing_leaves_who_went_on_as_the_chair_confirmed(session: Session) -> None:
    world = world_of(session, RuleSet(stages=2, minimum_sheets=1))
    closing = close(session, world)
    sign_second(session, world, dict.fromkeys(range(3), ("32", "32", "8", "8")))
    seat: PanelSeat = world.judges[1]
    session.add(Recusal(seat_id=seat.id, entry_id=world.entries[0].id, reason="Người nhà", recused_at=make.NOW))
    world.round.phase = Phase.DELIBERATION
    session.flush()
    run = results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert json.loads(run.bundle)["round"]["advanced"] == closing.advanced
