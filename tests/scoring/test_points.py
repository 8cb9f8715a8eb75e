"""How points are read, checked, written and rounded."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import errors
from scoring.points import check_points, format_points, parse_points, read_decimal, round_half_up, write_published


@pytest.mark.parametrize(("text", "value"), [
    ("34,5", "34.5"), ("34.5", "34.5"), ("40", "40"), (" 7 ", "7"), ("0", "0"), ("08,25", "8.25")])
def test_both_decimal_marks_are_understood(text: str, value: str) -> None:
    assert parse_points(text) == Decimal(value)


@pytest.mark.parametrize("text", [
    "NaN", "nan", "inf", "-inf", "Infinity", "1e400", "1E2", "３４", "34,５", "1.234,5", "1,234.5", "1 000", "3,4,5", "+5",
    ".5", "5,", "0x10", "1_0", "½", "٣", "năm", "--1", "5%", "\x005"])
def test_anything_but_plain_digits_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(errors.PointsNotPlain) as caught:
        parse_points(text)
    assert (caught.value.code, caught.value.text) == ("points_not_plain", text)


@pytest.mark.parametrize("text", ["-1", "-0,5", "−3", "- 2"])
def test_a_negative_number_is_told_as_such(text: str) -> None:
    with pytest.raises(errors.PointsNegative) as caught:
        parse_points(text)
    assert str(caught.value) == f"Điểm không được âm: “{text}”."


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u00a0"])
def test_an_empty_field_is_not_zero(text: str) -> None:
    with pytest.raises(errors.PointsEmpty):
        parse_points(text)


def test_a_number_of_a_million_digits_is_refused_before_it_is_read() -> None:
    with pytest.raises(errors.PointsTooLong) as caught:
        parse_points("9" * 1_000_000)
    assert str(caught.value) == "Số điểm dài quá 24 ký tự."


@pytest.mark.parametrize(("value", "step", "error", "sentence"), [
    ("40.5", "0.5", errors.PointsAboveMaximum, "Điểm 40,5 vượt điểm tối đa 40."),
    ("35.3", "0.5", errors.PointsOffStep, "Điểm 35,3 không phải là bội số của bước điểm 0,5."),
    ("-0.5", "0.5", errors.PointsNegative, "Điểm không được âm: “-0.5”."),
    ("NaN", "0.5", errors.PointsNotPlain, "“NaN” không phải là số điểm hợp lệ; hãy nhập dạng 34,5 hoặc 34.5.")])
def test_points_out_of_range_or_off_the_step_are_refused_in_vietnamese(
        value: str, step: str, error: type[errors.PointsError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        check_points(Decimal(value), Decimal(40), Decimal(step))
    assert str(caught.value) == sentence


@pytest.mark.parametrize("value", ["0", "0.5", "35.50", "40"])
def test_points_on_the_step_are_accepted_however_they_are_written(value: str) -> None:
    check_points(Decimal(value), Decimal(40), Decimal("0.5"))


@given(st.decimals(min_value=0, max_value=1000, places=3))
def test_what_is_formatted_is_read_back(value: Decimal) -> None:
    assert parse_points(format_points(value)) == value


def test_points_are_written_with_a_comma_and_no_trailing_zeros() -> None:
    assert [format_points(Decimal(text)) for text in ("34.50", "40", "100", "0.25", "8.0")] == [
        "34,5", "40", "100", "0,25", "8"]


@pytest.mark.parametrize("text", ["035", "1.", ".5", "1,5", "-1", "+1", "1e2", " 1", "1 ", "１", "", "NaN", "1\n", "1" * 25])
def test_a_public_file_spells_a_decimal_in_one_way(text: str) -> None:
    with pytest.raises(errors.PointsError):
        read_decimal(text)


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(0, 6))
def test_rounding_is_half_up_and_never_off_by_more_than_half_a_unit(top: int, bottom: int, places: int) -> None:
    exact = Fraction(top, bottom)
    published = Fraction(round_half_up(top, bottom, places), 10**places)
    half = Fraction(1, 2 * 10**places)
    assert -half < published - exact <= half


def test_half_a_unit_goes_up() -> None:
    assert [write_published(round_half_up(top, 1000, 2), 2) for top in (77944, 77945, 77955, 5, 4)] == [
        "77.94", "77.95", "77.96", "0.01", "0.00"]


def _leaves(kind: type[errors.ScoringError]) -> list[type[errors.ScoringError]]:
    return [leaf for child in kind.__subclasses__() for leaf in (_leaves(child) or [child])]


def test_every_leaf_of_the_error_tree_has_a_code_and_a_vietnamese_sentence() -> None:
    codes = [leaf.code for leaf in _leaves(errors.ScoringError)]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if code not in errors.SENTENCES] == []


def test_an_error_survives_the_way_through_a_queue() -> None:
    again = pickle.loads(pickle.dumps(errors.PointsAboveMaximum(Decimal(41), Decimal(40))))
    assert (again.value, again.maximum, str(again)) == (Decimal(41), Decimal(40), "Điểm 41 vượt điểm tối đa 40.")
