"""The quick half of the measurements holds on any machine; the whole of it is printed by the bench."""

from __future__ import annotations

from scoring.assignment import assign
from scoring.bundle import read_json
from scoring.result import compute
from scoring.round import Round
from tests.bench.bench_scoring import assignment_request, round_bytes


def test_the_rounds_that_are_measured_are_real_rounds() -> None:
    result = compute(Round.from_dict(read_json(round_bytes(60, 9))))
    assert [(line.code, line.counted) for line in result.entries[:2]] == [("E000000", 8), ("E000001", 9)]
    assert len(result.order) == 60


def test_a_large_panel_is_assigned_with_loads_within_one() -> None:
    plan = assign(assignment_request(500, 60))
    assert (len(plan.pairs), plan.load_difference) == (2500, 1)
