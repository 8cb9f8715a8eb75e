"""The meter names what a dossier still lacks, section by section."""

from typing import Any

from app.domain.dossier_form import read_form
from app.domain.dossier_meter import Completeness, SectionMeter, completeness
from tests.app.domain.dossier_samples import CRAFT, FOOD, RAW, YEAR

FORM = read_form(RAW)
FULL: dict[str, Any] = {
    "name": "Giỏ cói",
    "story": "Nghề của làng",
    "abroad": "no",
    "workers": 14,
    "price": 185000,
    "revenue": {"2025": "1", "2024": "0"},
}


def meter(answers: dict[str, Any], facts: dict[str, str] = CRAFT) -> Completeness:
    return completeness(FORM, answers, facts, YEAR)


def test_an_empty_dossier_lacks_everything_required() -> None:
    empty = meter({})
    assert empty.missing == ("name", "story", "abroad", "workers", "price", "revenue")
    assert (empty.percent, empty.thin) == (0, ())
    assert empty.sections[1] == SectionMeter(
        section="b",
        required=3,
        missing=("workers", "price", "revenue"),
        thin=(),
        optional_open=("capacity", "share"),
    )


def test_a_full_dossier_lacks_nothing_though_optional_questions_are_open() -> None:
    full = meter(FULL)
    assert (full.percent, full.missing) == (100, ())
    assert all(section.is_complete for section in full.sections)


def test_an_answer_may_open_a_question_that_is_then_missing() -> None:
    opened = meter(FULL | {"abroad": "yes"})
    assert opened.missing == ("countries",)
    assert opened.percent == 85


def test_the_group_may_ask_for_more() -> None:
    assert meter(FULL, FOOD).missing == ("shelf",)


def test_a_text_that_says_too_little_is_thin_and_not_missing() -> None:
    thin = meter(FULL | {"story": "Đẹp"})
    assert (thin.thin, thin.missing, thin.percent) == (("story",), (), 100)


def test_thin_is_measured_in_letters_and_not_in_bytes() -> None:
    assert meter(FULL | {"story": "ờ" * 7}).thin == ("story",)
    assert meter(FULL | {"story": "ờ" * 8}).thin == ()


def test_figures_count_when_every_asked_year_has_one() -> None:
    assert meter(FULL | {"revenue": {"2025": "1"}}).missing == ("revenue",)
    assert meter(FULL | {"revenue": {"2025": "1", "2024": "0", "2023": "5"}}).missing == ()


def test_a_zero_is_an_answer() -> None:
    assert meter(FULL | {"price": 0}).missing == ()
