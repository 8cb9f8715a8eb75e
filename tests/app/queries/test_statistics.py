"""Statistics: they add up, and a table that does not says where."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, VoteChoice
from app.queries import statistics as reads
from app.services import council, decisions
from tests.app import make
from tests.app.queries.statements import counted
from tests.app.services.world import World, in_session, judged, vote_all


def decided(session: Session) -> World:
    world = judged(session)
    make.entry(session, world.round, world.facilities[0], name="Bị loại", group="CB", state=EntryState.REFUSED)
    make.entry(session, world.round, world.facilities[0], name="Còn soạn", group="CB", state=EntryState.DRAFT)
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    return world


def test_rows_and_total_count_facilities_once_and_turns_by_group(session: Session) -> None:
    world = decided(session)
    found = reads.of_round(session, world.round, decided=True)
    by_group = {row.key: row.figures.values() for row in found.by_group.rows}
    assert by_group["TCMN"] == (4, 4, 3, 0, 2, 2, 1)
    assert by_group["CB"] == (1, 0, 0, 0, 1, 1, 1)
    assert found.by_group.total.values() == (5, 4, 3, 0, 3, 2, 1)
    assert found.faults() == ()


def test_without_decisions_nothing_is_recognised(session: Session) -> None:
    world = decided(session)
    assert reads.of_round(session, world.round, decided=False).by_group.total.recognised == 0


def test_a_misprint_is_found_with_its_place(session: Session) -> None:
    world = decided(session)
    table = reads.of_round(session, world.round, decided=True).by_group
    wrong = replace(table, total=replace(table.total, registered=6))
    assert wrong.faults() == (reads.Fault("group:registered", 5, 6),)


def test_more_recognised_than_eligible_is_a_fault(session: Session) -> None:
    row = reads.Row("TCMN", "Thủ công", reads.Figures(registered=2, eligible=1, recognised=2))
    table = reads.Table("group", (row,), row.figures, reads.ADDITIVE)
    assert [fault.where for fault in table.faults()] == ["group:TCMN:recognised", "group:total:recognised"]


def test_rounds_stand_side_by_side_without_unpublished_decisions(session: Session) -> None:
    world = decided(session)
    other = make.round_(session)
    ids, codes = [world.round.id, other.id], [world.round.code, other.code]
    with counted(session) as sent:
        found = reads.across_rounds(session, ids)
    figures = {row.key: row.figures for row, _level, _year in found}
    assert figures[codes[0]].recognised == 0
    assert [figures[code].registered for code in codes] == [5, 0]
    assert len(sent) == 3
