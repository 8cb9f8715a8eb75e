"""A paper whose figures do not add up is not printed; the refusal names the row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from certificates.paperwork.contents import SheetPart, StatisticsRow
from certificates.paperwork.errors import SumMismatch
from certificates.paperwork.forms.council import council_minutes, vote_counting
from certificates.paperwork.forms.judging import score_sheet, total_points
from certificates.paperwork.forms.statistics import check_sums
from tests.certificates.paperwork.samples import BLANK_SHEET, COUNTING, SESSION, SHEET, STATISTICS, VOTES


def refusal(action: Any, content: Any) -> tuple[str, str, object, object]:
    """Row, column, expected and found of the refusal."""
    with pytest.raises(SumMismatch) as caught:
        action(content)
    error = caught.value
    return error.row, error.column, error.expected, error.found


def test_a_table_that_adds_up_passes() -> None:
    check_sums(STATISTICS)


def test_the_national_figures_of_2023_as_they_were_published_are_refused() -> None:
    """430 eligible and CB 287 were printed; 70 + 287 + 36 + 33 is 426 (domain notes, section 9)."""
    published = replace(
        STATISTICS,
        rows=(StatisticsRow("Toàn quốc", (430, 70, 287, 36, 33, 430, 173, 173)),),
        total=StatisticsRow("Tổng cộng", (430, 70, 287, 36, 33, 430, 173, 173)),
    )
    assert refusal(check_sums, published) == ("Toàn quốc", "Đăng ký", 426, 430)


def test_a_total_that_is_not_the_sum_of_its_rows_is_refused() -> None:
    wrong = replace(STATISTICS, total=StatisticsRow("Tổng cộng", (45, 12, 27, 3, 3, 41, 30, 23)))
    assert refusal(check_sums, wrong) == ("Tổng cộng", "Đủ điều kiện", 42, 41)


def test_more_recognised_than_eligible_is_refused() -> None:
    rows = (*STATISTICS.rows[:2], StatisticsRow("Phường Đá Trắng", (10, 1, 6, 1, 2, 9, 10, 6)))
    assert refusal(check_sums, replace(STATISTICS, rows=rows)) == ("Phường Đá Trắng", "Công nhận", "tối đa 9", 10)


@pytest.mark.parametrize("facilities", [11, 27])
def test_a_column_counted_once_lies_between_its_largest_row_and_the_sum(facilities: int) -> None:
    wrong = replace(STATISTICS, total=StatisticsRow("Tổng cộng", (45, 12, 27, 3, 3, 42, 30, facilities)))
    assert refusal(check_sums, wrong) == ("Tổng cộng", "Số cơ sở", "12 đến 26", facilities)


def test_a_row_with_a_cell_missing_is_refused() -> None:
    rows = (*STATISTICS.rows[:2], StatisticsRow("Phường Đá Trắng", (10, 1)))
    assert refusal(check_sums, replace(STATISTICS, rows=rows)) == ("Phường Đá Trắng", "Số cột", 8, 2)


def test_the_total_of_a_sheet_is_the_exact_sum_of_its_criteria() -> None:
    assert total_points(SHEET) == Decimal("86.5")


def test_a_sheet_with_a_criterion_missing_has_no_total() -> None:
    assert total_points(replace(SHEET, criteria=(*SHEET.criteria[:3], BLANK_SHEET.criteria[3]))) is None


def test_sub_criteria_that_do_not_add_up_are_refused() -> None:
    first = SHEET.criteria[0]
    parts = (first.parts[0], SheetPart(first.parts[1].title, Decimal(20), Decimal("17")))
    wrong = replace(SHEET, criteria=(replace(first, parts=parts), *SHEET.criteria[1:]))
    assert refusal(score_sheet, wrong) == (first.title, "Điểm bình chọn", Decimal("35"), Decimal("35.5"))


def test_ballots_that_do_not_add_up_are_refused() -> None:
    assert refusal(vote_counting, replace(COUNTING, invalid=1)) == ("Số phiếu thu vào", "Số lượng", 6, 5)
    assert refusal(vote_counting, replace(COUNTING, issued=6)) == ("Số phiếu phát ra", "Số lượng", 5, 6)


def test_a_line_with_more_votes_than_ballots_is_refused() -> None:
    lines = (replace(VOTES[0], against=1), *VOTES[1:])
    name = "SM-001 Bộ ấm chén men tro"
    assert refusal(vote_counting, replace(COUNTING, lines=lines)) == (name, "Số phiếu hợp lệ", 6, 5)
    assert refusal(council_minutes, replace(SESSION, votes=lines)) == (name, "Số thành viên có mặt", 6, 5)
