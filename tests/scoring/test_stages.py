"""Two stages: who goes on, how two figures become one, and that files of one stage stay what they were."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.bundle import bundle, verify_bundle, verify_bytes
from scoring.canonical import canonical_json
from scoring.checking_stages import check_round
from scoring.errors import BundleError
from scoring.result import compute
from scoring.round import Round
from scoring.stages import first_stage
from tests.scoring.builders import changed, round_file, rounds, sheet

ROOT = Path(__file__).parents[2]
HIGH, MIDDLE, LOW = ("40", "40", "10", "0"), ("35", "30", "5", "0"), ("20", "20", "5", "0")  # 90, 70, 45 points


def staged(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]], *, sent: tuple[str, ...] | None = None,
           **stages: Any) -> dict[str, Any]:
    """One judge; the marks of each entry in both stages."""
    raw = round_file({(entry, "J1"): marks for entry, marks in first.items()},
                     stages={"combine": "last", "pass_mark": "70", "comparison": "reached"} | stages)
    raw["schema"] = "tieubieu-round/2"
    raw["sheets"] = [item | {"stage": 1} for item in raw["sheets"]]
    raw["sheets"] += [sheet(entry, "J1", marks) | {"stage": 2} for entry, marks in second.items()]
    raw["advanced"] = list(second) if sent is None else list(sent)
    return raw


def exact(raw: dict[str, Any], code: str) -> str | None:
    return compute(Round.from_dict(raw)).by_code[code].exact


def test_the_mark_is_reached_or_exceeded_as_the_rule_says() -> None:
    first = {"A": HIGH, "B": MIDDLE, "C": LOW}
    reached = first_stage(Round.from_dict(staged(first, {})))
    exceeded = first_stage(Round.from_dict(staged(first, {}, comparison="exceeded")))
    assert {code: line.reached for code, line in reached.items()} == {"A": True, "B": True, "C": False}
    assert {code: line.reached for code, line in exceeded.items()} == {"A": True, "B": False, "C": False}


@pytest.mark.parametrize(("stages", "expected"), [
    ({"combine": "last"}, "70"), ({"combine": "mean"}, "80"), ({"combine": "weighted", "first_percent": 30}, "76")])
def test_the_two_figures_become_one_by_the_frozen_rule(stages: dict[str, Any], expected: str) -> None:
    assert exact(staged({"A": HIGH}, {"A": MIDDLE}, **stages), "A") == expected


def test_an_entry_that_was_not_sent_on_has_no_figure_and_shows_what_the_first_stage_said() -> None:
    line = compute(Round.from_dict(staged({"A": HIGH, "C": LOW}, {"A": MIDDLE}))).by_code["C"].to_dict()
    assert (line["status"], line["exact"], line["place"], line["selection"]) == ("not_advanced", None, None, None)
    assert line["stages"] == [{"stage": 1, "counted": 1, "exact": "45", "published": "45.00", "reached": False}]


def test_an_entry_sent_on_without_a_sheet_of_the_second_stage_is_insufficient_not_zero() -> None:
    line = compute(Round.from_dict(staged({"A": HIGH}, {}, sent=("A",)))).by_code["A"]
    assert (line.status, line.exact, line.counted) == ("insufficient", None, 0)


def test_a_recusal_after_the_first_stage_was_closed_changes_its_figure_but_not_who_went_on() -> None:
    raw = staged({"A": HIGH}, {"A": HIGH})
    raw["sheets"] += [sheet("A", "J2", LOW) | {"stage": 1}, sheet("A", "J2", MIDDLE) | {"stage": 2}]
    raw["roster"] = ["J1", "J2"]
    raw["recusals"] = [{"entry": "A", "judge": "J1", "reason": "Người nhà"}]
    line = compute(Round.from_dict(raw)).by_code["A"]
    assert (line.status, line.exact, [one.reached for one in line.stages or ()]) == ("ranked", "70", [False, None])


def test_criteria_break_ties_by_the_means_of_both_stages_combined() -> None:
    first = {"A": ("30", "40", "0", "0"), "B": ("40", "30", "0", "0")}
    raw = staged(first, {"A": ("40", "30", "0", "0"), "B": ("31", "39", "0", "0")}, combine="mean")
    raw["rules"]["tie_break"] = ["criterion:1"]  # A has 35, B 35.5
    assert compute(Round.from_dict(raw)).order == ("B", "A")


FAULTS = [
    (("sheets", 0, "stage"), 3, "sheets[0].stage", "not_choice"),
    (("sheets", 0, "stage"), True, "sheets[0].stage", "not_choice"),
    (("advanced",), [], "sheets[1].stage", "not_advanced"),
    (("advanced",), ["A", "X"], "advanced[1]", "unknown_entry"),
    (("advanced",), ["A", "A"], "advanced[1]", "duplicate_code"),
    (("rules", "stages", "combine"), "best", "rules.stages.combine", "not_choice"),
    (("rules", "stages", "comparison"), "above", "rules.stages.comparison", "not_choice"),
    (("rules", "stages", "pass_mark"), 70, "rules.stages.pass_mark", "not_decimal"),
    (("rules", "stages", "combine"), "weighted", "rules.stages.first_percent", "missing_key"),
    (("rules", "stages", "first_percent"), 30, "rules.stages.first_percent", "unknown_key"),
    (("schema",), "tieubieu-round/3", "schema", "wrong_schema"),
]


@pytest.mark.parametrize(("path", "value", "place", "code"), FAULTS)
def test_each_fault_of_a_staged_file_is_named_with_its_place(path: tuple[str | int, ...], value: Any, place: str,
                                                             code: str) -> None:
    found = check_round(changed(staged({"A": HIGH}, {"A": MIDDLE}), *path, to=value))
    assert (place, code) in [(item.path, item.code) for item in found]


@pytest.mark.parametrize("percent", [0, 100, "30"])
def test_a_weight_leaves_both_stages_a_share(percent: Any) -> None:
    raw = staged({"A": HIGH}, {"A": MIDDLE}, combine="weighted", first_percent=percent)
    assert [(item.path, item.code) for item in check_round(raw)] == [("rules.stages.first_percent", "not_integer")]


def test_a_judge_has_one_sheet_a_stage_and_no_two() -> None:
    raw = staged({"A": HIGH}, {"A": MIDDLE})
    assert check_round(raw) == []
    raw["sheets"].append(raw["sheets"][1])
    assert [(item.path, item.code) for item in check_round(raw)] == [("sheets[2]", "duplicate_sheet")]


def test_a_round_of_one_stage_knows_no_stage() -> None:
    raw = round_file()
    raw["sheets"][0]["stage"] = 1
    assert [(item.path, item.code) for item in check_round(raw)] == [("sheets[0].stage", "unknown_key")]


@st.composite
def staged_rounds(draw: st.DrawFn) -> dict[str, Any]:
    raw = draw(rounds(least_judges=1))
    combine = draw(st.sampled_from(["last", "mean", "weighted"]))
    raw["schema"] = "tieubieu-round/2"
    raw["rules"]["stages"] = {"combine": combine, "pass_mark": draw(st.sampled_from(["0", "70", "73.25"])),
                              "comparison": draw(st.sampled_from(["reached", "exceeded"]))}
    if combine == "weighted":
        raw["rules"]["stages"]["first_percent"] = draw(st.integers(1, 99))
    raw["advanced"] = [entry["code"] for entry in raw["entries"] if draw(st.booleans())]
    raw["sheets"] = [item | {"stage": stage} for item in raw["sheets"] for stage in (1, 2)
                     if stage == 1 or (item["entry"] in raw["advanced"] and draw(st.integers(0, 3)))]
    return raw


@settings(max_examples=60, deadline=None)
@given(staged_rounds())
def test_every_figure_is_the_rule_over_the_figures_of_the_stages_as_rounds_of_their_own(raw: dict[str, Any]) -> None:
    round_ = Round.from_dict(raw)
    alone = [compute(round_.of_stage(stage)).by_code for stage in (1, 2)]
    for line in compute(round_).entries:
        found = [part[line.code].exact if line.code in part else None for part in alone]
        told = [one.exact for one in line.stages or ()]
        assert told == (found if line.code in raw["advanced"] else found[:1])
        assert line.exact == _combined(raw["rules"]["stages"], found)


def _combined(rules: dict[str, Any], found: list[str | None]) -> str | None:
    if found[1] is None or (found[0] is None and rules["combine"] != "last"):
        return None
    first, second = Fraction(found[0] or 0), Fraction(found[1])
    share = {"last": Fraction(0), "mean": Fraction(1, 2)}.get(rules["combine"], Fraction(rules.get("first_percent", 0), 100))
    return str(first * share + second * (1 - share))


@settings(max_examples=30, deadline=None)
@given(staged_rounds())
def test_a_staged_bundle_verifies_and_a_changed_one_does_not(raw: dict[str, Any]) -> None:
    document = bundle(Round.from_dict(raw))
    assert document["schema"] == "tieubieu-bundle/2"
    assert document["round"] == raw
    verify_bytes(canonical_json(document))
    for key, lie in (("schema", "tieubieu-bundle/1"), ("round_sha256", "0" * 64)):
        with pytest.raises(BundleError):
            verify_bundle(document | {key: lie})


def test_who_went_on_and_what_a_stage_said_cannot_be_changed_in_a_bundle() -> None:
    document = bundle(Round.from_dict(staged({"A": HIGH, "B": MIDDLE}, {"A": HIGH, "B": LOW})))
    for path, lie in ((("result", "entries", 1, "stages", 0, "reached"), False), (("round", "advanced"), ["B", "A"]),
                      (("result", "schema"), "tieubieu-result/1")):
        with pytest.raises(BundleError):
            verify_bundle(changed(document, *path, to=lie))


def test_both_commands_work_on_two_stages_with_nothing_but_python(tmp_path: Path) -> None:
    source, target = tmp_path / "round.json", tmp_path / "bundle.json"
    source.write_text(json.dumps(staged({"A": HIGH, "B": LOW}, {"A": MIDDLE}, combine="weighted", first_percent=40)))
    command = [sys.executable, "-E", "-S", "-s", "-m", "scoring"]
    target.write_bytes(subprocess.run([*command, "compute", source], cwd=ROOT, env={}, capture_output=True, check=True).stdout)
    told = subprocess.run([*command, "verify", target], cwd=ROOT, env={}, capture_output=True, check=True).stdout.decode()
    assert told.startswith("KHỚP")
    target.write_bytes(target.read_bytes().replace(b'"advanced":["A"]', b'"advanced":["B"]'))
    assert subprocess.run([*command, "verify", target], cwd=ROOT, env={}, capture_output=True, check=False).returncode == 1


# As the version before stages wrote it; the digests are those of that version.
OLD = (
    '{"exclusions":[],"result":{"entries":[{"code":"E1","counted":1,"decided_by":null,"exact":"323/4","group":"CB",'
    '"group_place":1,"place":1,"published":"80.75","selection":"selected","status":"ranked","tier":null}],"order":["E1"],'
    '"round_sha256":"ROUND","schema":"tieubieu-result/1","software":"0.1.0"},"result_sha256":"RESULT","round":{"entries":'
    '[{"code":"E1","group":"CB","locality":"38"}],"recusals":[],"roster":["J1"],"rubric":{"criteria":[{"code":"1","max":'
    '"40","step":"0.5"},{"code":"2","max":"40","step":"0.5"},{"code":"3","max":"10","step":"0.25"},{"code":"4","max":"10",'
    '"step":"1"}]},"rules":{"method":"mean","min_sheets":1,"pass_mark":"70","places":2,"quota":{},"tie_break":[]},"schema":'
    '"tieubieu-round/1","sheets":[{"entry":"E1","judge":"J1","points":{"1":"35.5","2":"30","3":"8.25","4":"7"},"status":'
    '"signed"}]},"round_sha256":"ROUND","schema":"tieubieu-bundle/1"}')


def test_a_bundle_from_before_there_were_stages_still_verifies_byte_for_byte() -> None:
    old = OLD.replace("ROUND", "e924b8e9b5885db3b33aadd29c11957b863447b5bba5ceb38cbc8f59562e54e2")
    old = old.replace("RESULT", "dd15f682bbaf17c6216b25cb567cac8ad962bee480f8129ef8f90116edce64c4")
    assert verify_bytes(old.encode()).order == ("E1",)
    assert canonical_json(bundle(Round.from_dict(json.loads(old)["round"]))).decode() == old
