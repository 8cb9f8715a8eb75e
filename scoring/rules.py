"""The rules of a round, frozen when judging opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.canonical import sha256_of
from scoring.points import read_decimal, write_decimal

METHODS = ("mean", "trimmed_mean", "median")
LOWER_SPREAD = "lower_spread"
CRITERION_RULE = "criterion:"
TRIMMED_MEAN_LEAST_SHEETS = 5
"""Fewer counted sheets than this make a trimmed mean *insufficient*."""
MOST_PLACES = 9
STAGE_COMBINATIONS = ("last", "mean", "weighted")
REACHED, EXCEEDED = "reached", "exceeded"
COMPARISONS = (REACHED, EXCEEDED)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many can be selected: in total, and per group; None is no limit."""

    total: int | None = None
    groups: Mapping[str, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ``quota`` of a round file; limits that are absent stay absent."""
        present = {"total": self.total, "groups": None if self.groups is None else dict(self.groups)}
        return {key: value for key, value in present.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Tier:
    """A prize: its name and the least published figure."""

    name: str
    min: Decimal


@dataclass(frozen=True, slots=True)
class Stages:
    """Judging in two stages: who goes on to the second, and how the two figures become one.

    ``combine`` is one of ``STAGE_COMBINATIONS``: the second figure alone, the mean of both, or the first weighted with
    ``first_percent`` (1 to 99, only then) and the second with the rest. An entry goes on when its published figure of
    the first stage has ``reached`` or, as ``comparison`` says, ``exceeded`` the ``pass_mark`` (points).
    """

    combine: str = "last"
    pass_mark: Decimal = Decimal(70)
    comparison: str = REACHED
    first_percent: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ``stages`` of a round file's rules."""
        raw: dict[str, Any] = {"combine": self.combine, "pass_mark": write_decimal(self.pass_mark),
                               "comparison": self.comparison}
        return raw if self.first_percent is None else raw | {"first_percent": self.first_percent}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Stages:
        """Stages from a checked object; ``to_dict()`` gives the same object back."""
        return cls(raw["combine"], read_decimal(raw["pass_mark"]), raw["comparison"], raw.get("first_percent"))


@dataclass(frozen=True, slots=True)
class Rules:
    """How sheets become a proposal. A ``Round`` checks them against its rubric.

    ``method`` is one of ``METHODS``; ``min_sheets`` is 1 or more; ``pass_mark`` in points; ``places`` of the published
    figure (0 to 9); ``tie_break`` names rules in turn: ``criterion:CODE`` (high first) or ``lower_spread`` (low first).
    ``stages`` is None for judging in one stage.
    """

    method: str = "mean"
    min_sheets: int = 1
    pass_mark: Decimal = Decimal(70)
    places: int = 2
    tie_break: tuple[str, ...] = ()
    quota: Quota | None = None
    tiers: tuple[Tier, ...] | None = None
    stages: Stages | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ``rules`` of a round file."""
        raw: dict[str, Any] = {
            "method": self.method, "min_sheets": self.min_sheets, "pass_mark": write_decimal(self.pass_mark),
            "places": self.places, "tie_break": list(self.tie_break)}
        if self.quota is not None:
            raw["quota"] = self.quota.to_dict()
        if self.tiers is not None:
            raw["tiers"] = [{"name": tier.name, "min": write_decimal(tier.min)} for tier in self.tiers]
        if self.stages is not None:
            raw["stages"] = self.stages.to_dict()
        return raw

    def digest(self) -> str:
        """SHA-256 of ``to_dict()``; printed in minutes."""
        return sha256_of(self.to_dict())

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Rules:
        """Rules from a checked ``rules`` object; ``to_dict()`` gives the same object back."""
        quota, tiers, stages = raw.get("quota"), raw.get("tiers"), raw.get("stages")
        return cls(
            raw["method"], raw["min_sheets"], read_decimal(raw["pass_mark"]), raw["places"], tuple(raw["tie_break"]),
            None if quota is None else Quota(quota.get("total"), quota.get("groups")),
            None if tiers is None else tuple(Tier(tier["name"], read_decimal(tier["min"])) for tier in tiers),
            None if stages is None else Stages.from_dict(stages))
