"""The next decree about units: a wrong file changes nothing, a split asks a person, history stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Refused
from app.domain.policies import SYSTEM, Actor
from app.domain.territory import covers
from app.domain.unit_rows import COLUMNS
from app.domain.vocabulary import ProductForm, Role, UnitTier
from app.infra.reference_files import read_reference
from app.models.account import RoleGrant
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.record import AuditEvent
from app.models.round import RoundPhase
from app.models.unit import Unit, UnitSuccession
from app.queries import facilities, rights
from app.queries.registration import territory_of
from app.queries.successions import heirs
from app.services import accounts, reference, registration, units
from tests.app import make

HEAD = tuple(COLUMNS)
FROM = date(2027, 7, 1)
DECREE = "Nghị quyết mẫu 01/2027"


def line(code: str, name: str, *, kind: str = "xã", before: str = "", **cells: str) -> tuple[str, ...]:
    """A commune of Bắc Ninh (24) from 1/7/2027, or what is told."""
    typed = {
        "tier": "xã", "code": code, "kind": kind, "name": name, "parent": "24", "valid_from": "01/07/2027",
        "decree": DECREE, "predecessors": before, **cells,
    }  # fmt: skip
    return tuple(typed.get(column, "") for column in HEAD)


def province(code: str, name: str, *, before: str, **cells: str) -> tuple[str, ...]:
    return line(code, name, before=before, **{"tier": "tỉnh", "kind": "tỉnh", "parent": "", **cells})


def some(session: Session, count: int = 2) -> list[Unit]:
    """Communes (xã) of Bắc Ninh."""
    of = make.province(session).id
    return list(
        session.scalars(select(Unit).where(Unit.parent_id == of, Unit.kind == "xa").order_by(Unit.code).limit(count))
    )


def run(session: Session, *lines: tuple[str, ...], keep: bool = True, actor: Actor = SYSTEM, **answers: str) -> units.Decree:
    table = [HEAD, *lines]
    return units.bring_in(session, actor, table=table, answers=answers, keep=keep, now=make.NOW)


def rows_of(session: Session) -> tuple[int, int, int]:
    ended = select(func.count()).select_from(Unit).where(Unit.valid_to == date(2027, 6, 30))
    joined = select(func.count()).select_from(UnitSuccession).where(UnitSuccession.decree == DECREE)
    return (session.scalar(select(func.count()).select_from(Unit)), session.scalar(ended), session.scalar(joined))  # type: ignore[return-value]


def test_two_communes_merge_and_both_end_the_day_before(session: Session) -> None:
    first, second = some(session)
    found = run(session, line("99001", "Xã Hợp Nhất", before=f"{first.code}; {second.code}"))

    assert (found.kept, len(found.ended), found.faults) == (True, 2, ())
    new = session.scalars(select(Unit).where(Unit.code == "99001")).one()
    assert (new.name, new.full_name, new.kind, new.valid_from, new.decree) == ("Hợp Nhất", "Xã Hợp Nhất", "xa", FROM, DECREE)
    assert new.parent_id == first.parent_id
    assert {first.valid_to, second.valid_to} == {date(2027, 6, 30)}
    assert heirs(session, [first], FROM)[first.id] == (new,)
    assert heirs(session, [first], date(2027, 6, 30))[first.id] == (first,)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "units:import")).one()
    assert event.details["counts"] == {"made": 1, "ended": 2, "carried": 0}


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    (first,) = some(session, 1)
    row = line("99001", "Mới", before=first.code)
    run(session, row)
    before = rows_of(session)
    again = run(session, row)
    assert (again.kept, again.known, again.made) == (False, 1, ())
    assert rows_of(session) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(session: Session) -> None:
    (first,) = some(session, 1)
    before = rows_of(session)
    found = run(session, line("99001", "Mới", before=first.code), keep=False)
    assert ([row.code for row in found.made], [end.unit.code for end in found.ended]) == (["99001"], [first.code])
    assert not found.kept
    assert rows_of(session) == before


def test_a_file_with_wrong_rows_imports_nothing_and_names_every_line_and_reason(session: Session) -> None:
    first, second = some(session)
    before = rows_of(session)
    found = run(
        session,
        line("99001", "Đúng", before=first.code),
        line("9900", "Mã ngắn"),
        line("99003", "Ngày sai", valid_from="31/02/2027"),
        line("99004", "", decree=""),
        line("99005", "Loại sai", kind="thị trấn"),
        line("99001", "Hai lần"),
        line("99006", "Trước lạ", before="00000"),
    )
    assert [(fault.line, fault.column, fault.code) for fault in found.faults] == [
        (3, "Mã", "unit_code_shape"),
        (4, "Hiệu lực từ", "import_day"),
        (5, "Tên", "required"),
        (5, "Văn bản", "required"),
        (6, "Loại", "not_a_choice"),
        (7, "Mã", "unit_twice"),
        (8, "Mã đơn vị trước", "unit_predecessor_unknown"),
    ]
    found = run(
        session,
        line("99001", "Đúng", before=first.code),
        line("99002", "Trước lạ", before="00000"),
        line(second.code, "Mã đang dùng"),
        line("99003", "Tỉnh lạ", parent="98"),
    )
    assert [(fault.line, fault.code) for fault in found.faults] == [
        (3, "unit_predecessor_unknown"),
        (4, "unit_code_in_use"),
        (5, "unit_parent_unknown"),
    ]
    assert rows_of(session) == before


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ([], ["import_empty"]),
        ([["Mã", "Màu"], ["1", "2"]], ["unit_column_unknown", *["unit_column_missing"] * 6]),
    ],
)
def test_a_file_of_another_shape_is_refused(session: Session, table: list[list[str]], codes: list[str]) -> None:
    found = units.bring_in(session, SYSTEM, table=table, answers={}, keep=True, now=make.NOW)
    assert sorted(fault.code for fault in found.faults) == sorted(codes)


def split(code: str) -> list[tuple[str, ...]]:
    return [line("99001", "Phần Một", before=code), line("99002", "Phần Hai", before=code)]


def test_a_split_waits_for_a_person_and_imports_nothing_until_answered(session: Session) -> None:
    (first,) = some(session, 1)
    before = rows_of(session)
    found = run(session, *split(first.code))
    asked = [(item.unit.code, [row.code for row in item.successors]) for item in found.undecided]
    assert (found.kept, asked) == (False, [(first.code, ["99001", "99002"])])
    assert rows_of(session) == before


def test_a_split_answered_with_ask_leaves_the_choice_open_for_each_facility(session: Session) -> None:
    (first,) = some(session, 1)
    assert run(session, *split(first.code), **{first.code: "ask"}).kept
    assert [unit.code for unit in heirs(session, [first], FROM)[first.id]] == ["99002", "99001"]


def test_a_split_with_a_main_successor_goes_on_in_it_and_keeps_the_other_in_its_history(session: Session) -> None:
    (first,) = some(session, 1)
    assert run(session, *split(first.code), **{first.code: "99002"}).kept
    assert [unit.code for unit in heirs(session, [first], FROM)[first.id]] == ["99002"]
    joined = session.scalars(select(UnitSuccession.main).where(UnitSuccession.predecessor_id == first.id)).all()
    assert sorted(joined) == [False, True]


def test_the_file_may_answer_a_split_itself(session: Session) -> None:
    (first,) = some(session, 1)
    lines = [line("99001", "Phần Một", before=first.code, split="chính"), line("99002", "Phần Hai", before=first.code)]
    assert run(session, *lines).kept
    assert [unit.code for unit in heirs(session, [first], FROM)[first.id]] == ["99001"]


def test_an_answer_that_is_no_successor_is_a_fault(session: Session) -> None:
    (first,) = some(session, 1)
    found = run(session, *split(first.code), **{first.code: "12345"})
    assert [(fault.code, found.kept) for fault in found.faults] == [("unit_answer_unknown", False)]


def test_communes_go_along_when_their_province_becomes_another(session: Session) -> None:
    old = make.province(session)
    (then,) = some(session, 1)
    count = session.scalar(select(func.count()).select_from(Unit).where(Unit.parent_id == old.id))
    found = run(session, province("98", "Bắc Ninh Mới", before=old.code, kind="thành phố"))

    assert (found.kept, found.carried) == (True, count)
    new = session.scalars(select(Unit).where(Unit.tier == UnitTier.PROVINCE, Unit.code == "98")).one()
    assert (new.region_code, new.full_name, new.centrally_run_from) == ("north", "Thành phố Bắc Ninh Mới", FROM)
    (now,) = heirs(session, [then], FROM)[then.id]
    assert (now.code, now.full_name, now.parent_id) == (then.code, then.full_name, new.id)
    assert (then.parent_id, then.valid_to) == (old.id, date(2027, 6, 30))


def test_provinces_of_two_regions_need_their_region_told(session: Session) -> None:
    north, central = make.province(session), make.province(session, "Huế")
    row = province("98", "Ghép", before=f"{north.code},{central.code}")
    assert [fault.code for fault in run(session, row).faults] == ["unit_region_open"]
    told = province("98", "Ghép", before=f"{north.code},{central.code}", region="Miền Trung – Tây Nguyên")
    assert run(session, told).kept


def test_a_province_split_facility_by_facility_needs_every_commune_placed(session: Session) -> None:
    old = make.province(session)
    lines = [province("97", "Bắc", before=old.code), province("98", "Ninh", before=old.code)]
    assert [fault.code for fault in run(session, *lines, **{old.code: "ask"}).faults] == ["unit_communes_open"]
    assert run(session, *lines, **{old.code: "97"}).kept


def test_a_code_may_pass_to_another_unit_once_its_owner_ends(session: Session) -> None:
    first, second = some(session)
    found = run(session, line(first.code, "Tên Khác", before=f"{first.code} {second.code}", kind="phường"))
    assert found.faults == ()
    now = session.scalars(select(Unit).where(Unit.code == first.code, Unit.valid_from == FROM)).one()
    assert now.full_name == "Phường Tên Khác"


def test_only_the_administrator_imports(session: Session) -> None:
    giang = make.user(session, "Giang")
    make.secretary(session, giang, make.round_(session))
    with pytest.raises(Forbidden):
        run(session, actor=make.acting(session, giang))


def test_loading_the_shipped_reference_again_leaves_a_decree_as_it_was_imported(session: Session) -> None:
    old = make.province(session)
    run(session, province(old.code, "Bắc Ninh", before=old.code, kind="thành phố"))
    before = rows_of(session), session.scalar(select(func.count()).select_from(UnitSuccession))
    added = reference.load(session, read_reference(), now=make.NOW)
    assert set(added.values()) == {0}
    assert (rows_of(session), session.scalar(select(func.count()).select_from(UnitSuccession))) == before


def registered(session: Session, facility: Facility, an: Actor) -> Entry:
    """A product of the facility in a round of its province, after the decree."""
    later = datetime(2027, 8, 1, tzinfo=UTC)
    row = make.round_(session, year=2027)
    session.execute(delete(RoundPhase).where(RoundPhase.round_id == row.id))
    return registration.register(
        session, an, round_id=row.id, facility_id=facility.id, name="Giỏ cói", form=ProductForm.SINGLE, group_code="TCMN",
        now=later,
    )  # fmt: skip


def test_a_facility_follows_its_merged_commune_when_it_registers_next(session: Session) -> None:
    first, second = some(session)
    person = make.user(session, "An")
    facility = make.facility(session, person, commune=first)
    run(session, line("99001", "Hợp Nhất", before=f"{first.code} {second.code}"))
    entry = registered(session, facility, make.acting(session, person))
    new = session.scalars(select(Unit.id).where(Unit.code == "99001")).one()
    assert (facility.commune_id, entry.locality_id) == (new, new)


def test_a_facility_of_a_split_commune_is_asked_where_it_is_before_it_registers(session: Session) -> None:
    (first,) = some(session, 1)
    person = make.user(session, "An")
    facility = make.facility(session, person, commune=first)
    run(session, *split(first.code), **{first.code: "ask"})
    with pytest.raises(Refused) as refused:
        registered(session, facility, make.acting(session, person))
    assert refused.value.code == "facility_units_ended"


def test_an_open_round_of_a_merged_province_takes_facilities_of_the_new_one(session: Session) -> None:
    old, other = make.province(session), make.province(session, "Hải Phòng")
    then = make.round_(session, year=2027)
    elsewhere = make.round_(session, year=2028, unit=other)
    (commune,) = some(session, 1)
    an = make.user(session, "An")
    facility = make.facility(session, an, commune=commune)
    run(session, province("98", "Bắc Ninh Mới", before=old.code))
    (new,) = heirs(session, [commune], FROM)[commune.id]
    facility.province_id, facility.commune_id = new.parent_id or 0, new.id
    session.flush()
    session.expire(facility)
    loaded = facilities.facility(session, facility.id)
    assert loaded is not None
    place = facilities.place_of(loaded)
    for row in (then, elsewhere):
        session.refresh(row, ["season"])
    days = (date(2027, 6, 30), FROM)
    assert [covers(territory_of(session, then, day), place) for day in days] == [False, True]
    assert [covers(territory_of(session, elsewhere, day), place) for day in days] == [False, False]
    session.execute(delete(RoundPhase).where(RoundPhase.round_id == then.id))
    entry = registration.register(
        session, make.acting(session, an), round_id=then.id, facility_id=facility.id, name="Giỏ cói",
        form=ProductForm.SINGLE, group_code="TCMN", now=datetime(2027, 8, 1, tzinfo=UTC),
    )  # fmt: skip
    assert entry.locality_id == new.id


# --- roles ----------------------------------------------------------------------------------------


def grants_on(session: Session, unit: Unit) -> list[tuple[int, Role, datetime | None]]:
    rows = session.scalars(select(RoleGrant).where(RoleGrant.unit_id == unit.id).order_by(RoleGrant.user_id))
    return [(row.user_id, row.role, row.valid_until) for row in rows]


def given(session: Session, name: str, unit: Unit, *, until: datetime | None = None) -> int:
    person = make.user(session, name)
    accounts.grant(session, SYSTEM, user_id=person.id, role=Role.SECRETARY, unit_id=unit.id, valid_until=until, now=make.NOW)
    return person.id


def test_roles_for_units_that_merge_follow_into_the_new_one_and_are_audited(session: Session) -> None:
    first, second = some(session)
    until = make.NOW + timedelta(days=400)
    an, binh = given(session, "An", first, until=until), given(session, "Bình", second)
    accounts.grant(session, SYSTEM, user_id=an, role=Role.SECRETARY, unit_id=second.id, valid_until=until, now=make.NOW)
    run(session, line("99001", "Hợp Nhất", before=f"{first.code} {second.code}"))
    new = session.scalars(select(Unit).where(Unit.code == "99001")).one()
    assert grants_on(session, new) == [(an, Role.SECRETARY, until), (binh, Role.SECRETARY, None)]
    assert grants_on(session, first) == [(an, Role.SECRETARY, until)], "rounds of the old unit run on"
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "role:grant").order_by(AuditEvent.id)).all()
    followed = [(event.subject, event.details["follows_unit"]) for event in events if "follows_unit" in event.details]
    assert followed == [(f"user:{an}", first.id), (f"user:{binh}", second.id)]


def test_a_role_that_has_ended_does_not_follow(session: Session) -> None:
    (first,) = some(session, 1)
    given(session, "An", first, until=make.NOW)
    run(session, line("99001", "Mới", before=first.code))
    assert grants_on(session, session.scalars(select(Unit).where(Unit.code == "99001")).one()) == []


def test_after_a_split_no_role_follows_by_itself(session: Session) -> None:
    (first,) = some(session, 1)
    given(session, "An", first)
    found = run(session, *split(first.code), **{first.code: "ask"})
    assert found.kept
    assert [grants_on(session, unit) for unit in heirs(session, [first], FROM)[first.id]] == [[], []]


def test_a_secretary_of_a_province_keeps_it_under_its_new_name(session: Session) -> None:
    old = make.province(session)
    an = given(session, "An", old)
    run(session, province("98", "Bắc Ninh Mới", before=old.code))
    new = session.scalars(select(Unit).where(Unit.code == "98", Unit.tier == UnitTier.PROVINCE)).one()
    before, after = make.round_(session, year=2027, unit=old), make.round_(session, year=2029, unit=new)
    assert rights.actor_for(session, an, now=make.NOW).secretary_of == {before.id, after.id}
