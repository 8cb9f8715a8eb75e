"""The public round file: what is refused, all of it at once, each fault with its place."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from scoring.bundle import read_json
from scoring.canonical import canonical_json
from scoring.checking_stages import check_round
from scoring.errors import RoundError
from scoring.round import Entry, Round
from scoring.rubric import Criterion, Rubric
from scoring.rules import Quota, Rules, Tier
from scoring.sheet import DraftSheet, SignedSheet
from tests.scoring.builders import changed, round_file, rounds, sheet


def faults(raw: Any) -> list[tuple[str, str]]:
    return [(item.path, item.code) for item in check_round(raw)]


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_a_round_that_was_read_writes_the_very_same_document(raw: dict[str, Any]) -> None:
    assert Round.from_dict(raw).to_dict() == raw


def test_all_faults_of_a_file_are_named_at_once_with_their_places() -> None:
    raw = round_file({("E1", f"J{number}"): ("35.5", "30", "8.25", "7") for number in range(5)})
    raw["sheets"][0]["points"].pop("3")
    raw["sheets"][1]["points"]["1"] = "35.3"
    raw["sheets"][2]["points"] |= {"2": "41", "9": "1"}
    raw["sheets"][3]["judge"] = "J7"
    raw["sheets"].append(copy.deepcopy(raw["sheets"][4]))
    raw["rules"]["method"] = "average"
    raw["remark"] = "x"
    assert faults(raw) == [
        ("remark", "unknown_key"),
        ("rules.method", "not_choice"),
        ("sheets[0].points.3", "criterion_missing"),
        ("sheets[1].points.1", "points_off_step"),
        ("sheets[2].points.2", "points_above_maximum"),
        ("sheets[2].points.9", "criterion_unknown"),
        ("sheets[3].judge", "unknown_judge"),
        ("sheets[5]", "duplicate_sheet")]


def test_a_fault_is_told_in_vietnamese_with_its_place_and_code() -> None:
    (problem,) = check_round(changed(round_file(), "sheets", 0, "points", "1", to="40.5"))
    assert str(problem) == "sheets[0].points.1: Điểm 40,5 vượt điểm tối đa 40. [points_above_maximum]"


FAULTS: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    (("schema",), "tieubieu-round/3", "schema", "wrong_schema"),
    (("rubric",), [], "rubric", "not_object"),
    (("rubric", "name"), "x", "rubric.name", "unknown_key"),
    (("rubric", "criteria", 0, "step"), "0", "rubric.criteria[0].step", "not_positive"),
    (("rubric", "criteria", 0, "max"), 40, "rubric.criteria[0].max", "not_decimal"),
    (("rubric", "criteria", 0, "weight"), "1", "rubric.criteria[0].weight", "unknown_key"),
    (("rules", "min_sheets"), 0, "rules.min_sheets", "not_integer"),
    (("rules", "min_sheets"), True, "rules.min_sheets", "not_integer"),
    (("rules", "min_sheets"), 3.0, "rules.min_sheets", "not_integer"),
    (("rules", "places"), -1, "rules.places", "not_integer"),
    (("rules", "pass_mark"), 70, "rules.pass_mark", "not_decimal"),
    (("rules", "pass_mark"), "70,0", "rules.pass_mark", "not_decimal"),
    (("rules", "tie_break"), ["criterion:9"], "rules.tie_break[0]", "unknown_tie_break"),
    (("rules", "tie_break"), ["row_id"], "rules.tie_break[0]", "unknown_tie_break"),
    (("rules", "quota", "total"), -1, "rules.quota.total", "not_integer"),
    (("rules", "quota", "localities"), {"38": 1}, "rules.quota.localities", "unknown_key"),
    (("rules", "quota", "groups"), {"CB": "20"}, "rules.quota.groups.CB", "not_integer"),
    (("rules", "tiers"), [{"name": "A", "min": "90"}, {"name": "B", "min": "90.0"}], "rules.tiers[1].min", "duplicate_tier"),
    (("rules", "tiers"), None, "rules.tiers", "not_list"),
    (("roster",), ["J1", "J1"], "roster[1]", "duplicate_code"),
    (("roster",), ["J1", 2], "roster[1]", "not_text"),
    (("entries", 0, "name"), "Gốm", "entries[0].name", "unknown_key"),
    (("entries", 0, "locality"), "", "entries[0].locality", "empty_text"),
    (("entries", 0, "group"), "\ud800", "entries[0].group", "bad_text"),
    (("sheets", 0), None, "sheets[0]", "not_object"),
    (("sheets", 0, "status"), "sealed", "sheets[0].status", "not_choice"),
    (("sheets", 0, "status"), ["signed"], "sheets[0].status", "not_choice"),
    (("sheets", 0, "entry"), "E9", "sheets[0].entry", "unknown_entry"),
    (("sheets", 0, "entry"), ["E1"], "sheets[0].entry", "not_text"),
    (("sheets", 0, "points"), [], "sheets[0].points", "not_object"),
    (("sheets", 0, "points", "1"), 35.5, "sheets[0].points.1", "not_decimal"),
    (("sheets", 0, "points", "1"), None, "sheets[0].points.1", "not_decimal"),
    (("sheets", 0, "points", "1"), ["1"], "sheets[0].points.1", "not_decimal"),
    (("sheets", 0, "points", "1"), "1e1", "sheets[0].points.1", "not_decimal"),
    (("sheets", 0, "points", "1"), "NaN", "sheets[0].points.1", "not_decimal"),
    (("sheets", 0, "points", "1"), "-1", "sheets[0].points.1", "not_decimal"),
    (("recusals",), [{"entry": "E1", "judge": "J9", "reason": ""}], "recusals[0].judge", "unknown_judge"),
    (("recusals",), [{"entry": "E9", "judge": "J1", "reason": ""}], "recusals[0].entry", "unknown_entry"),
    (("recusals",), [{"entry": "E1", "judge": "J1", "reason": 3}], "recusals[0].reason", "not_text"),
]


@pytest.mark.parametrize(("place", "value", "path", "code"), FAULTS)
def test_each_fault_is_named_with_its_place_and_nothing_else_is(
        place: tuple[str | int, ...], value: Any, path: str, code: str) -> None:
    assert faults(changed(round_file(), *place, to=value)) == [(path, code)]


@pytest.mark.parametrize("key", ["schema", "rubric", "rules", "roster", "entries", "sheets", "recusals"])
def test_every_part_of_the_file_is_required(key: str) -> None:
    raw = round_file()
    del raw[key]
    assert faults(raw) == [(key, "missing_key")]


def test_only_quota_and_tiers_may_be_absent_from_the_rules() -> None:
    raw = round_file(tiers=[])
    for key in list(raw["rules"]):
        rules = {name: value for name, value in raw["rules"].items() if name != key}
        expected = [] if key in ("quota", "tiers") else [(f"rules.{key}", "missing_key")]
        assert faults(raw | {"rules": rules}) == expected


@pytest.mark.parametrize("raw", [None, [], "x", 3, True])
def test_a_file_that_is_no_object_is_refused(raw: Any) -> None:
    assert faults(raw) == [("", "not_object")]


def test_a_draft_may_have_gaps_but_no_wrong_marks() -> None:
    raw = round_file()
    raw["sheets"] = [sheet("E1", "J1", ("35.5",), "draft")]
    assert faults(raw) == []
    raw["sheets"] = [sheet("E1", "J1", ("35.3",), "draft")]
    assert faults(raw) == [("sheets[0].points.1", "points_off_step")]


def test_a_key_written_twice_is_refused_where_it_stands() -> None:
    text = canonical_json(round_file()).decode()
    twice = text.replace('"judge":"J1"', '"judge":"J2","judge":"J1"').replace('"places":2', '"places":2,"places":2')
    assert faults(read_json(twice.encode())) == [("rules", "repeated_key"), ("sheets[0]", "repeated_key")]


@pytest.mark.parametrize(("data", "code"), [
    (b"{", "not_json"), (b"", "not_json"), (b"\xff{}", "not_utf8"), (b"\xef\xbb\xbf{}", "not_json"),
    (b"[" * 200_000, "not_json"), (b'{"a": ' + b"9" * 10_000 + b"}", "not_json")])
def test_a_file_that_is_no_json_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(RoundError) as caught:
        read_json(data)
    assert [problem.code for problem in caught.value.problems] == [code]


def cast() -> dict[str, Any]:
    rubric = Rubric((Criterion("1", Decimal(40), Decimal("0.5"), "Thị trường"),))
    rules = Rules("median", 3, Decimal("70.5"), 1, ("criterion:1",), Quota(5, {"CB": 2}), (Tier("A", Decimal(90)),))
    return {"rubric": rubric, "rules": rules, "roster": ("J1", "J2"), "entries": (Entry("E1", "CB", "38"),),
            "sheets": (SignedSheet("E1", "J1", {"1": Decimal("35.5")}), DraftSheet("E1", "J2", {}))}


def test_a_round_built_in_memory_writes_the_public_file() -> None:
    assert Round(**cast()).to_dict() == {
        "schema": "tieubieu-round/1", "rubric": {"criteria": [{"code": "1", "max": "40", "step": "0.5"}]},
        "rules": {"method": "median", "min_sheets": 3, "pass_mark": "70.5", "places": 1, "tie_break": ["criterion:1"],
                  "quota": {"total": 5, "groups": {"CB": 2}}, "tiers": [{"name": "A", "min": "90"}]},
        "roster": ["J1", "J2"], "entries": [{"code": "E1", "group": "CB", "locality": "38"}],
        "sheets": [{"entry": "E1", "judge": "J1", "status": "signed", "points": {"1": "35.5"}},
                   {"entry": "E1", "judge": "J2", "status": "draft", "points": {}}],
        "recusals": []}


def test_a_round_built_in_memory_is_checked_like_a_file() -> None:
    sheets = (SignedSheet("E1", "J3", {"1": Decimal("35.3")}),)
    with pytest.raises(RoundError) as caught:
        Round(**cast() | {"sheets": sheets})
    assert [(item.path, item.code) for item in caught.value.problems] == [
        ("sheets[0].judge", "unknown_judge"), ("sheets[0].points.1", "points_off_step")]
    assert str(caught.value) == "Dữ liệu đợt bình chọn có 2 lỗi."


def test_rules_survive_their_dictionary_and_a_changed_rule_changes_the_digest() -> None:
    rules = cast()["rules"]
    assert Rules.from_dict(rules.to_dict()) == rules
    assert Rules.from_dict(rules.to_dict() | {"places": 2}).digest() != rules.digest()
