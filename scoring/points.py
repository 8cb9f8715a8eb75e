"""Exact points: read, checked and written; and the only place that rounds."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from scoring.errors import (
    PointsAboveMaximum,
    PointsEmpty,
    PointsNegative,
    PointsNotPlain,
    PointsOffStep,
    PointsTooLong,
)

MAX_CHARACTERS = 24
"""No mark is longer; the limit keeps hostile input from becoming huge integers."""

_TYPED = re.compile(r"[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_STRICT = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)


def parse_points(text: str) -> Decimal:
    """The exact points that a judge typed; both decimal marks are understood ("34,5" and "34.5").

    White space around the figure is ignored. Nothing else is: no sign, exponent, thousands mark or full-width digit.

    Raises:
        PointsEmpty, PointsNegative, PointsTooLong, PointsNotPlain: each with what was typed.
    """
    plain = text.strip()
    if not plain:
        raise PointsEmpty
    if len(plain) > MAX_CHARACTERS:
        raise PointsTooLong(MAX_CHARACTERS)
    if plain[0] in "-−" and _TYPED.fullmatch(plain[1:].strip()):
        raise PointsNegative(plain)
    if not _TYPED.fullmatch(plain):
        raise PointsNotPlain(plain)
    return Decimal(plain.replace(",", "."))


def read_decimal(text: str) -> Decimal:
    """The decimal of a public file: digits, at most one point, no leading zero ("35.5", "0.50", "40").

    ``format(value, "f")`` gives back the very same text.

    Raises:
        PointsTooLong, PointsNotPlain: for anything else.
    """
    if len(text) > MAX_CHARACTERS:
        raise PointsTooLong(MAX_CHARACTERS)
    if not _STRICT.fullmatch(text):
        raise PointsNotPlain(text)
    return Decimal(text)


def write_decimal(value: Decimal) -> str:
    """The text of a decimal in a public file, never with an exponent."""
    return format(value, "f")


def check_points(value: Decimal, maximum: Decimal, step: Decimal) -> None:
    """Accept points from 0 to ``maximum`` that are a multiple of ``step``.

    Raises:
        PointsNegative, PointsAboveMaximum, PointsOffStep: with the value and the bound that it breaks.
    """
    if not value.is_finite():
        raise PointsNotPlain(str(value))
    if value < 0:
        raise PointsNegative(write_decimal(value))
    if value > maximum:
        raise PointsAboveMaximum(value, maximum)
    if (Fraction(value) / Fraction(step)).denominator != 1:
        raise PointsOffStep(value, step)


def format_points(value: Decimal) -> str:
    """Points as Vietnamese readers write them: "34,5", "40", no trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def round_half_up(numerator: int, denominator: int, places: int) -> int:
    """The published figure of ``numerator / denominator``, in units of ``10 ** -places``.

    Half goes up: 77.945 becomes 7795 at two places. Both numbers are integers, ``numerator >= 0``, ``denominator > 0``,
    so nothing is lost before this one rounding. Every published figure of the product comes from here.
    """
    unit: int = 10**places
    return (2 * numerator * unit + denominator) // (2 * denominator)


def write_published(units: int, places: int) -> str:
    """The text of a published figure with all its places: ``write_published(7794, 2) == "77.94"``."""
    if places == 0:
        return str(units)
    whole, part = divmod(units, 10**places)
    return f"{whole}.{part:0{places}d}"
