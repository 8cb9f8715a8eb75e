"""The form of a dossier is data: it is checked when it is read, and asks only what applies."""

from copy import deepcopy
from typing import Any

import pytest

from app.domain.dossier_form import (
    DossierForm,
    QuestionKind,
    asked_questions,
    asked_years,
    read_form,
)
from tests.app.domain.dossier_samples import CRAFT, FOOD, RAW, YEAR

FORM = read_form(RAW)


def keys(form: DossierForm, answers: dict[str, Any], facts: dict[str, str]) -> list[str]:
    return [question.key for question in asked_questions(form, answers, facts)]


def test_questions_are_found_by_key_section_and_criterion() -> None:
    assert FORM.question("price").kind is QuestionKind.MONEY_VND
    assert [q.key for q in FORM.in_section("a")][:2] == ["name", "story"]
    assert {q.section for q in FORM.for_criterion(2)} == {"b"}
    with pytest.raises(KeyError):
        FORM.question("nothing")


def test_a_question_may_hang_on_an_earlier_answer() -> None:
    assert "countries" not in keys(FORM, {}, CRAFT)
    assert "countries" not in keys(FORM, {"abroad": "no"}, CRAFT)
    assert "countries" in keys(FORM, {"abroad": "yes"}, CRAFT)


def test_a_question_that_hangs_on_a_hidden_one_is_hidden_too() -> None:
    answers = {"abroad": "no", "countries": "Lào"}
    assert "agents" not in keys(FORM, answers, CRAFT)
    assert "agents" in keys(FORM, answers | {"abroad": "yes"}, CRAFT)


def test_a_question_may_hang_on_the_group() -> None:
    assert "shelf" in keys(FORM, {}, FOOD)
    assert "shelf" not in keys(FORM, {}, CRAFT)


def test_figures_are_asked_for_the_last_full_years() -> None:
    assert asked_years(FORM.question("revenue"), YEAR) == (2025, 2024)


def broken_form(**change: Any) -> dict[str, Any]:
    raw = deepcopy(RAW)
    raw["questions"][3] |= change
    return raw


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "name"}, "twice"),
        ({"section": "z"}, "unknown section"),
        ({"kind": "choice"}, "has options"),
        ({"show_if": {"question": "price", "is": ["1"]}}, "does not come before"),
        ({"kind": "essay"}, "essay"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_form(broken_form(**change))
