"""Counted sheets to one exact figure per entry: mean, trimmed mean or median."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd

from scoring.panel import counted_sheets
from scoring.points import round_half_up
from scoring.round import Round
from scoring.rules import TRIMMED_MEAN_LEAST_SHEETS, Rules


@dataclass(frozen=True, slots=True)
class Figure:
    """What the counted sheets of one entry say.

    ``numerator / denominator`` is the exact figure in lowest terms, None when the sheets are too few (*insufficient*).
    ``published`` and ``criterion_means`` (in the order of the rubric) are rounded, in units of ``10 ** -places``;
    ``spread`` is the exact difference of the highest and the lowest counted total, in units of ``1 / scale``.
    """

    entry: str
    counted: int
    numerator: int | None
    denominator: int
    published: int
    criterion_means: tuple[int, ...]
    spread: int

    @property
    def is_sufficient(self) -> bool:
        """Whether the entry can be ranked."""
        return self.numerator is not None

    @property
    def exact(self) -> Fraction | None:
        """The exact figure in points."""
        return None if self.numerator is None else Fraction(self.numerator, self.denominator)

    @property
    def exact_text(self) -> str | None:
        """``1403/18``, or ``78`` without a bar; None when insufficient."""
        if self.numerator is None:
            return None
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"


class Tally:
    """The counted sheets of one entry as integers in units of ``1 / scale``: totals of the sheets, sums of the criteria."""

    __slots__ = ("sums", "totals")

    def __init__(self, criteria: int) -> None:
        self.totals: list[int] = []
        self.sums = [0] * criteria


def figures(round_: Round) -> dict[str, Figure]:
    """The figure of every entry by its code, in the order of the codes."""
    scale = round_.rubric.scale
    tallies = tallies_of(round_, scale)
    return {code: figure_of(code, tallies[code], scale, round_.rules) for code in sorted(tallies)}


def tallies_of(round_: Round, scale: int) -> dict[str, Tally]:
    """Every mark becomes an integer multiple of ``1 / scale`` once, so that the sums are exact and cheap."""
    codes = round_.rubric.codes
    tallies = {entry.code: Tally(len(codes)) for entry in round_.entries}
    scaled: dict[Decimal, int] = {}
    for sheet in counted_sheets(round_):
        tally, points, total = tallies[sheet.entry], sheet.points, 0
        sums = tally.sums
        for position, code in enumerate(codes):
            value = points[code]
            mark = scaled.get(value)
            if mark is None:
                mark = scaled[value] = int(Fraction(value) * scale)
            sums[position] += mark
            total += mark
        tally.totals.append(total)
    return tallies


def figure_of(code: str, tally: Tally, scale: int, rules: Rules) -> Figure:
    """The figure of one entry from its tally."""
    counted = len(tally.totals)
    total, parts = _combine(tally.totals, rules)
    if parts == 0:
        return Figure(code, counted, None, 1, 0, (), 0)
    denominator = parts * scale
    divisor = gcd(total, denominator)
    return Figure(
        code, counted, total // divisor, denominator // divisor, round_half_up(total, denominator, rules.places),
        tuple(round_half_up(part, counted * scale, rules.places) for part in tally.sums),
        max(tally.totals) - min(tally.totals))


def _combine(totals: list[int], rules: Rules) -> tuple[int, int]:
    """A sum and the number that divides it; ``(0, 0)`` when the sheets are too few."""
    counted = len(totals)
    if counted < max(rules.min_sheets, 1):
        return 0, 0
    if rules.method == "mean":
        return sum(totals), counted
    if rules.method == "median":
        ordered = sorted(totals)
        return ordered[(counted - 1) // 2] + ordered[counted // 2], 2
    if counted < TRIMMED_MEAN_LEAST_SHEETS:
        return 0, 0
    return sum(totals) - max(totals) - min(totals), counted - 2
