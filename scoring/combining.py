"""Several exact figures to one: entries merged into a set after scoring, and the stages of a round.

The circular fixes neither rule; both are settings of the round, recorded with what they decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from scoring.points import round_half_up, write_published


def _mean(figures: Sequence[Fraction]) -> Fraction:
    return sum(figures, Fraction(0)) / len(figures)


def _last(figures: Sequence[Fraction]) -> Fraction:
    return figures[-1]


SET_RULES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {"highest": max, "mean": _mean, "lowest": min}
"""The figure of a set from the figures of its entries."""
STAGE_RULES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {"last": _last, "mean": _mean}
"""The figure of an entry from its figures in the stages, in their order; ``weighted`` gives the third rule."""


def weighted(first_percent: int) -> Callable[[Sequence[Fraction]], Fraction]:
    """The rule that gives the first of two figures a share of 1 to 99 percent and the second the rest."""
    def rule(figures: Sequence[Fraction]) -> Fraction:
        first, second = figures
        return (first * first_percent + second * (100 - first_percent)) / 100
    return rule


def combine(figures: Sequence[Fraction], rule: Callable[[Sequence[Fraction]], Fraction]) -> Fraction:
    """The exact figure, as in ``combine(figures, SET_RULES["mean"])``.

    Raises:
        ValueError: without any figure: what was not scored has no figure, and is not zero.
    """
    if not figures:
        raise ValueError("no figure to combine")
    return rule(figures)


def publish(figure: Fraction, places: int) -> str:
    """The published text of an exact figure, rounded half up once: ``publish(Fraction(1403, 18), 2) == "77.94"``."""
    return write_published(round_half_up(figure.numerator, figure.denominator, places), places)
