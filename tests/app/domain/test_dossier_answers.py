"""Answers are checked as they are typed, kept in one form, and written for people again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dossier_answers import check_answers, format_answer_vi
from app.domain.dossier_form import read_form
from app.domain.errors import FieldFault
from tests.app.domain.dossier_samples import CRAFT, FOOD, RAW, YEAR

FORM = read_form(RAW)


def checked(raw: dict[str, Any], facts: dict[str, str] = CRAFT) -> dict[str, Any]:
    result = check_answers(FORM, raw, facts, YEAR)
    assert result.faults == ()
    return dict(result.answers)


def faults(raw: dict[str, Any], facts: dict[str, str] = CRAFT) -> list[FieldFault]:
    result = check_answers(FORM, raw, facts, YEAR)
    assert set(raw) & set(result.answers) == set()
    return list(result.faults)


def test_answers_are_kept_in_one_form() -> None:
    typed = {
        "name": "  Giỏ   cói ",
        "story": "Dòng một \r\n\r\n\r\n\r\nDòng hai",
        "abroad": "yes",
        "countries": "Pháp",
        "workers": "14",
        "capacity": "12.000,5",
        "price": "185.000 đ",
        "share": "33,5 %",
        "revenue": {"2024": "850.000.000", "2025": "900000000"},
    }
    assert checked(typed) == {
        "name": "Giỏ cói",
        "story": "Dòng một\n\nDòng hai",
        "abroad": "yes",
        "countries": "Pháp",
        "workers": 14,
        "capacity": "12000.5",
        "price": 185000,
        "share": "33.5",
        "revenue": {"2025": "900000000", "2024": "850000000"},
    }


def test_the_unit_of_the_question_may_be_typed_too() -> None:
    assert checked({"workers": "14 người", "capacity": "2,5kg"}) == {"workers": 14, "capacity": "2.5"}
    assert faults({"workers": "14 kg"}) == [FieldFault("workers", "not_a_number", {})]


@pytest.mark.parametrize("empty", ["", "   ", "\u200b", None])
def test_an_empty_answer_is_no_answer_and_no_fault(empty: str | None) -> None:
    assert checked({"name": empty, "workers": empty, "abroad": empty}) == {}
    assert checked({"revenue": {"2025": empty}}) == {}


def test_answers_to_questions_that_do_not_apply_are_dropped() -> None:
    assert checked({"abroad": "no", "countries": "Pháp", "shelf": "12 tháng"}) == {"abroad": "no"}
    assert checked({"shelf": "12 tháng"}, FOOD) == {"shelf": "12 tháng"}


BOUNDS = {"minimum": 1, "maximum": 100}
WRONG = [
    ("name", "ờ" * 11, "too_long", {"maximum": 10, "count": 11}),
    ("name", ["a"], "not_text", {}),
    ("workers", "mười", "not_a_number", {}),
    ("workers", "1.5", "decimal_point", {}),
    ("workers", "1,5", "not_whole", {}),
    ("workers", "0", "out_of_range", BOUNDS),
    ("workers", "101", "out_of_range", BOUNDS),
    ("share", "100,1", "out_of_range", {"minimum": 0, "maximum": 100}),
    ("price", "-1", "out_of_range", {"minimum": 0, "maximum": None}),
    ("abroad", "maybe", "not_a_choice", {}),
    ("revenue", {"2027": "1"}, "not_a_year", {"year": "2027"}),
    ("revenue", {"1989": "1"}, "not_a_year", {"year": "1989"}),
    ("revenue", {"x": "1"}, "not_a_year", {"year": "x"}),
    ("revenue", {"2025": "-1"}, "out_of_range", {"minimum": 0, "maximum": None}),
    ("revenue", "900", "not_a_number", {}),
    ("nothing", "1", "unknown_question", {}),
]


@pytest.mark.parametrize(("key", "typed", "code", "params"), WRONG)
def test_a_wrong_answer_is_told_by_question_and_code(key: str, typed: Any, code: str, params: dict[str, Any]) -> None:
    assert faults({key: typed}) == [FieldFault(key, code, params)]


def test_one_wrong_answer_does_not_lose_the_others() -> None:
    result = check_answers(FORM, {"name": "Giỏ", "workers": "mười"}, CRAFT, YEAR)
    assert result.answers == {"name": "Giỏ"}
    assert [fault.field for fault in result.faults] == ["workers"]


def test_bounds_themselves_are_allowed() -> None:
    typed = {"name": "ờ" * 10, "workers": "100", "share": "0", "price": "0"}
    assert checked(typed) == {"name": "ờ" * 10, "workers": 100, "share": "0", "price": 0}


typed_texts = st.one_of(st.text(max_size=20), st.sampled_from(["0", "1,5", "12.000,50", "007", "yes"]))


@given(st.dictionaries(st.sampled_from([q.key for q in FORM.questions]), typed_texts))
def test_whatever_is_kept_is_kept_again_unchanged(raw: dict[str, str]) -> None:
    kept = dict(check_answers(FORM, raw, FOOD, YEAR).answers)
    texts = {key: format_answer_vi(FORM.question(key), value) for key, value in kept.items()}
    typed = texts | {key: kept[key] for key in kept if FORM.question(key).options}
    assert check_answers(FORM, typed, FOOD, YEAR).answers == kept


@pytest.mark.parametrize(
    ("key", "kept", "written"),
    [
        ("workers", 1400, "1.400 người"),
        ("capacity", "12000.5", "12.000,5 kg"),
        ("price", 185000, "185.000 đồng"),
        ("share", "33.5", "33,5%"),
        ("abroad", "no", "Không"),
        ("story", "Một\nhai", "Một\nhai"),
        ("revenue", {"2025": "900000000", "2024": "0"}, "2025: 900.000.000 đồng\n2024: 0 đồng"),
        ("workers", None, ""),
    ],
)
def test_kept_answers_are_written_for_people(key: str, kept: Any, written: str) -> None:
    assert format_answer_vi(FORM.question(key), kept) == written
