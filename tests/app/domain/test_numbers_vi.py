"""Numbers are read as people in Viet Nam type them, and never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbers_vi import (
    NumberFault,
    format_number_vi,
    parse_decimal_vi,
    parse_integer_vi,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", "0"),
        ("12,5", "12.5"),
        ("1.250.000,5", "1250000.5"),
        ("1.250", "1250"),
        ("1250000", "1250000"),
        (" 1 250 000 đ ", "1250000"),
        ("185.000 đồng", "185000"),
        ("185.000VND", "185000"),
        ("35 %", "35"),
        ("-3", "-3"),
        ("007", "7"),
    ],
)
def test_points_part_thousands_and_a_comma_parts_decimals(typed: str, value: str) -> None:
    assert parse_decimal_vi(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.5", "12.50", "1250.000000", "0.125000"])
def test_a_decimal_point_is_refused_and_not_guessed(typed: str) -> None:
    with pytest.raises(NumberFault) as caught:
        parse_decimal_vi(typed)
    assert caught.value.code == "decimal_point"


@pytest.mark.parametrize(
    "typed",
    ["", "năm", "1,2,3", "1.25.000", "1e5", "NaN", "Infinity", "٣", "--1", "đ", "12%5", "9" * 19],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberFault) as caught:
        parse_decimal_vi(typed)
    assert caught.value.code == "not_a_number"


def test_a_whole_number_has_nothing_behind_the_comma() -> None:
    assert parse_integer_vi("12,0") == 12
    with pytest.raises(NumberFault) as caught:
        parse_integer_vi("12,5")
    assert caught.value.code == "not_whole"


def test_numbers_are_written_with_points_and_a_comma() -> None:
    assert format_number_vi(1250000) == "1.250.000"
    assert format_number_vi(Decimal("1250000.50")) == "1.250.000,50"
    assert format_number_vi(Decimal("-0.5")) == "-0,5"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_is_written_is_read_again(value: Decimal) -> None:
    assert parse_decimal_vi(format_number_vi(value)) == value
