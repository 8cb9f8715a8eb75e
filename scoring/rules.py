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
class Rules:
    """How sheets become a proposal. A ``Round`` checks them against its rubric.

    ``method`` is one of ``METHODS``; ``min_sheets`` is 1 or more; ``pass_mark`` in points; ``places`` of the published
    figure (0 to 9); ``tie_break`` names rules in turn: ``criterion:CODE`` (high first) or ``lower_spread`` (low first).
    """

    method: str = "mean"
    min_sheets: int = 1
    pass_mark: Decimal = Decimal(70)
    places: int = 2
    tie_break: tuple[str, ...] = ()
    quota: Quota | None = None
    tiers: tuple[Tier, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ``rules`` of a round file."""
        raw: dict[str, Any] = {
            "method": self.method, "min_sheets": self.min_sheets, "pass_mark": write_decimal(self.pass_mark),
            "places": self.places, "tie_break": list(self.tie_break)}
        if self.quota is not None:
            raw["quota"] = self.quota.to_dict()
        if self.tiers is not None:
            raw["tiers"] = [{"name": tier.name, "min": write_decimal(tier.min)} for tier in self.tiers]
        return raw

    def digest(self) -> str:
        """SHA-256 of ``to_dict()``; printed in minutes."""
        return sha256_of(self.to_dict())

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Rules:
        """Rules from a checked ``rules`` object; ``to_dict()`` gives the same object back."""
        quota, tiers = raw.get("quota"), raw.get("tiers")
        return cls(
            raw["method"], raw["min_sheets"], read_decimal(raw["pass_mark"]), raw["places"], tuple(raw["tie_break"]),
            None if quota is None else Quota(quota.get("total"), quota.get("groups")),
            None if tiers is None else tuple(Tier(tier["name"], read_decimal(tier["min"])) for tier in tiers))
