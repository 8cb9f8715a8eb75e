"""One figure for a set, one figure for two stages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.combining import SET_RULES, STAGE_RULES, combine, publish

FIGURES = [Fraction(1403, 18), Fraction(80), Fraction(75)]


@pytest.mark.parametrize(("rule", "expected"), [
    ("highest", Fraction(80)), ("mean", Fraction(4193, 54)), ("lowest", Fraction(75))])
def test_the_figure_of_a_set_follows_the_rule_of_the_round(rule: str, expected: Fraction) -> None:
    assert combine(FIGURES, SET_RULES[rule]) == expected


@pytest.mark.parametrize(("rule", "expected"), [("last", Fraction(75)), ("mean", Fraction(4193, 54))])
def test_the_figure_of_two_stages_follows_the_rule_of_the_round(rule: str, expected: Fraction) -> None:
    assert combine(FIGURES, STAGE_RULES[rule]) == expected


def test_what_was_not_scored_has_no_figure() -> None:
    with pytest.raises(ValueError, match="no figure"):
        combine([], SET_RULES["mean"])


def test_an_exact_figure_is_published_half_up() -> None:
    assert [publish(Fraction(1403, 18), 2), publish(Fraction(141, 2), 0)] == ["77.94", "71"]
