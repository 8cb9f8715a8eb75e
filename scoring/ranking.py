"""Figures to standings: the published figure, then a chain of named rules; places 1-2-2-4.

No place ever depends on the order of rows: entries that are equal in every rule are tied, and are listed by code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from scoring.aggregation import Figure
from scoring.rubric import Rubric
from scoring.rules import CRITERION_RULE, LOWER_SPREAD

POINTS = "points"
TIE = "tie"

Measure = Callable[[Figure], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: the lower its measure, the better the place."""

    name: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry's place overall and in its group, and the rule that put it after the one listed just before it.

    ``decided_by`` is ``points``, a tie-break rule, ``tie``, or None for the first.
    """

    figure: Figure
    group: str
    place: int
    group_place: int
    decided_by: str | None


def chain(tie_break: Iterable[str], rubric: Rubric) -> tuple[Rule, ...]:
    """The rules in the order in which they are asked: the published figure first."""
    return (Rule(POINTS, lambda figure: -figure.published), *(_rule(name, rubric) for name in tie_break))


def rank(figures: Iterable[Figure], groups: Mapping[str, str], rules: tuple[Rule, ...]) -> tuple[Standing, ...]:
    """The standings from first to last; entries without a figure are left out.

    ``groups`` gives the product group of each entry's code.
    """
    keyed = [(tuple(rule.measure(figure) for rule in rules), figure) for figure in figures if figure.is_sufficient]
    keyed.sort(key=lambda pair: (pair[0], pair[1].entry))
    group_places = _group_places(keyed, groups)
    standings: list[Standing] = []
    previous: tuple[int, ...] | None = None
    place = 0
    for position, (key, figure) in enumerate(keyed, start=1):
        if key != previous:
            place = position
        standings.append(Standing(figure, groups[figure.entry], place, group_places[figure.entry],
                                  _decider(previous, key, rules)))
        previous = key
    return tuple(standings)


def _rule(name: str, rubric: Rubric) -> Rule:
    if name == LOWER_SPREAD:
        return Rule(name, lambda figure: figure.spread)
    position = rubric.codes.index(name.removeprefix(CRITERION_RULE))
    return Rule(name, lambda figure: -figure.criterion_means[position])


def _group_places(keyed: list[tuple[tuple[int, ...], Figure]], groups: Mapping[str, str]) -> dict[str, int]:
    """Places 1-2-2-4 within each group, by entry."""
    ranked: dict[str, int] = {}
    places: dict[str, int] = {}
    for _, tied in groupby(keyed, key=lambda pair: pair[0]):
        block = [figure.entry for _, figure in tied]
        for entry in block:
            places[entry] = ranked.get(groups[entry], 0) + 1
        for entry in block:
            ranked[groups[entry]] = ranked.get(groups[entry], 0) + 1
    return places


def _decider(previous: tuple[int, ...] | None, key: tuple[int, ...], rules: tuple[Rule, ...]) -> str | None:
    if previous is None:
        return None
    for rule, before, after in zip(rules, previous, key, strict=True):
        if before != after:
            return rule.name
    return TIE
