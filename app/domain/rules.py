"""The rule set of a round: one frozen value, each rule with the source that it rests on.

What the law leaves open has a documented default in ``app/reference/rules.toml``; a round stores
only what it sets differently, so that a new default never changes an old round once it is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.errors import FieldFault, Invalid
from app.domain.vocabulary import BallotKind

METHODS = ("mean", "trimmed_mean", "median")
TIE_BREAKS = ("criterion:1", "criterion:2", "criterion:3", "criterion:4", "lower_spread")
TRIMMED_MINIMUM = 5
STAGE_COMBINATIONS = ("last", "mean", "weighted")
STAGE_COMPARISONS = ("reached", "exceeded")
POINTS = ("pass_mark", "stage_pass_mark", "gap_warning_points", "gap_from_median_points")


@dataclass(frozen=True)
class Tier:
    """A prize tier: its name, the least published points for it, and its reward in đồng."""

    name: str
    minimum: Decimal
    reward_vnd: int = 0


@dataclass(frozen=True)
class RuleSet:
    """Everything that decides a round's result. Points are exact decimals, never floats."""

    method: str = "mean"
    minimum_sheets: int = 3
    pass_mark: Decimal = Decimal("70")
    places: int = 2
    tie_break: tuple[str, ...] = ("criterion:1", "criterion:2", "lower_spread")
    quota_total: int | None = None
    quota_groups: Mapping[str, int] = field(default_factory=dict)
    quota_per_locality: int | None = None
    minimum_per_locality: int | None = None
    stages: int = 1
    stage_pass_mark: Decimal = Decimal("70")
    stage_comparison: str = "reached"
    stage_combination: str = "last"
    stage_first_percent: int = 50
    tiers: tuple[Tier, ...] = ()
    certificate_term_months: int = 60
    quorum_percent: int = 67
    majority_percent: int = 50
    ballot: BallotKind = BallotKind.OPEN
    gap_warning_points: Decimal = Decimal("10")
    gap_from_median_points: Decimal | None = None
    gap_criterion_percent: int | None = None
    gap_blocks_result: bool = True
    photos_minimum: int = 3
    direct_registration: bool = False
    blind: bool = True
    show_comments: bool = False
    show_self_assessment: bool = False
    supplement_days: int = 5
    complaint_days: int = 15
    answer_days: int = 10
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = [*self._number_faults(), *self._choice_faults()]
        if faults:
            raise Invalid(faults)

    def _number_faults(self) -> list[FieldFault]:
        bounds = {
            "minimum_sheets": (1, 99),
            "places": (0, 4),
            "stages": (1, 2),
            "certificate_term_months": (1, 240),
            "quorum_percent": (1, 100),
            "majority_percent": (1, 100),
            "photos_minimum": (0, 20),
            "pass_mark": (0, 100),
            "gap_warning_points": (0, 100),
            "gap_from_median_points": (0, 100),
            "gap_criterion_percent": (1, 100),
            "stage_pass_mark": (0, 100),
            "stage_first_percent": (1, 99),
            "supplement_days": (1, 90),
            "complaint_days": (1, 90),
            "answer_days": (1, 90),
        }
        return [
            FieldFault(name, "out_of_range", {"minimum": low, "maximum": high})
            for name, (low, high) in bounds.items()
            if (value := getattr(self, name)) is not None and not low <= value <= high
        ]

    def _choice_faults(self) -> list[FieldFault]:
        faults = []
        if self.method not in METHODS:
            faults.append(FieldFault("method", "not_a_choice"))
        if self.stage_combination not in STAGE_COMBINATIONS:
            faults.append(FieldFault("stage_combination", "not_a_choice"))
        if self.stage_comparison not in STAGE_COMPARISONS:
            faults.append(FieldFault("stage_comparison", "not_a_choice"))
        if self.method == "trimmed_mean" and self.minimum_sheets < TRIMMED_MINIMUM:
            faults.append(FieldFault("minimum_sheets", "trimmed_needs_five", {"minimum": TRIMMED_MINIMUM}))
        if len(set(self.tie_break)) != len(self.tie_break) or set(self.tie_break) - set(TIE_BREAKS):
            faults.append(FieldFault("tie_break", "not_a_choice"))
        if self.quota_total is not None and self.quota_total < 0:
            faults.append(FieldFault("quota_total", "out_of_range", {"minimum": 0, "maximum": None}))
        return faults

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form: decimals as strings, tuples as lists. ``from_dict`` reads it back."""
        raw = asdict(self)
        raw |= {name: None if raw[name] is None else str(raw[name]) for name in POINTS}
        raw["tie_break"] = list(self.tie_break)
        raw["ballot"] = self.ballot.value
        raw["tiers"] = [{"name": t.name, "minimum": str(t.minimum), "reward_vnd": t.reward_vnd} for t in self.tiers]
        return raw

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> RuleSet:
        """Read the JSON form.

        Raises:
            Invalid: an unknown key, or a value out of its range.
        """
        known = {item.name for item in fields(cls)}
        unknown = [FieldFault(key, "unknown_rule") for key in raw if key not in known]
        if unknown:
            raise Invalid(unknown)
        values = dict(raw)
        for name in POINTS:
            if values.get(name) is not None:
                values[name] = _decimal(name, values[name])
        if "tie_break" in values:
            values["tie_break"] = tuple(values["tie_break"])
        if "ballot" in values:
            values["ballot"] = BallotKind(values["ballot"])
        if "tiers" in values:
            values["tiers"] = tuple(
                Tier(t["name"], _decimal("tiers", t["minimum"]), int(t.get("reward_vnd", 0))) for t in values["tiers"]
            )
        return cls(**values)


def _decimal(name: str, text: object) -> Decimal:
    try:
        value = Decimal(str(text))
    except InvalidOperation as error:
        raise Invalid.one(name, "not_a_number") from error
    if not value.is_finite():
        raise Invalid.one(name, "not_a_number")
    return value
