"""Which sheets lie too far apart."""

from __future__ import annotations

from decimal import Decimal

from scoring.discrepancy import Alert, Limits, alerts
from scoring.round import Round
from tests.scoring.builders import round_file

MARKS = {("A", "J1"): ("40", "30", "5", "0"), ("A", "J2"): ("36", "30", "4", "0"), ("A", "J3"): ("24", "30", "6", "0"),
         ("B", "J1"): ("30", "30", "5", "0"), ("B", "J2"): ("20", "30", "5", "0"), ("C", "J1"): ("0", "0", "0", "0")}


def jury() -> Round:
    return Round.from_dict(round_file(MARKS))


def test_a_range_above_the_limit_names_the_judges_at_both_ends() -> None:
    assert alerts(jury(), Limits(range=Decimal(10))) == (
        Alert("A", "range", ("J1", "J3"), Decimal(15), Decimal(10)),)


def test_a_range_of_exactly_the_limit_passes() -> None:
    assert alerts(jury(), Limits(range=Decimal(15))) == ()
    assert [alert.entry for alert in alerts(jury(), Limits(range=Decimal("9.5")))] == ["A", "B"]


def test_the_judge_who_is_far_from_the_median_is_named() -> None:
    assert alerts(jury(), Limits(from_median=Decimal(6))) == (
        Alert("A", "from_median", ("J3",), Decimal(10), Decimal(6)),)


def test_a_criterion_is_measured_against_a_share_of_its_own_maximum() -> None:
    assert alerts(jury(), Limits(criterion_range=Decimal("0.3"))) == (
        Alert("A", "criterion_range", ("J1", "J3"), Decimal(16), Decimal("12.0"), "1"),)


def test_a_recused_judge_raises_no_alert() -> None:
    raw = round_file(MARKS)
    raw["recusals"] = [{"entry": "A", "judge": "J3", "reason": "người nhà"}]
    assert alerts(Round.from_dict(raw), Limits(range=Decimal(10))) == ()


def test_without_limits_nothing_is_checked() -> None:
    assert alerts(jury(), Limits()) == ()
