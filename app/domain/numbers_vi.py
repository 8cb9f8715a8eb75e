"""Numbers as people in Viet Nam type them: points between thousands, a comma before decimals."""

from __future__ import annotations

import re
from decimal import Decimal

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_UNITS = re.compile(r"(?:vnđ|vnd|đồng|đ|%)\Z", re.IGNORECASE)
_PLAIN = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_POINTED = re.compile(r"-?[0-9]+\.[0-9]+")
MAX_DIGITS = 18


class NumberFault(ValueError):
    """What was typed is no number: ``code`` is not_a_number, decimal_point or not_whole."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_decimal_vi(text: str) -> Decimal:
    """ "1.250.000,5" as 1250000.5; a unit at the end (đ, đồng, VND, %) and spaces are let go.

    "1.250" is one thousand two hundred and fifty; "1.5" is refused rather than guessed.

    Raises:
        NumberFault: decimal_point for "1.5", not_a_number for all else or more than 18 digits.
    """
    tidy = _UNITS.sub("", _SPACES.sub("", text))
    if not (_PLAIN.fullmatch(tidy) or _GROUPED.fullmatch(tidy)):
        raise NumberFault("decimal_point" if _POINTED.fullmatch(tidy) else "not_a_number")
    if sum(char.isdigit() for char in tidy) > MAX_DIGITS:
        raise NumberFault("not_a_number")
    return Decimal(tidy.replace(".", "").replace(",", "."))


def parse_integer_vi(text: str) -> int:
    """ "1.250.000 đ" as 1250000.

    Raises:
        NumberFault: as ``parse_decimal_vi``, and not_whole for "12,5".
    """
    value = parse_decimal_vi(text)
    if value != value.to_integral_value():
        raise NumberFault("not_whole")
    return int(value)


def format_number_vi(value: int | Decimal) -> str:
    """1250000.5 as "1.250.000,5"; digits after the comma as they are in the value."""
    return f"{Decimal(value):,f}".translate(str.maketrans(",.", ".,"))
