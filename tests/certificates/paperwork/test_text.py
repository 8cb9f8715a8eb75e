"""Dates, numbers and letters as a Vietnamese office writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from certificates.paperwork import text


@pytest.mark.parametrize(
    ("on", "printed"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 11, 21), "ngày 21 tháng 11 năm 2026"),
        (None, "ngày …… tháng …… năm ………"),
    ],
)
def test_days_under_ten_and_the_first_two_months_take_a_leading_zero(on: date | None, printed: str) -> None:
    assert text.day(on) == printed


def test_place_and_day_leave_dots_where_they_are_not_known() -> None:
    assert text.place_and_day("", None) == "………………, ngày …… tháng …… năm ………"


def test_a_moment_is_printed_in_the_time_zone_that_it_was_given_in() -> None:
    at = datetime(2026, 2, 9, 8, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert text.moment(at) == "08 giờ 05 phút, ngày 09 tháng 02 năm 2026"


@pytest.mark.parametrize(
    ("number", "places", "printed"),
    [
        (Decimal("77.94"), 2, "77,94"),
        (Decimal("78"), 2, "78,00"),
        (Decimal("35.50"), None, "35,5"),
        (Decimal("40"), None, "40"),
        (Decimal("1E+2"), None, "100"),
        (Decimal("77.945"), 2, "77,945"),
        (Decimal("0"), None, "0"),
        (None, 2, ""),
    ],
)
def test_points_have_a_decimal_comma_and_are_never_rounded_on_paper(
    number: Decimal | None, places: int | None, printed: str
) -> None:
    assert text.points(number, places) == printed


def test_whole_numbers_are_grouped_by_dots() -> None:
    assert [text.whole(n) for n in (0, 999, 2880000000, None)] == ["0", "999", "2.880.000.000", ""]


def test_roman_numbers_of_groups() -> None:
    assert [text.roman(n) for n in (1, 4, 9, 10, 14, 40, 49, 50, 88)] == [
        "I", "IV", "IX", "X", "XIV", "XL", "XLIX", "L", "LXXXVIII",
    ]  # fmt: skip


def test_decomposed_letters_are_composed() -> None:
    assert text.clean("\u0110u\u031bo\u031b\u0300ng ma\u0323\u0302t") == "Đường mật"


def test_controls_that_would_break_or_turn_the_line_are_taken_out() -> None:
    assert text.clean("Mật\x00 ong\u202egnor\u202c\ufeff \x0b\ud800rừng\uffff") == "Mật onggnor rừng"


def test_line_breaks_stay() -> None:
    assert text.clean("một\r\nhai\tba") == "một\nhai\tba"
