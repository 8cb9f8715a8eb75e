"""Who judges what."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assignment import AssignableEntry, AssignableJudge, Mode, Request, assign
from scoring.errors import AssignmentInfeasible, AssignmentInvalid, Shortage

GROUPS = ["CB", "TCMN"]


def entries(count: int, group: str = "CB") -> tuple[AssignableEntry, ...]:
    return tuple(AssignableEntry(f"E{number}", group) for number in range(count))


def judges(count: int, *groups: str, max_load: int | None = None) -> tuple[AssignableJudge, ...]:
    return tuple(AssignableJudge(f"J{number}", frozenset(groups), max_load) for number in range(count))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Small k-per-entry requests, of which many are infeasible."""
    them = tuple(AssignableEntry(f"E{number}", draw(st.sampled_from(GROUPS))) for number in range(draw(st.integers(0, 4))))
    panel = tuple(
        AssignableJudge(f"J{number}", draw(st.frozensets(st.sampled_from(GROUPS))),
                        draw(st.none() | st.integers(0, 3)), draw(st.integers(0, 5)) > 0)
        for number in range(draw(st.integers(1, 4))))
    pairs = st.frozensets(st.tuples(st.sampled_from([entry.code for entry in them] or ["E0"]),
                                    st.sampled_from([judge.code for judge in panel])), max_size=4)
    return Request(them, panel, k=draw(st.integers(1, 3)), conflicts=draw(pairs), seed=draw(st.integers(0, 99)))


def every_plan(request: Request) -> list[tuple[int, int, int]]:
    """By brute force, for each possible plan: sum of squared loads, pairs outside expertise, load difference."""
    present = [judge for judge in request.judges if judge.is_available]
    choices = [combinations([judge for judge in present if (entry.code, judge.code) not in request.conflicts], request.k)
               for entry in request.entries]
    plans = []
    for chosen in product(*choices):
        loads = [sum(judge in block for block in chosen) for judge in present]
        if all(judge.max_load is None or load <= judge.max_load for judge, load in zip(present, loads, strict=True)):
            outside = sum(entry.group not in judge.groups
                          for entry, block in zip(request.entries, chosen, strict=True) for judge in block)
            plans.append((sum(load * load for load in loads), outside, max(loads, default=0) - min(loads, default=0)))
    return plans


@settings(max_examples=150, deadline=None)
@given(requests())
def test_a_plan_is_as_even_and_then_as_expert_as_any_plan_can_be(request: Request) -> None:
    possible = every_plan(request)
    try:
        plan = assign(request)
    except AssignmentInfeasible:
        assert possible == []
        return
    squares = sum(load * load for load in plan.loads.values())
    assert (squares, plan.outside_expertise) == min(possible)[:2]
    assert plan.load_difference == min(difference for _, _, difference in possible)


@settings(max_examples=60, deadline=None)
@given(requests())
def test_no_pair_is_a_conflict_and_each_entry_has_k_different_judges(request: Request) -> None:
    try:
        plan = assign(request)
    except AssignmentInfeasible:
        return
    assert request.conflicts & set(plan.pairs) == set()
    assert {code: len(set(panel)) for code, panel in plan.judges_of.items()} == {
        entry.code: request.k for entry in request.entries}


def test_the_same_request_gives_the_same_plan_whatever_the_order_of_rows_and_the_seed_is_recorded() -> None:
    request = Request(entries(12), judges(5, "CB"), k=2, seed=42)
    again = Request(entries(12)[::-1], judges(5, "CB")[::-1], k=2, seed=42)
    assert assign(request) == assign(again)
    assert assign(request).seed == 42


def test_another_seed_gives_another_plan() -> None:
    plans = {assign(Request(entries(12), judges(5, "CB"), k=2, seed=seed)).pairs for seed in range(5)}
    assert len(plans) == 5


def test_expertise_is_preferred_where_loads_allow_it() -> None:
    panel = (AssignableJudge("An", frozenset({"CB"})), AssignableJudge("Chi", frozenset({"CK"})))
    them = (AssignableEntry("E1", "CB"), AssignableEntry("E2", "CK"))
    assert assign(Request(them, panel, k=1)).pairs == (("E1", "An"), ("E2", "Chi"))


def test_everyone_scores_everything_but_their_conflicts() -> None:
    plan = assign(Request(entries(2), judges(2), Mode.ALL, conflicts=frozenset({("E0", "J1")})))
    assert plan.pairs == (("E0", "J0"), ("E1", "J0"), ("E1", "J1"))


def test_by_group_each_judge_scores_the_groups_of_his_expertise() -> None:
    panel = (AssignableJudge("An", frozenset({"CB", "CK"})), AssignableJudge("Chi", frozenset({"CK"})))
    them = (AssignableEntry("E1", "CB"), AssignableEntry("E2", "CK"))
    plan = assign(Request(them, panel, Mode.BY_GROUP))
    assert plan.pairs == (("E1", "An"), ("E2", "An"), ("E2", "Chi"))


def test_an_entry_of_a_group_that_nobody_knows_is_named_with_the_reasons() -> None:
    panel = (*judges(2, "CK"), AssignableJudge("J9", frozenset({"CB"}), is_available=False))
    with pytest.raises(AssignmentInfeasible) as caught:
        assign(Request(entries(1), panel, Mode.BY_GROUP, conflicts=frozenset({("E0", "J1")})))
    assert caught.value.shortages == (Shortage("E0", 1, 0, conflicts=1, other_group=1, unavailable=1, full=0),)
    assert caught.value.shortages[0].sentence == (
        "Sản phẩm E0 cần 1 giám khảo, chỉ có thể có 0: 1 giám khảo xung đột lợi ích, 1 giám khảo không thuộc nhóm sản phẩm, "
        "1 giám khảo không có mặt.")


def test_only_the_entries_with_too_many_conflicts_are_named() -> None:
    with pytest.raises(AssignmentInfeasible) as caught:
        assign(Request(entries(3), judges(3), k=2, conflicts=frozenset({("E1", "J0"), ("E1", "J2")})))
    assert caught.value.shortages == (Shortage("E1", 2, 1, conflicts=2, other_group=0, unavailable=0, full=0),)


def test_full_judges_leave_the_fewest_entries_short_and_say_so() -> None:
    with pytest.raises(AssignmentInfeasible) as caught:
        assign(Request(entries(5), judges(2, max_load=4), k=2))
    missing = [(item.needed - item.available, item.full) for item in caught.value.shortages]
    assert sum(lacking for lacking, _ in missing) == 2
    assert [full for lacking, full in missing] == [lacking for lacking, _ in missing]


def test_existing_assignments_stay_and_newcomers_are_spread_evenly() -> None:
    before = assign(Request(entries(10), judges(5), k=2, seed=1))
    after = assign(Request(entries(14), judges(6), k=2, seed=2, fixed=frozenset(before.pairs)))
    assert [pair for pair in before.pairs if pair not in after.pairs] == []
    assert (after.dropped, set(after.loads.values())) == ((), {4, 5})


def test_a_fixed_pair_in_conflict_is_dropped_named_and_replaced() -> None:
    fixed = frozenset({("E0", "J0"), ("E1", "J1"), ("E9", "J1")})
    plan = assign(Request(entries(2), judges(3), k=1, fixed=fixed, conflicts=frozenset({("E0", "J0")})))
    assert plan.dropped == (("E0", "J0"), ("E9", "J1"))
    assert plan.pairs == (("E0", "J2"), ("E1", "J1"))


def test_a_judge_who_left_keeps_what_he_had_and_gets_nothing_new() -> None:
    panel = (AssignableJudge("J0", is_available=False), *judges(3)[1:])
    plan = assign(Request(entries(3), panel, k=1, fixed=frozenset({("E0", "J0")})))
    assert plan.entries_of["J0"] == ("E0",)
    assert plan.loads == {"J0": 1, "J1": 1, "J2": 1}


def test_where_even_loads_are_impossible_they_are_as_even_as_can_be() -> None:
    panel = (AssignableJudge("J0", max_load=1), *judges(3)[1:])
    assert assign(Request(entries(9), panel, k=1)).loads == {"J0": 1, "J1": 4, "J2": 4}


def test_a_judge_who_alone_may_score_many_entries_takes_them() -> None:
    conflicts = frozenset((f"E{number}", f"J{judge}") for number in range(8) for judge in range(1, 9))
    plan = assign(Request(entries(10), judges(9), k=1, conflicts=conflicts))
    assert plan.loads["J0"] == 8
    assert sorted(plan.loads.values()) == [0, 0, 0, 0, 0, 0, 1, 1, 8]


def test_a_request_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(AssignmentInvalid):
        Request(entries(1), judges(2) + judges(1))
    with pytest.raises(AssignmentInvalid):
        Request(entries(1), judges(2), k=0)
