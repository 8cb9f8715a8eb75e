"""Passing entries of one facility become a set whose figure follows from signed sheets."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.models.merge import EntryMerge
from app.models.record import AuditEvent
from app.models.result import ResultLine, ResultRun
from app.services import merging, results
from tests.app import make
from tests.app.services.world import World, in_session, judged


@pytest.fixture
def world(session: Session) -> World:
    """Entries 1 and 3 (90 and 80 points) are of the first facility, 2 and 4 (80 and 60) of the second."""
    made = judged(session)
    results.compute(session, made.giang, round_id=made.round.id, now=make.NOW)
    return made


def merge(session: Session, world: World, *numbers: int, rule: str = "highest", **changes: str) -> EntryMerge:
    values = {"name": "Bộ quà Mẫu", "reason": "Cùng chất liệu, cùng thiết kế", **changes}
    return merging.merge(
        session, world.giang, round_id=world.round.id, entry_ids=[world.entries[n].id for n in numbers], rule=rule,
        now=make.NOW, **values,
    )  # fmt: skip


def present(session: Session, world: World) -> dict[str | None, Decimal | None]:
    """Published figures of the present run by code."""
    run = session.scalars(
        select(ResultRun).where(ResultRun.round_id == world.round.id, ResultRun.superseded_at.is_(None))
    ).one()
    results.verify(session, run)
    lines = session.scalars(select(ResultLine).where(ResultLine.run_id == run.id))
    codes = {entry.id: entry.code for entry in world.entries}
    return {codes[line.entry_id]: line.published for line in lines}


@pytest.mark.parametrize(("rule", "leader", "figure"), [("highest", 0, "90"), ("lowest", 2, "80")])
def test_the_rule_chooses_the_entry_whose_own_sheets_give_the_figure(
    session: Session, world: World, rule: str, leader: int, figure: str
) -> None:
    row = merge(session, world, 0, 2, rule=rule)
    assert row.entry_id == world.entries[leader].id
    found = present(session, world)
    assert set(found) == {world.entries[n].code for n in (leader, 1, 3)}
    assert found[world.entries[leader].code] == Decimal(figure)


def test_rule_figures_and_reason_are_recorded_with_the_run_they_come_from(session: Session, world: World) -> None:
    first = session.scalars(select(ResultRun).where(ResultRun.round_id == world.round.id)).one()
    row = merge(session, world, 0, 2)
    assert (row.run_id, row.rule, {code: Fraction(text) for code, text in row.figures.items()}) == (
        first.id, "highest", {world.entries[0].code: Fraction(90), world.entries[2].code: Fraction(80)},
    )  # fmt: skip
    link = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry:merge")).one()
    assert (link.details["leader"], link.details["reason"]) == (world.entries[0].code, "Cùng chất liệu, cùng thiết kế")
    assert first.superseded_at is not None


def test_a_set_taken_apart_gives_the_first_result_again(session: Session, world: World) -> None:
    before = present(session, world)
    row = merge(session, world, 0, 2)
    merging.separate(session, world.giang, merge_id=row.id, now=make.NOW)
    assert present(session, world) == before
    assert session.query(EntryMerge).count() == 0


@pytest.mark.parametrize(
    ("numbers", "code"), [((0, 1), "merge_facilities_differ"), ((1, 3), "merge_needs_passing")]
)
def test_only_passing_entries_of_one_facility_are_merged(
    session: Session, world: World, numbers: tuple[int, ...], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        merge(session, world, *numbers)
    assert refusal.value.code == code


def test_entries_of_two_groups_are_not_merged(session: Session, world: World) -> None:
    world.entries[2].group_code = "CB"
    session.flush()
    with pytest.raises(Refused) as refusal:
        merge(session, world, 0, 2)
    assert refusal.value.code == "merge_groups_differ"


def test_an_entry_is_in_one_set_at_most(session: Session, world: World) -> None:
    merge(session, world, 0, 2)
    with pytest.raises(Refused) as refusal:
        merge(session, world, 0, 2)
    assert refusal.value.code == "already_merged"


def test_while_the_council_sits_nothing_is_merged(session: Session, world: World) -> None:
    in_session(session, world)
    with pytest.raises(Refused) as refusal:
        merge(session, world, 0, 2)
    assert refusal.value.code == "session_pending"


@pytest.mark.parametrize(
    ("changes", "field"), [({"name": " "}, "name"), ({"reason": ""}, "reason"), ({"rule": "mean"}, "rule")]
)
def test_a_set_has_a_name_a_known_rule_and_a_reason(
    session: Session, world: World, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        merge(session, world, 0, 2, **changes)  # type: ignore[arg-type]
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_one_entry_is_no_set_and_strangers_make_none(session: Session, world: World) -> None:
    with pytest.raises(Invalid):
        merge(session, world, 0, 0)
    stranger = make.acting(session, make.user(session, "Lan"))
    with pytest.raises(NotFound):
        merging.merge(
            session, stranger, round_id=world.round.id, entry_ids=[1, 2], name="Bộ", rule="highest", reason="Lý do",
            now=make.NOW,
        )  # fmt: skip
