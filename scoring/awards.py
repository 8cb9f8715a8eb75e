"""Standings to a proposal: pass mark, quotas, tiers. A tie across a cut-off is the council's to settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import ceil

from scoring.ranking import Standing
from scoring.rules import Rules, Tier

SELECTED = "selected"
BELOW_PASS_MARK = "below_pass_mark"
COUNCIL = "council"
OVER_QUOTA = "over_quota"


def select(standings: Iterable[Standing], rules: Rules,
           localities: Mapping[str, str] | None = None,
           locality_quota: Mapping[str, int] | None = None) -> dict[str, str]:
    """What is proposed for each ranked entry: ``selected``, ``below_pass_mark``, ``council`` or ``over_quota``.

    Steps: pass mark; quota of each group; quota of each locality (only when given: it is no part of the round file);
    total quota. In a step, blocks of tied entries are taken in order of place. A block that fits what is left passes;
    the first that does not fit is ``council`` if anything was left, else ``over_quota``; all after it are
    ``over_quota``. Who falls to the council in one step takes nothing from the next.
    """
    selection: dict[str, str] = {}
    passing = []
    for standing in standings:
        if is_passing(standing.figure.published, rules):
            passing.append(standing)
        else:
            selection[standing.figure.entry] = BELOW_PASS_MARK
    quota = rules.quota
    for key, limits in _partial_quotas(rules, localities, locality_quota):
        passing = _step_by_part(passing, key, limits, selection)
    if quota is not None and quota.total is not None:
        passing = _step(passing, quota.total, selection)
    selection.update((standing.figure.entry, SELECTED) for standing in passing)
    return selection


def is_passing(published: int, rules: Rules) -> bool:
    """Whether a published figure (in units of ``10 ** -places``) reaches the pass mark."""
    return published >= least_units(rules.pass_mark, rules.places)


@lru_cache(maxsize=256)
def least_units(mark: Decimal, places: int) -> int:
    """The least published figure, in units of ``10 ** -places``, that is not below a mark."""
    unit: int = 10**places
    return ceil(Fraction(mark) * unit)


def tier_of(published: int, rules: Rules) -> str | None:
    """The prize of a published figure: the tier of the highest ``min`` not above it; None below the pass mark."""
    if not rules.tiers or not is_passing(published, rules):
        return None
    reached = [tier for tier in rules.tiers if least_units(tier.min, rules.places) <= published]
    return max(reached, key=_floor).name if reached else None


def short_localities(selection: Mapping[str, str], localities: Mapping[str, str],
                     minimum: Mapping[str, int]) -> dict[str, int]:
    """How many selected entries each locality lacks of its minimum: shown to the council, filled by nobody else."""
    chosen: dict[str, int] = {}
    for entry, state in selection.items():
        chosen[localities[entry]] = chosen.get(localities[entry], 0) + (state == SELECTED)
    lacking = {locality: least - chosen.get(locality, 0) for locality, least in sorted(minimum.items())}
    return {locality: missing for locality, missing in lacking.items() if missing > 0}


def _floor(tier: Tier) -> Decimal:
    return tier.min


def _partial_quotas(rules: Rules, localities: Mapping[str, str] | None, locality_quota: Mapping[str, int] | None
                    ) -> list[tuple[Mapping[str, str] | None, Mapping[str, int]]]:
    """The steps by part; the key None stands for the product group."""
    steps: list[tuple[Mapping[str, str] | None, Mapping[str, int]]] = []
    if rules.quota is not None and rules.quota.groups:
        steps.append((None, rules.quota.groups))
    if localities is not None and locality_quota:
        steps.append((localities, locality_quota))
    return steps


def _step_by_part(standings: list[Standing], parts: Mapping[str, str] | None, limits: Mapping[str, int],
                  selection: dict[str, str]) -> list[Standing]:
    """Those that pass the quota of their part, in order of place; parts without a quota pass whole."""
    members: dict[str, list[Standing]] = {}
    for standing in standings:
        part = standing.group if parts is None else parts[standing.figure.entry]
        members.setdefault(part, []).append(standing)
    passed = {standing.figure.entry for part, inside in members.items()
              for standing in (_step(inside, limits[part], selection) if part in limits else inside)}
    return [standing for standing in standings if standing.figure.entry in passed]


def _step(standings: list[Standing], quota: int, selection: dict[str, str]) -> list[Standing]:
    """Those that fit a quota; the others are written into ``selection``."""
    passed: list[Standing] = []
    is_open = True
    for _, tied in groupby(standings, key=lambda standing: standing.place):
        block = list(tied)
        left = quota - len(passed)
        if is_open and len(block) <= left:
            passed.extend(block)
            continue
        state = COUNCIL if is_open and left > 0 else OVER_QUOTA
        is_open = False
        selection.update((standing.figure.entry, state) for standing in block)
    return passed
