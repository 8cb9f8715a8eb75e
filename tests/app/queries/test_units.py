from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.domain.vocabulary import UnitTier
from app.queries import units
from tests.app import make

TODAY = make.TODAY


def test_a_province_is_found_by_its_old_name_without_marks(session: Session) -> None:
    found = units.search(session, "binh phuoc", on=TODAY, tier=UnitTier.PROVINCE)
    assert [(unit.name, unit.old_name) for unit in found] == [("Thành phố Đồng Nai", "Tỉnh Bình Phước")]


def test_a_province_found_by_its_own_name_tells_no_old_one(session: Session) -> None:
    found = units.search(session, "Tỉnh Nghệ An", on=TODAY, tier=UnitTier.PROVINCE)
    assert [(unit.name, unit.old_name) for unit in found] == [("Tỉnh Nghệ An", "")]


def test_a_commune_comes_with_its_province(session: Session) -> None:
    commune = make.commune(session, make.province(session))
    found = units.search(session, commune.full_name.upper(), on=TODAY, tier=UnitTier.COMMUNE)
    assert (commune.id, "Tỉnh Bắc Ninh") in {(unit.id, unit.parent) for unit in found}


def test_names_that_begin_with_the_text_come_first(session: Session) -> None:
    names = [unit.name for unit in units.search(session, "ninh", on=TODAY, tier=UnitTier.PROVINCE)]
    assert names[0] == "Tỉnh Ninh Bình"


def test_signs_of_patterns_are_letters_like_others(session: Session) -> None:
    assert units.search(session, "%", on=TODAY) == []
    assert units.search(session, "  ", on=TODAY) == []


def test_the_provinces_are_those_of_the_day_in_dictionary_order(session: Session) -> None:
    assert len(units.provinces(session, date(2021, 5, 1))) == 63
    names = [unit.name for unit in units.provinces(session, TODAY)]
    assert (len(names), names.index("Tỉnh Đắk Lắk") < names.index("Tỉnh Điện Biên")) == (34, True)


def test_a_unit_bears_the_name_of_the_day(session: Session) -> None:
    dong_nai = make.province(session, "Đồng Nai")
    days = (date(2026, 4, 29), date(2026, 4, 30))
    assert [units.name_on(session, dong_nai, day) for day in days] == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai"]


def test_communes_of_a_province_are_its_own(session: Session) -> None:
    bac_ninh = make.province(session)
    found = units.communes(session, bac_ninh.id, TODAY)
    assert len(found) == 99
    assert {unit.parent_id for unit in found} == {bac_ninh.id}
