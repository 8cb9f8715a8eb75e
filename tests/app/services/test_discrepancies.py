"""Sheets that lie too far apart: given back to their judges, or kept with the chair's note, before a result."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import AlertState, ConflictAnswer, Phase
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.record import OutboxMail
from app.models.sheet import ScoreEvent, ScoreSheet
from app.queries.discrepancies import alert_lines, by_entry, counts
from app.services import discrepancies, freezing, judging, results
from tests.app import make
from tests.app.services.world import World, judged

HIGH, MIDDLE, LOW = ("40", "40", "8", "8"), ("36", "36", "9", "9"), ("30", "30", "6", "6")  # 96, 90, 72


def apart(session: Session, rules: RuleSet | None = None) -> World:
    """The first entry has 96, 90 and 72 points; on the others the judges agree."""
    world = judged(session, rules=rules, phase=Phase.JUDGING)
    for seat, points in zip(world.judges, (HIGH, MIDDLE, LOW), strict=True):
        seat.answer, seat.answered_at = ConflictAnswer.NONE, make.NOW
        sheet = sheet_of(session, seat, world.entries[0])
        for line, value in zip(sorted(sheet.lines, key=lambda line: line.criterion), points, strict=True):
            line.points = Decimal(value)
        sheet.total = sum((Decimal(value) for value in points), Decimal(0))
    session.flush()
    return world


def sheet_of(session: Session, seat: PanelSeat, entry: Entry) -> ScoreSheet:
    return session.scalars(
        select(ScoreSheet)
        .join(Assignment)
        .where(Assignment.seat_id == seat.id, Assignment.entry_id == entry.id)
        .options(selectinload(ScoreSheet.lines))
    ).one()


def acting(session: Session, seat: PanelSeat) -> Actor:
    return make.acting(session, session.get_one(User, seat.user_id))


def states(session: Session, world: World) -> list[tuple[str, AlertState]]:
    lines = alert_lines(session, world.round, freezing.rules_of(world.round))
    return [(line.kind, line.state) for line in lines]


def ask(session: Session, world: World, *seats: PanelSeat, entry: int = 0, reason: str = "Chênh nhau nhiều") -> int:
    ids = [sheet_of(session, seat, world.entries[entry]).id for seat in seats]
    return discrepancies.ask(
        session,
        acting(session, world.judges[0]),
        round_id=world.round.id,
        sheet_ids=ids,
        reason=reason,
        operation="hoi",
        now=make.NOW,
    )


def keep(session: Session, world: World, note: str = "Hai cách nhìn đều có lý") -> int:
    return discrepancies.keep(
        session,
        acting(session, world.judges[0]),
        round_id=world.round.id,
        entry_code=world.entries[0].code or "",
        stage=1,
        note=note,
        now=make.NOW,
    )


def revise(session: Session, seat: PanelSeat, entry: Entry, first: str) -> None:
    """The judge gives the first criterion other points and signs again."""
    sheet, judge = sheet_of(session, seat, entry), acting(session, seat)
    saved = judging.save_draft(
        session,
        judge,
        assignment_id=sheet.assignment_id,
        points={"1": first},
        comment="",
        version=sheet.version,
        operation=f"sua-{seat.id}",
        now=make.NOW,
    )
    judging.sign(
        session, judge, assignment_id=sheet.assignment_id, version=saved.version, operation=f"ky-{seat.id}", now=make.NOW
    )


def test_every_threshold_of_the_rule_set_raises_its_own_alert(session: Session) -> None:
    world = apart(session, RuleSet(gap_from_median_points=Decimal(15), gap_criterion_percent=24))
    low, high = world.judges[2].code, world.judges[0].code
    lines = alert_lines(session, world.round, freezing.rules_of(world.round))
    assert [(line.kind, line.criterion, line.judges, line.difference, line.threshold) for line in lines] == [
        ("criterion_range", "1", tuple(sorted((high, low))), Decimal(10), Decimal("9.6")),
        ("criterion_range", "2", tuple(sorted((high, low))), Decimal(10), Decimal("9.6")),
        ("criterion_range", "3", tuple(sorted((world.judges[1].code, low))), Decimal(3), Decimal("2.4")),
        ("criterion_range", "4", tuple(sorted((world.judges[1].code, low))), Decimal(3), Decimal("2.4")),
        ("from_median", "", (low,), Decimal(18), Decimal(15)),
        ("range", "", tuple(sorted((high, low))), Decimal(24), Decimal(10)),
    ]


def test_a_result_is_refused_while_an_alert_is_open_and_computed_once_it_is_kept(session: Session) -> None:
    world = apart(session)
    world.round.phase = Phase.DELIBERATION
    with pytest.raises(Refused, match="discrepancies_open") as caught:
        results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert caught.value.params == {"count": 1}
    assert keep(session, world) == 1
    assert states(session, world) == [("range", AlertState.KEPT)]
    assert results.compute(session, world.giang, round_id=world.round.id, now=make.NOW).number == 1


def test_where_the_rules_do_not_ask_for_it_an_open_alert_only_warns(session: Session) -> None:
    world = apart(session, RuleSet(gap_blocks_result=False))
    world.round.phase = Phase.DELIBERATION
    assert results.compute(session, world.giang, round_id=world.round.id, now=make.NOW).number == 1
    assert states(session, world) == [("range", AlertState.OPEN)]


def test_rules_frozen_before_there_was_such_a_rule_go_on_without_it(session: Session) -> None:
    world = apart(session)
    old = RuleSet().to_dict()
    del old["gap_blocks_result"]
    world.round.frozen_content = {"rules": old}
    assert freezing.rules_of(world.round) == RuleSet(gap_blocks_result=False)


def test_the_judge_revises_their_own_sheet_and_every_earlier_value_stays(session: Session) -> None:
    world = apart(session)
    low = world.judges[2]
    assert ask(session, world, low) == 1
    assert states(session, world) == [("range", AlertState.ASKED)]
    revise(session, low, world.entries[0], "40")
    assert states(session, world) == [("range", AlertState.OPEN)]  # 96 and 82 are still 14 points apart
    ask_again = discrepancies.ask(
        session,
        acting(session, world.judges[0]),
        round_id=world.round.id,
        sheet_ids=[sheet_of(session, world.judges[0], world.entries[0]).id],
        reason="Xem lại",
        operation="hoi-2",
        now=make.NOW,
    )
    assert ask_again == 1
    revise(session, world.judges[0], world.entries[0], "30")
    assert states(session, world) == [("range", AlertState.REVISED)]
    events = session.scalars(select(ScoreEvent).where(ScoreEvent.seat_id == low.id).order_by(ScoreEvent.number)).all()
    assert [(event.action.value, event.body["points"]["1"]) for event in events] == [
        ("reopen", "30"),
        ("save", "40"),
        ("sign", "40"),
    ]


def test_while_the_judge_has_not_signed_again_no_result_is_computed(session: Session) -> None:
    world = apart(session)
    ask(session, world, world.judges[2])
    world.round.phase = Phase.DELIBERATION
    with pytest.raises(Refused, match="discrepancies_open"):
        results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)


def test_a_kept_alert_is_open_again_when_its_sheets_move(session: Session) -> None:
    world = apart(session)
    keep(session, world)
    low = sheet_of(session, world.judges[2], world.entries[0])
    judging.reopen(session, acting(session, world.judges[0]), sheet_id=low.id, reason="Nhầm", operation="mo", now=make.NOW)
    revise(session, world.judges[2], world.entries[0], "28")
    assert states(session, world) == [("range", AlertState.OPEN)]


def test_one_message_tells_a_judge_of_all_their_sheets_and_of_nobodys_points(session: Session) -> None:
    world = apart(session)
    for seat, first in zip(world.judges, ("40", "32", "20"), strict=True):
        sheet = sheet_of(session, seat, world.entries[1])
        sheet.lines[0].points = Decimal(first)
        sheet.total = Decimal(first) + 48
    session.flush()
    low = world.judges[2]
    ids = [sheet_of(session, low, world.entries[number]).id for number in (0, 1)]
    discrepancies.ask(
        session,
        acting(session, world.judges[0]),
        round_id=world.round.id,
        sheet_ids=ids,
        reason="Xem lại",
        operation="hoi",
        now=make.NOW,
    )
    told = session.scalars(select(OutboxMail).where(OutboxMail.user_id == low.user_id)).one()
    assert all((entry.code or "") in told.body for entry in world.entries[:2])
    assert not any(figure in told.subject + told.body for figure in ("96", "90", "72", "88", "68", "24"))
    assert session.scalars(select(OutboxMail).where(OutboxMail.user_id == world.judges[1].user_id)).all() == []


def test_only_the_chair_settles_and_with_words_and_only_what_is_open(session: Session) -> None:
    world = apart(session)
    member = acting(session, world.judges[1])
    with pytest.raises(Forbidden):
        discrepancies.keep(
            session,
            member,
            round_id=world.round.id,
            entry_code=world.entries[0].code or "",
            stage=1,
            note="Giữ",
            now=make.NOW,
        )
    with pytest.raises(Invalid):
        keep(session, world, note="  ")
    with pytest.raises(Invalid):
        ask(session, world)
    with pytest.raises(Refused, match="no_alert"):
        ask(session, world, world.judges[1], entry=1)
    with pytest.raises(NotFound):
        discrepancies.ask(
            session,
            acting(session, world.judges[0]),
            round_id=world.round.id,
            sheet_ids=[999_999],
            reason="Xem lại",
            operation="hoi",
            now=make.NOW,
        )
    keep(session, world)
    with pytest.raises(Refused, match="no_alert"):
        keep(session, world)


def test_after_judging_closed_the_chair_keeps_but_gives_nothing_back(session: Session) -> None:
    world = apart(session)
    world.round.phase = Phase.DELIBERATION
    with pytest.raises(Refused, match="phase_closed"):
        ask(session, world, world.judges[2])
    assert keep(session, world) == 1


def test_the_page_shows_an_entry_with_its_alerts_and_all_its_sheets(session: Session) -> None:
    world = apart(session)
    found = by_entry(session, world.round, freezing.rules_of(world.round))
    assert [(item.entry_code, len(item.open), item.is_settled) for item in found] == [(world.entries[0].code, 1, False)]
    assert [(one.total, one.is_named) for one in found[0].sheets] == [
        (Decimal(96), True),
        (Decimal(90), False),
        (Decimal(72), True),
    ]
    assert counts(found[0].alerts) == {AlertState.OPEN: 1}
