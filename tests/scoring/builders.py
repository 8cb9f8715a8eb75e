"""Small rounds for the tests, and a second, naive implementation of the public format to compare with."""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

CRITERIA = (("1", "40", "0.5"), ("2", "40", "0.5"), ("3", "10", "0.25"), ("4", "10", "1"))

Json = dict[str, Any]


def round_file(marks: Mapping[tuple[str, str], tuple[str, ...]] | None = None, **rules: Any) -> Json:
    """A round of the statutory four criteria; ``marks`` maps (entry, judge) to the four marks, all signed."""
    marks = {("E1", "J1"): ("35.5", "30", "8.25", "7")} if marks is None else marks
    entries = sorted({entry for entry, _ in marks})
    return {
        "schema": "tieubieu-round/1",
        "rubric": {"criteria": [{"code": code, "max": top, "step": step} for code, top, step in CRITERIA]},
        "rules": {"method": "mean", "min_sheets": 1, "pass_mark": "70", "places": 2, "tie_break": [], "quota": {}} | rules,
        "roster": sorted({judge for _, judge in marks}),
        "entries": [{"code": code, "group": "CB", "locality": "38"} for code in entries],
        "sheets": [sheet(entry, judge, points) for (entry, judge), points in marks.items()],
        "recusals": [],
    }


def sheet(entry: str, judge: str, points: tuple[str, ...], status: str = "signed") -> Json:
    """A sheet of the round file; fewer than four marks leave the last criteria out."""
    codes = [code for code, _, _ in CRITERIA]
    return {"entry": entry, "judge": judge, "status": status, "points": dict(zip(codes, points, strict=False))}


def totals(**figures: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Marks of one judge so that each entry's total is the given multiple of 0.5 (0 to 80)."""
    return {(entry, "J1"): (str(min(Decimal(40), Decimal(total))), str(max(Decimal(0), Decimal(total) - 40)), "0", "0")
            for entry, total in figures.items()}


@st.composite
def rounds(draw: st.DrawFn, least_judges: int = 0, most_judges: int = 7) -> Json:
    """Valid round files of every shape: few distinct marks, so that ties are common."""
    judges = [f"J{number}" for number in range(draw(st.integers(least_judges, most_judges)))]
    codes = [f"E{number}" for number in range(draw(st.integers(0, 8)))]
    group = st.sampled_from(["CB", "TCMN", "CK"])
    entries = [{"code": code, "group": draw(group), "locality": draw(st.sampled_from(["38", "40"]))} for code in codes]
    pairs = [(entry, judge) for entry in codes for judge in judges]
    present = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return {
        "schema": "tieubieu-round/1",
        "rubric": {"criteria": [{"code": code, "max": top, "step": step} for code, top, step in CRITERIA]},
        "rules": draw(_rules()),
        "roster": judges,
        "entries": entries,
        "sheets": [draw(_sheet(entry, judge)) for entry, judge in present],
        "recusals": [{"entry": entry, "judge": judge, "reason": "người nhà"}
                     for entry, judge in (draw(st.lists(st.sampled_from(pairs), max_size=3)) if pairs else [])],
    }


@st.composite
def _sheet(draw: st.DrawFn, entry: str, judge: str) -> Json:
    marks = (draw(st.sampled_from(["34", "34.5", "40", "35.00"])), draw(st.sampled_from(["30", "30.5"])),
             draw(st.sampled_from(["8", "8.25"])), draw(st.sampled_from(["0", "7"])))
    is_signed = draw(st.integers(0, 9)) > 0
    return sheet(entry, judge, marks if is_signed else marks[:draw(st.integers(0, 4))], "signed" if is_signed else "draft")


@st.composite
def _rules(draw: st.DrawFn) -> Json:
    names = ["criterion:1", "criterion:2", "criterion:3", "criterion:4", "lower_spread"]
    quota: Json = {}
    if draw(st.booleans()):
        quota["total"] = draw(st.integers(0, 6))
    if draw(st.booleans()):
        quota["groups"] = draw(st.dictionaries(st.sampled_from(["CB", "TCMN", "CK"]), st.integers(0, 4)))
    rules: Json = {
        "method": draw(st.sampled_from(["mean", "trimmed_mean", "median"])), "min_sheets": draw(st.integers(1, 4)),
        "pass_mark": draw(st.sampled_from(["0", "72", "78.5"])), "places": draw(st.integers(0, 3)),
        "tie_break": draw(st.lists(st.sampled_from(names), unique=True)), "quota": quota}
    if draw(st.booleans()):
        rules["tiers"] = [{"name": "A", "min": "80"}, {"name": "B", "min": "75.5"}]
    return rules


def naive_result(raw: Json) -> dict[str, Any]:
    """``order`` and ``entries`` of the result file, written from the format's text with fractions and decimals."""
    rules, codes = raw["rules"], [item["code"] for item in raw["rubric"]["criteria"]]
    counted: dict[str, list[list[Fraction]]] = defaultdict(list)
    recused = {(item["entry"], item["judge"]) for item in raw["recusals"]}
    for item in raw["sheets"]:
        if item["status"] == "signed" and (item["entry"], item["judge"]) not in recused:
            counted[item["entry"]].append([Fraction(item["points"][code]) for code in codes])
    lines, keys = {}, {}
    for entry in raw["entries"]:
        sheets = counted[entry["code"]]
        line = dict.fromkeys(("exact", "published", "place", "group_place", "decided_by", "selection", "tier"))
        line |= {"code": entry["code"], "group": entry["group"], "status": "insufficient", "counted": len(sheets)}
        lines[entry["code"]] = line
        exact = _naive_figure(sorted(sum(marks, Fraction(0)) for marks in sheets), rules)
        if exact is not None:
            figure = _publish(exact, rules["places"])
            line |= {"status": "ranked", "exact": str(exact), "published": str(figure)}
            keys[entry["code"]] = (-figure, *(_naive_key(name, sheets, codes, rules["places"]) for name in rules["tie_break"]))
    _naive_places(lines, keys, rules["tie_break"])
    _naive_selection(lines, keys, rules)
    return {"order": sorted(keys, key=lambda code: (keys[code], code)), "entries": [lines[code] for code in sorted(lines)]}


def _naive_figure(sums: list[Fraction], rules: Json) -> Fraction | None:
    if len(sums) < rules["min_sheets"] or (rules["method"] == "trimmed_mean" and len(sums) < 5):
        return None
    if rules["method"] == "median":
        middle = len(sums) // 2
        return sums[middle] if len(sums) % 2 else (sums[middle - 1] + sums[middle]) / 2
    kept = sums[1:-1] if rules["method"] == "trimmed_mean" else sums
    return sum(kept, Fraction(0)) / len(kept)


def _publish(value: Fraction, places: int) -> Decimal:
    floor = math.floor(value * 10**places)
    up = value * 10**places - floor >= Fraction(1, 2)
    unit: int = 10**places
    return (Decimal(floor + up) / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _naive_key(name: str, sheets: list[list[Fraction]], codes: list[str], places: int) -> Any:
    if name == "lower_spread":
        return max(map(sum, sheets)) - min(map(sum, sheets))
    column = codes.index(name.removeprefix("criterion:"))
    return -_publish(sum((row[column] for row in sheets), Fraction(0)) / len(sheets), places)


def _naive_places(lines: Json, keys: Json, tie_break: list[str]) -> None:
    previous = None
    for code in sorted(keys, key=lambda code: (keys[code], code)):
        better = [other for other in keys if keys[other] < keys[code]]
        lines[code]["place"] = 1 + len(better)
        lines[code]["group_place"] = 1 + sum(lines[other]["group"] == lines[code]["group"] for other in better)
        if previous is not None:
            differing = [name for name, one, two in zip(["points", *tie_break], keys[previous], keys[code], strict=True)
                         if one != two]
            lines[code]["decided_by"] = (differing or ["tie"])[0]
        previous = code


def _naive_selection(lines: Json, keys: Json, rules: Json) -> None:
    alive = []
    for code in keys:
        figure = Decimal(lines[code]["published"])
        if figure < Decimal(rules["pass_mark"]):
            lines[code]["selection"] = "below_pass_mark"
            continue
        alive.append(code)
        reached = [tier for tier in rules.get("tiers", []) if Decimal(tier["min"]) <= figure]
        lines[code]["tier"] = max(reached, key=lambda tier: Decimal(tier["min"]))["name"] if reached else None
    for group, limit in rules.get("quota", {}).get("groups", {}).items():
        inside = [code for code in alive if lines[code]["group"] == group]
        alive = [code for code in alive if code not in inside] + _naive_quota(inside, limit, "group_place", lines)
    if "total" in rules.get("quota", {}):
        alive = _naive_quota(alive, rules["quota"]["total"], "place", lines)
    for code in alive:
        lines[code]["selection"] = "selected"


def _naive_quota(codes: list[str], limit: int, by: str, lines: Json) -> list[str]:
    passed: list[str] = []
    stopped = False
    for place in sorted({lines[code][by] for code in codes}):
        block = [code for code in codes if lines[code][by] == place]
        if not stopped and len(passed) + len(block) <= limit:
            passed += block
            continue
        word = "council" if not stopped and limit > len(passed) else "over_quota"
        stopped = True
        for code in block:
            lines[code]["selection"] = word
    return passed


def changed(raw: Json, *path: str | int, to: Any) -> Json:
    """A deep copy with one value replaced."""
    document = copy.deepcopy(raw)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document
