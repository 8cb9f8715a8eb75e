"""How fast rounds are computed and judges assigned, with the growth over the number of entries.

``run`` returns rows and prints nothing. The gates: 100,000 entries × 9 judges × 4 criteria under 20 s of one core and 2 GB
through the command line; the largest real round (441 entries in 2023, with 9 judges) under 100 ms; 500 entries × 60 judges
× 5 under 2 s. Times with a gate are those of the processor, so that a neighbour on the machine fails nobody; the time on
the wall stands beside them.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from scoring.assignment import AssignableEntry, AssignableJudge, Request, assign
from scoring.bundle import read_json, write_bundle
from scoring.canonical import canonical_json
from scoring.round import Round

ROOT = Path(__file__).parents[2]
CRITERIA = (("1", 40), ("2", 40), ("3", 10), ("4", 10))
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """Rows ``{name, value, unit, gate, target, ok}``; ``gate`` tells how to compare: ``<`` or ``-`` (no gate, ``ok`` True).

    ``quick`` leaves the largest round out, which needs some 12 s and 1.4 GB.
    """
    sizes = [1_000, 10_000] if quick else [1_000, 10_000, 100_000]
    return [_real_round(), *_growth(sizes), *_assignment()]


def round_bytes(entries: int, judges: int, seed: int = 1) -> bytes:
    """A round file in which every judge scored every entry."""
    dice = random.Random(seed)
    marks = {code: [str(half / 2).removesuffix(".0") for half in range(most, 2 * most + 1)] for code, most in CRITERIA}
    codes = [f"E{number:06}" for number in range(entries)]
    rules = {"method": "mean", "min_sheets": 3, "pass_mark": "70", "places": 2,
             "tie_break": ["criterion:1", "criterion:2", "lower_spread"],
             "quota": {"total": entries // 3, "groups": {"CB": entries // 5}}, "tiers": [{"name": "A", "min": "85"}]}
    return json.dumps({
        "schema": "tieubieu-round/1",
        "rubric": {"criteria": [{"code": code, "max": str(most), "step": "0.5"} for code, most in CRITERIA]},
        "rules": rules, "roster": [f"J{number}" for number in range(judges)],
        "entries": [{"code": code, "group": dice.choice(("TCMN", "CB", "CB", "CK")), "locality": str(dice.randint(1, 34))}
                    for code in codes],
        "sheets": [{"entry": code, "judge": f"J{number}", "status": "signed",
                    "points": {criterion: dice.choice(marks[criterion]) for criterion, _ in CRITERIA}}
                   for code in codes for number in range(judges)],
        "recusals": [{"entry": codes[0], "judge": "J1", "reason": "người nhà"}]}).encode()


def _row(name: str, value: float, unit: str, target: float | None = None) -> Row:
    return {"name": name, "value": value, "unit": unit, "gate": "-" if target is None else "<", "target": target,
            "ok": target is None or value < target}


def _median_ms(action: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append(1000 * (time.process_time() - start))
    return round(median(taken), 1)


def _real_round() -> Row:
    data = round_bytes(441, 9)

    def compute() -> bytes:
        raw = read_json(data)
        return b"".join(write_bundle(Round.from_dict(raw), canonical_json(raw)))

    return _row("compute 441 entries × 9 judges, file to bundle", _median_ms(compute, 5), "ms", 100)


def _growth(sizes: list[int]) -> list[Row]:
    rows, taken = [], []
    for size in sizes:
        seconds, wall, gigabytes = _command(size)
        is_gated = size == 100_000
        taken.append(seconds)
        rows.append(_row(f"compute {size:,} entries × 9 judges × 4 criteria, whole command", seconds, "s",
                         20 if is_gated else None))
        rows.append(_row(f"the same on the wall at {size:,} entries", wall, "s"))
        rows.append(_row(f"memory of that command at {size:,} entries", gigabytes, "GB", 2 if is_gated else None))
    exponent = math.log(taken[-1] / taken[-2]) / math.log(sizes[-1] / sizes[-2])
    rows.append(_row(f"growth of time from {sizes[-2]:,} to {sizes[-1]:,} entries (1 is linear)", round(exponent, 2),
                     "exponent", 1.3))
    return rows


def _command(entries: int) -> tuple[float, float, float]:
    """Seconds of the processor, seconds on the wall, and peak gigabytes of one ``python -E -S -s -m scoring compute``."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "round.json")
        source.write_bytes(round_bytes(entries, 9))
        start = time.perf_counter()
        with Path(folder, "result.json").open("wb") as target:
            process = subprocess.Popen([sys.executable, "-E", "-S", "-s", "-m", "scoring", "compute", str(source)],
                                       cwd=ROOT, stdout=target)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"compute answered {process.returncode}")
        wall = time.perf_counter() - start
        return round(usage.ru_utime + usage.ru_stime, 2), round(wall, 2), round(usage.ru_maxrss / 1024**2, 2)


def _assignment() -> list[Row]:
    even = assignment_request(500, 60)
    capped = assignment_request(500, 60, max_load=20)
    return [
        _row("assign 500 entries × 60 judges × 5, loads within one", round(_median_ms(lambda: assign(even), 3) / 1000, 3), "s", 2),
        _row("the same, ten judges with at most 20 entries", round(_median_ms(lambda: assign(capped), 3) / 1000, 3), "s", 2),
        _row("difference of loads in the first", assign(even).load_difference, "entries", 2)]


def assignment_request(entries: int, judges: int, max_load: int | None = None) -> Request:
    """Groups as in a national round, 3 % of the pairs in conflict."""
    dice = random.Random(1)
    groups = ["CB", "TCMN", "CK", "KHAC"]
    them = tuple(AssignableEntry(f"E{number}", dice.choices(groups, [65, 20, 8, 7])[0]) for number in range(entries))
    panel = tuple(AssignableJudge(f"J{number}", frozenset(dice.sample(groups, dice.choice([1, 2]))),
                                  max_load if number < 10 else None) for number in range(judges))
    conflicts = frozenset((entry.code, judge.code) for entry in them for judge in panel if dice.random() < 0.03)
    return Request(them, panel, k=5, conflicts=conflicts, seed=7)
