"""Statistics: they add up, and a table that does not says where."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, LevelCode, VoteChoice
from app.models.round import Round
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


def competing(session: Session, round_: Round, *provinces: str) -> None:
    """One accepted entry of each province; one facility may stand behind two of the same."""
    for number, name in enumerate(provinces):
        province = make.province(session, name)
        row = make.entry(
            session, round_, make.facility(session, name=f"Cơ sở {name}", province=province), name=f"Mẫu {number}"
        )
        row.locality_id = province.id
    session.flush()


def test_a_national_round_adds_up_by_region_from_north_to_south(session: Session) -> None:
    round_ = make.round_(session, level=LevelCode.NATION)
    competing(session, round_, "Cà Mau", "Bắc Ninh", "Hà Nội", "Bắc Ninh")
    table = reads.of_round(session, round_, decided=False).by_region
    assert table is not None
    assert [(row.key, row.figures.registered, row.figures.localities) for row in table.rows] == [
        ("north", 3, 2),
        ("south", 1, 1),
    ]
    assert (table.total.values()[:2], table.faults()) == ((4, 4), ())


def test_a_province_that_the_season_moves_counts_in_its_region_of_the_year(session: Session) -> None:
    round_ = make.round_(session, level=LevelCode.REGION, region_code="central")
    competing(session, round_, "Bắc Ninh", "Đà Nẵng")
    make.season(session).regions = {make.province(session, "Bắc Ninh").code: "central"}
    session.flush()
    table = reads.of_round(session, round_, decided=False).by_region
    assert table is not None
    assert [(row.key, row.figures.registered) for row in table.rows] == [("central", 2)]


def test_a_locality_without_a_region_has_a_row_of_its_own_so_that_the_sum_holds(session: Session) -> None:
    round_ = make.round_(session, level=LevelCode.NATION)
    competing(session, round_, "Bắc Ninh", "Hà Nội")
    make.province(session, "Hà Nội").region_code = None
    session.flush()
    found = reads.of_round(session, round_, decided=False)
    assert found.by_region is not None
    assert [(row.key, row.label) for row in found.by_region.rows] == [("north", "phía Bắc"), (reads.NO_REGION, "")]
    assert found.faults() == ()


def test_a_region_that_does_not_add_up_is_a_fault_of_the_round(session: Session) -> None:
    round_ = make.round_(session, level=LevelCode.NATION)
    competing(session, round_, "Bắc Ninh")
    found = reads.of_round(session, round_, decided=False)
    assert found.by_region is not None
    wrong = replace(found.by_region, total=replace(found.by_region.total, registered=2))
    assert replace(found, by_region=wrong).faults() == (reads.Fault("region:registered", 1, 2),)


def test_a_provincial_round_has_no_regions(session: Session) -> None:
    assert reads.of_round(session, decided(session).round, decided=True).by_region is None
