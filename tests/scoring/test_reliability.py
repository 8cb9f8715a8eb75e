"""Advice about a jury, held against published tables and kept packages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pingouin  # type: ignore[import-untyped]
import pytest
from numpy.typing import NDArray
from scipy import stats

from scoring.reliability import (
    Flip,
    PlaceConfidence,
    agreement,
    concordance,
    flips_without_one_judge,
    judge_profiles,
    place_confidence,
    score_table,
)
from scoring.result import compute
from scoring.round import Round
from tests.scoring.builders import round_file

SHROUT_AND_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
"""Shrout and Fleiss 1979, table 2: six targets rated by four judges."""


def random_scores(seed: int, entries: int = 20, judges: int = 5) -> NDArray[np.float64]:
    dice = np.random.default_rng(seed)
    noise = dice.normal(0, 3, (entries, judges)) + dice.normal(0, 2, judges)
    return np.round((dice.normal(75, 6, (entries, 1)) + noise) * 2) / 2


def jury(rows: dict[str, list[str | None]], **rules: Any) -> Round:
    """A round in which only criteria 1 and 2 have points; None is no sheet."""
    marks = {(entry, f"J{number}"): (total, "30", "0", "0")
             for entry, row in rows.items() for number, total in enumerate(row, start=1) if total is not None}
    return Round.from_dict(round_file(marks, **rules))


def test_the_coefficients_are_those_of_shrout_and_fleiss() -> None:
    found = agreement(SHROUT_AND_FLEISS)
    assert found is not None
    assert (found.entries, found.judges) == (6, 4)
    assert (round(found.single.value, 2), round(found.average.value, 2)) == (0.29, 0.62)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("seed", range(5))
def test_the_coefficients_and_their_intervals_are_those_of_pingouin(seed: int) -> None:
    scores = SHROUT_AND_FLEISS if seed == 0 else random_scores(seed)
    frame = pd.DataFrame([(row, column, scores[row, column]) for row in range(scores.shape[0])
                          for column in range(scores.shape[1])], columns=["entry", "judge", "points"])
    theirs = pingouin.intraclass_corr(frame, targets="entry", raters="judge", ratings="points").set_index("Type")
    ours = agreement(scores)
    assert ours is not None
    for name, coefficient in (("ICC(A,1)", ours.single), ("ICC(A,k)", ours.average)):
        assert coefficient.value == pytest.approx(theirs.loc[name, "ICC"])
        assert [round(coefficient.low, 2), round(coefficient.high, 2)] == list(theirs.loc[name, "CI95"])


@pytest.mark.parametrize("seed", range(5))
def test_kendalls_w_is_that_of_friedmans_chi_square_with_ties(seed: int) -> None:
    scores = np.round(random_scores(seed) / 4)
    theirs = stats.friedmanchisquare(*scores)
    ours = concordance(scores)
    assert ours is not None
    assert (ours.w * 5 * 19, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_judges_who_agree_in_all_have_a_w_of_1_and_an_icc_of_1() -> None:
    scores = np.repeat(np.arange(6.0)[:, None], 3, axis=1)
    found, ranks = agreement(scores), concordance(scores)
    assert found is not None
    assert ranks is not None
    assert (found.single.value, found.average.value, ranks.w) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize("scores", [np.empty((0, 3)), np.ones((1, 3)), np.ones((5, 1)), np.ones((5, 3))])
def test_where_a_coefficient_does_not_exist_none_is_told(scores: NDArray[np.float64]) -> None:
    assert (agreement(scores), concordance(scores)) == (None, None)


def test_a_severe_judge_is_below_the_others_by_his_severity() -> None:
    table = score_table(jury({"A": ["40", "38", "30"], "B": ["36", "36", "28"], "C": [None, None, "20"]}))
    assert [(profile.judge, profile.sheets, profile.severity) for profile in judge_profiles(table)] == [
        ("J1", 2, -5.0), ("J2", 2, -3.5), ("J3", 3, 8.5)]
    assert [profile.spread for profile in judge_profiles(table)] == pytest.approx([8**0.5, 2**0.5, 28**0.5])


def test_only_entries_that_every_judge_scored_enter_the_coefficients() -> None:
    table = score_table(jury({"A": ["40", "38"], "B": ["36", None], "C": ["30", "31"]}))
    assert table.complete_rows().tolist() == [[70.0, 68.0], [60.0, 61.0]]


def test_a_unanimous_jury_leaves_no_doubt_about_any_place() -> None:
    round_ = jury({"A": ["40"] * 5, "B": ["39.5"] * 5, "C": ["30"] * 5}, quota={"total": 1}, pass_mark="65")
    assert place_confidence(round_, draws=50) == (
        PlaceConfidence("A", 1, 1, 1.0, 1.0), PlaceConfidence("B", 2, 2, 1.0, 0.0), PlaceConfidence("C", 3, 3, 0.0, 0.0))


def test_a_tie_across_the_quota_line_is_not_inside_it() -> None:
    round_ = jury({"A": ["40"] * 3, "B": ["40"] * 3}, quota={"groups": {"CB": 1}})
    assert [item.within_quota for item in place_confidence(round_, draws=20)] == [0.0, 0.0]


def test_a_judge_who_is_severe_with_everybody_moves_no_place() -> None:
    round_ = jury({"A": ["40", "40", "20"], "B": ["39", "39", "19"]}, pass_mark="65")
    first, second = place_confidence(round_, draws=400, seed=3)
    assert (first.low, first.high, second.low, second.high) == (1, 1, 2, 2)
    assert 0.1 < first.passing < 0.5


@pytest.mark.parametrize("method", ["mean", "median", "trimmed_mean"])
def test_a_bootstrap_with_gaps_stays_near_the_exact_shares(method: str) -> None:
    row: list[str | None] = ["40", "40", "40", "30", "30", "30"]
    rows = {"A": row, "B": [*row[:5], None]}
    first, second = place_confidence(jury(rows, method=method), draws=4000, seed=1)
    assert (first.entry, second.entry) == ("A", "B")
    exact = {"mean": 0.0156, "median": 0.3438, "trimmed_mean": 0.1094}[method]
    assert first.passing == pytest.approx(exact, abs=0.03)


def test_the_same_seed_gives_the_same_confidence() -> None:
    round_ = jury({"A": ["40", "36", None], "B": ["38", "39", "30"]})
    assert place_confidence(round_, draws=100, seed=5) == place_confidence(round_, draws=100, seed=5)
    assert place_confidence(round_, draws=100, seed=5) != place_confidence(round_, draws=100, seed=6)


def test_a_round_in_which_nothing_is_ranked_has_no_confidence() -> None:
    assert place_confidence(jury({"A": ["40"]}, min_sheets=2)) == ()


def test_the_entries_that_one_judge_decides_are_named() -> None:
    round_ = jury({"A": ["40", "40", "40"], "B": ["40", "40", "30"]}, min_sheets=3, pass_mark="67")
    assert flips_without_one_judge(round_) == (Flip("J3", "B", "below_pass_mark", "selected"),)


def test_an_entry_that_only_one_judge_scored_would_be_insufficient_without_him() -> None:
    round_ = jury({"A": ["40", None], "B": ["40", "40"]})
    assert flips_without_one_judge(round_) == (Flip("J1", "A", "selected", "insufficient"),)


def test_advice_changes_no_result() -> None:
    round_ = jury({"A": ["40", "36"], "B": ["38", "39"]})
    before = compute(round_)
    place_confidence(round_, draws=10)
    flips_without_one_judge(round_)
    assert compute(round_) == before
