"""Wording: what contents become on paper."""

from __future__ import annotations

import pytest

from certificates.wording import (
    address_to_type,
    english_line,
    heading,
    long_date,
    order_line,
    place_and_date,
    short_date,
    validity_line,
)

PROGRAMME = "Sản phẩm công nghiệp nông thôn tiêu biểu"


@pytest.mark.parametrize(
    ("level", "line"),
    [
        ("national", f"{PROGRAMME} cấp quốc gia"),
        ("Cấp tỉnh", f"{PROGRAMME} Cấp tỉnh"),
        ("khu vực phía Bắc", f"{PROGRAMME} cấp khu vực phía Bắc"),
        (f"{PROGRAMME} cấp xã năm 2026", f"{PROGRAMME} cấp xã năm 2026"),
    ],
)
def test_the_line_under_the_title_names_programme_and_level(level: str, line: str) -> None:
    assert heading("Giấy chứng nhận", level) == ("Giấy chứng nhận", line)


def test_a_title_that_names_the_programme_is_split_over_two_lines() -> None:
    whole = "Giấy chứng nhận sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh"
    line = "sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh"
    assert heading(whole, "Cấp tỉnh") == ("Giấy chứng nhận", line)


def test_the_english_line_names_the_level_where_it_is_one_of_the_four() -> None:
    assert english_line("Cấp tỉnh").endswith("Product, provincial level")
    assert english_line("national").endswith("Product, national level")
    assert english_line("Hội chợ").endswith("Product")


def test_days_below_ten_and_the_first_two_months_take_a_zero() -> None:
    assert long_date("2026-03-05") == "ngày 05 tháng 3 năm 2026"
    assert short_date("2026-02-15") == "15/02/2026"


def test_lines_say_as_much_as_is_known() -> None:
    assert order_line("12/QĐ", "") == "Theo Quyết định số 12/QĐ"
    assert order_line("", "2026-01-01") == ""
    assert validity_line("2026-09-01", "2028-09-01") == "Có giá trị từ 01/9/2026 đến 01/9/2028"
    assert validity_line("", "") == ""
    assert place_and_date("", "2026-09-01") == "Ngày 01 tháng 9 năm 2026"


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("https://kiemtra.example.vn/v/7KQ4-MZ9T-XB2PD", "kiemtra.example.vn/v"),
        ("https://www.example.vn/7KQ4MZ9TXB2PD", "example.vn"),
        ("http://example.vn/xem?ma=7kq4-mz9t-xb2pd", "example.vn/xem?ma"),
        ("https://example.vn/khac", "example.vn/khac"),
    ],
)
def test_the_address_to_type_ends_before_the_code(url: str, typed: str) -> None:
    assert address_to_type(url, "7KQ4-MZ9T-XB2PD") == typed
