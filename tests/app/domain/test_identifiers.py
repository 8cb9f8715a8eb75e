"""Codes are written one way and read in the ways that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identifiers import (
    EntryCode,
    RoundCode,
    is_entry_code,
    normal_phone,
    normal_tax_code,
    parse_entry_code,
    parse_round_code,
)
from app.domain.vocabulary import LevelCode

groups = st.sampled_from(["TCMN", "CB", "CK", "KHAC"])


def test_an_entry_code_has_at_least_three_digits() -> None:
    assert str(EntryCode("TCMN", 17)) == "TCMN-017"
    assert str(EntryCode("CB", 1234)) == "CB-1234"


@given(groups, st.integers(1, 999_999))
def test_every_entry_code_is_read_as_it_was_written(group: str, number: int) -> None:
    code = EntryCode(group, number)
    assert parse_entry_code(str(code)) == code
    assert is_entry_code(str(code))


@pytest.mark.parametrize("typed", ["tcmn-17", " TCMN 017 ", "tcmn17", "TCMN–017", "tcmn - 17"])
def test_an_entry_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert parse_entry_code(typed) == EntryCode("TCMN", 17)
    assert not is_entry_code(typed)


@pytest.mark.parametrize("typed", ["", "TCMN", "TCMN-0", "017", "TCMN-1-2", "T-1", "TCMN-1234567", "ĐỒ-1", "CB-١"])
def test_what_is_no_entry_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_entry_code(typed)
    assert not is_entry_code(typed)


ROUNDS = [
    ("QG-2021", LevelCode.NATION, "", 2021),
    ("KV-B-2020", LevelCode.REGION, "B", 2020),
    ("T-38-2026", LevelCode.PROVINCE, "38", 2026),
    ("X-00004-2026", LevelCode.COMMUNE, "00004", 2026),
    ("H-001-2023", LevelCode.COMMUNE, "001", 2023),
]


@pytest.mark.parametrize(("text", "level", "territory", "year"), ROUNDS)
def test_a_round_code_says_level_territory_and_year(text: str, level: LevelCode, territory: str, year: int) -> None:
    assert str(RoundCode(level, territory, year)) == text
    assert parse_round_code(text) == RoundCode(level, territory, year)
    assert parse_round_code(f" {text.lower()} ") == RoundCode(level, territory, year)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "QG",
        "QG-B-2021",
        "KV-2020",
        "KV-BB-2020",
        "T-3-2026",
        "X-004-2026",
        "H-00004-2024",
        "Z-1-2020",
        "T-38-1999",
    ],
)
def test_what_is_no_round_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_round_code(text)


def test_a_territory_of_another_level_makes_no_round_code() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        RoundCode(LevelCode.NATION, "38", 2026)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0100109106", "0100109106"),
        (" 0100 109 106 ", "0100109106"),
        ("0100109106001", "0100109106-001"),
        ("0100109106-001", "0100109106-001"),
        ("001 190 000 001", "001190000001"),
    ],
)
def test_a_tax_code_is_kept_in_one_shape(typed: str, kept: str) -> None:
    assert normal_tax_code(typed) == kept
    assert normal_tax_code(kept) == kept


@pytest.mark.parametrize("typed", ["", "12345", "01001091061", "01001O9106", "٠١٠٠١٠٩١٠٦"])
def test_a_tax_code_of_another_shape_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        normal_tax_code(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("+84 (0)912.345.678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("84912345678", "0912345678"),
        ("024 3826 0000", "02438260000"),
    ],
)
def test_a_phone_number_is_kept_as_it_is_dialled_at_home(typed: str, kept: str) -> None:
    assert normal_phone(typed) == kept
    assert normal_phone(kept) == kept


@pytest.mark.parametrize("typed", ["", "912345678", "0912", "09123456789012", "+1 202 555 0100", "không có"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        normal_phone(typed)
