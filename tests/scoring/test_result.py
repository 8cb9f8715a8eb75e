"""What a round file computes to."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.awards import select, short_localities
from scoring.result import compute
from scoring.round import Round
from tests.scoring.builders import changed, naive_result, round_file, rounds, sheet, totals


def result_of(raw: dict[str, Any]) -> dict[str, Any]:
    return compute(Round.from_dict(raw)).to_dict()


def lines_of(raw: dict[str, Any], field: str) -> dict[str, Any]:
    return {line["code"]: line[field] for line in result_of(raw)["entries"]}


def test_a_result_has_the_form_of_the_public_file() -> None:
    raw = round_file({("E1", "J1"): ("35.5", "30", "8.25", "7"), ("E1", "J2"): ("35", "30", "8", "7"),
                      ("E1", "J3"): ("35", "30", "8", "7")})
    assert result_of(raw) == {
        "schema": "tieubieu-result/1", "round_sha256": Round.from_dict(raw).digest(), "software": "0.1.0",
        "order": ["E1"],
        "entries": [{"code": "E1", "group": "CB", "status": "ranked", "counted": 3, "exact": "321/4",
                     "published": "80.25", "place": 1, "group_place": 1, "decided_by": None, "selection": "selected",
                     "tier": None}]}


@settings(max_examples=400, deadline=None)
@given(rounds())
def test_it_agrees_with_a_naive_second_implementation(raw: dict[str, Any]) -> None:
    told = result_of(raw)
    assert {"order": told["order"], "entries": told["entries"]} == naive_result(raw)


@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms())
def test_the_order_of_sheets_entries_judges_and_recusals_changes_nothing(raw: dict[str, Any], dice: random.Random) -> None:
    shuffled = dict(raw)
    for key in ("sheets", "entries", "roster", "recusals"):
        shuffled[key] = dice.sample(raw[key], len(raw[key]))
    assert result_of(shuffled) | {"round_sha256": ""} == result_of(raw) | {"round_sha256": ""}


@settings(max_examples=100, deadline=None)
@given(rounds(least_judges=1))
def test_the_sheet_of_a_recused_judge_changes_nothing(raw: dict[str, Any]) -> None:
    recused = raw | {"recusals": [{"entry": item["entry"], "judge": "J0", "reason": ""} for item in raw["sheets"]]}
    removed = recused | {"sheets": [item for item in raw["sheets"] if item["judge"] != "J0"]}
    assert result_of(recused) | {"round_sha256": ""} == result_of(removed) | {"round_sha256": ""}


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_quotas_are_never_exceeded_and_nobody_below_the_pass_mark_is_selected(raw: dict[str, Any]) -> None:
    selected = [line for line in result_of(raw)["entries"] if line["selection"] == "selected"]
    quota = raw["rules"]["quota"]
    assert len(selected) <= quota.get("total", len(selected))
    for group, limit in quota.get("groups", {}).items():
        assert len([line for line in selected if line["group"] == group]) <= limit
    assert [line for line in selected if Decimal(line["published"]) < Decimal(raw["rules"]["pass_mark"])] == []


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_the_ranking_is_a_total_preorder_with_places_1_2_2_4(raw: dict[str, Any]) -> None:
    told = result_of(raw)
    by_code = {line["code"]: line for line in told["entries"]}
    places = [by_code[code]["place"] for code in told["order"]]
    assert places == sorted(places)
    assert places == [places.index(place) + 1 for place in places]
    assert sorted(told["order"]) == [line["code"] for line in told["entries"] if line["status"] == "ranked"]
    for before, after in zip(told["order"], told["order"][1:], strict=False):
        assert (by_code[after]["decided_by"] == "tie") == (by_code[before]["place"] == by_code[after]["place"])


def test_half_goes_up_when_a_figure_is_published() -> None:
    marks = {("E1", f"J{number}"): ("40", "30", "0", "0") for number in range(8)}
    raw = round_file(marks | {("E1", "J0"): ("40", "30", "0.25", "0"), ("E1", "J1"): ("40", "30", "0.25", "0"),
                              ("E1", "J2"): ("40", "30", "0.5", "0")})
    assert lines_of(raw, "exact") == {"E1": "561/8"}
    assert lines_of(raw, "published") == {"E1": "70.13"}


def test_a_figure_just_under_the_pass_mark_passes_when_its_published_figure_reaches_it() -> None:
    marks = {("E1", f"J{number}"): ("40", "30", "0", "0") for number in range(60)}
    raw = round_file(marks | {("E1", "J0"): ("40", "29", "0.75", "0")})
    assert lines_of(raw, "exact") == {"E1": "16799/240"}
    assert lines_of(raw, "selection") == {"E1": "selected"}
    assert lines_of(changed(raw, "rules", "places", to=3), "selection") == {"E1": "below_pass_mark"}


def test_a_trimmed_mean_needs_five_sheets_and_drops_one_highest_and_one_lowest_total() -> None:
    marks = {("E1", f"J{number}"): (points, "30", "0", "0") for number, points in enumerate(["0", "39", "40", "40", "40"])}
    raw = round_file(marks, method="trimmed_mean")
    assert lines_of(raw, "exact") == {"E1": "209/3"}
    del raw["sheets"][0]
    assert lines_of(raw, "status") == {"E1": "insufficient"}


def test_the_median_of_an_even_number_of_sheets_is_the_mean_of_the_two_in_the_middle() -> None:
    marks = {("E1", f"J{number}"): (points, "30", "0", "0") for number, points in enumerate(["0", "39", "40", "40"])}
    assert lines_of(round_file(marks, method="median"), "exact") == {"E1": "139/2"}


def test_too_few_sheets_are_insufficient_and_everything_that_follows_is_null() -> None:
    (line,) = result_of(round_file(min_sheets=2))["entries"]
    assert line == {"code": "E1", "group": "CB", "status": "insufficient", "counted": 1, "exact": None, "published": None,
                    "place": None, "group_place": None, "decided_by": None, "selection": None, "tier": None}


def test_a_draft_does_not_count_even_when_it_is_complete() -> None:
    raw = round_file()
    raw["roster"] = ["J1", "J2"]
    raw["sheets"].append(sheet("E1", "J2", ("0", "0", "0", "0"), "draft"))
    assert lines_of(raw, "published") == {"E1": "80.75"}


def test_each_pair_of_neighbours_is_told_apart_by_the_first_rule_that_differs() -> None:
    marks = {
        ("A", "J1"): ("40", "35", "5", "0"), ("A", "J2"): ("40", "35", "5", "0"),
        ("B", "J1"): ("35", "40", "5", "0"), ("B", "J2"): ("35", "40", "5", "0"),
        ("C", "J1"): ("35", "40", "6", "0"), ("C", "J2"): ("35", "40", "4", "0"),
        ("D", "J1"): ("35", "40", "6", "0"), ("D", "J2"): ("35", "40", "4", "0"),
        ("E", "J1"): ("30", "40", "5", "0"), ("E", "J2"): ("30", "40", "5", "0")}
    raw = round_file(marks, tie_break=["criterion:1", "lower_spread"])
    assert result_of(raw)["order"] == ["A", "B", "C", "D", "E"]
    assert lines_of(raw, "decided_by") == {"A": None, "B": "criterion:1", "C": "lower_spread", "D": "tie", "E": "points"}
    assert lines_of(raw, "place") == {"A": 1, "B": 2, "C": 3, "D": 3, "E": 5}


def test_a_tie_across_the_quota_goes_to_the_council_and_all_after_it_are_over() -> None:
    raw = round_file(totals(A="80", B="79", C="79", D="78"), quota={"total": 2})
    assert lines_of(raw, "selection") == {"A": "selected", "B": "council", "C": "council", "D": "over_quota"}


def test_a_tie_after_a_full_quota_is_over_quota() -> None:
    raw = round_file(totals(A="80", B="79", C="79"), quota={"total": 1})
    assert lines_of(raw, "selection") == {"A": "selected", "B": "over_quota", "C": "over_quota"}


def test_those_who_fall_to_the_council_in_their_group_take_nothing_from_the_total() -> None:
    raw = round_file(totals(A="80", B="80", C="79", D="78"), quota={"total": 2, "groups": {"TCMN": 1}})
    for position in (0, 1):
        raw["entries"][position]["group"] = "TCMN"
    assert lines_of(raw, "selection") == {"A": "council", "B": "council", "C": "selected", "D": "selected"}


def test_an_entry_below_the_pass_mark_takes_no_place_in_the_quota() -> None:
    raw = round_file(totals(A="69.5", B="70"), quota={"total": 1, "groups": {"CB": 1}})
    assert lines_of(raw, "selection") == {"A": "below_pass_mark", "B": "selected"}


def test_the_tier_is_that_of_the_highest_floor_reached_and_null_below_the_pass_mark() -> None:
    tiers = [{"name": "C", "min": "60"}, {"name": "A", "min": "80"}, {"name": "B", "min": "75"}]
    raw = round_file(totals(A="80", B="79.5", C="74.5", D="69"), tiers=tiers)
    assert lines_of(raw, "tier") == {"A": "A", "B": "B", "C": "C", "D": None}


def test_marks_of_many_digits_lose_nothing() -> None:
    raw = round_file({("E1", "J1"): ("1", "0", "0", "0")})
    raw["rubric"]["criteria"][0] |= {"max": "99999999999", "step": "0.000000000001"}
    raw["sheets"][0]["points"]["1"] = "12345678901.123456789012"
    raw["rubric"]["criteria"][1]["step"] = "0.0000000000000000000001"
    assert lines_of(raw, "exact") == {"E1": str(Fraction("12345678901.123456789012"))}


def test_a_round_without_places_publishes_whole_numbers() -> None:
    assert lines_of(round_file(places=0), "published") == {"E1": "81"}


@pytest.mark.parametrize(("quota", "expected"), [
    ({"38": 1}, {"A": "selected", "B": "over_quota", "C": "selected"}),
    ({"40": 0}, {"A": "selected", "B": "selected", "C": "over_quota"})])
def test_a_quota_of_a_locality_can_be_asked_for_in_memory(quota: dict[str, int], expected: dict[str, str]) -> None:
    from scoring.aggregation import figures
    from scoring.ranking import chain, rank

    round_ = Round.from_dict(round_file(totals(A="80", B="79", C="78")))
    standings = rank(figures(round_).values(), dict.fromkeys("ABC", "CB"), chain((), round_.rubric))
    assert select(standings, round_.rules, {"A": "38", "B": "38", "C": "40"}, quota) == expected


def test_a_locality_under_its_minimum_is_named_with_what_it_lacks() -> None:
    selection = {"A": "selected", "B": "council", "C": "selected"}
    localities = {"A": "38", "B": "40", "C": "38"}
    assert short_localities(selection, localities, {"38": 2, "40": 1, "44": 2}) == {"40": 1, "44": 2}
