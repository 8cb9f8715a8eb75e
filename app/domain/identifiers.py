"""Codes that people read out: of entries and rounds, tax codes, phone numbers, in one shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.vocabulary import LevelCode

_ENTRY = re.compile(r"([A-Z]{2,8})-([0-9]{3,6})")
_ROUND = re.compile(r"(?P<prefix>[A-Z]{1,2})-(?:(?P<territory>[A-Z0-9]+)-)?(?P<year>[0-9]{4})")
_TAX = re.compile(r"[0-9]{10}|[0-9]{12}|[0-9]{10}-[0-9]{3}")
_PHONE = re.compile(r"0[0-9]{9,10}")
_PHONE_LOOSE = re.compile(r"[\s.\-()\u00a0]+")


@dataclass(frozen=True, slots=True)
class EntryCode:
    """The mã số bình chọn of an entry in its round: group and running number, ``TCMN-017``."""

    group: str
    number: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{2,8}", self.group):
            raise ValueError(f"group {self.group!r} is not two to eight capital letters")
        if not 1 <= self.number <= 999_999:
            raise ValueError(f"number {self.number} is not in 1 to 999999")

    def __str__(self) -> str:
        return f"{self.group}-{self.number:03d}"


def parse_entry_code(text: str) -> EntryCode:
    """The code that a person typed: case, spaces and missing zeros do not matter ("tcmn 17").

    Raises:
        ValueError: it is not a code of letters and a number from 1 on.
    """
    tidy = re.sub(r"[\s\-–—]+", "-", text.strip().upper())
    match = re.fullmatch(r"([A-Z]{2,8})-?([0-9]{1,6})", tidy)
    if match is None:
        raise ValueError("not an entry code")
    return EntryCode(match[1], int(match[2]))


def is_entry_code(text: str) -> bool:
    """True for exactly what ``str(EntryCode)`` writes."""
    match = _ENTRY.fullmatch(text)
    return match is not None and int(match[2]) > 0 and text == str(EntryCode(match[1], int(match[2])))


@dataclass(frozen=True, slots=True)
class RoundCode:
    """The code of a round: level, territory and year.

    ``QG-2021`` nation; ``KV-B-2020`` region by its letter; ``T-38-2026`` province by its code;
    ``X-00004-2026`` commune and, until 2025, ``H-001-2023`` district by theirs. Seven province
    codes changed owner in 2025: a code says whose round it is only together with the year.
    """

    level: LevelCode
    territory: str
    year: int

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 9999:
            raise ValueError(f"year {self.year} is not in 2000 to 9999")
        _ = self.prefix

    @property
    def prefix(self) -> str:
        """The letters in front, which say the level."""
        for prefix, (level, shape) in _ROUNDS.items():
            if level is self.level and re.fullmatch(shape, self.territory):
                return prefix
        raise ValueError(f"territory {self.territory!r} does not fit the level {self.level}")

    def __str__(self) -> str:
        parts = (self.prefix, self.territory, str(self.year))
        return "-".join(part for part in parts if part)


_ROUNDS = {
    "QG": (LevelCode.NATION, ""),
    "KV": (LevelCode.REGION, "[A-Z]"),
    "T": (LevelCode.PROVINCE, "[0-9]{2}"),
    "X": (LevelCode.COMMUNE, "[0-9]{5}"),
    "H": (LevelCode.COMMUNE, "[0-9]{3}"),
}


def parse_round_code(text: str) -> RoundCode:
    """The round code that ``text`` spells, small letters allowed.

    Raises:
        ValueError: it is not a round code.
    """
    match = _ROUND.fullmatch(text.strip().upper())
    if match is None or match["prefix"] not in _ROUNDS:
        raise ValueError("not a round code")
    code = RoundCode(_ROUNDS[match["prefix"]][0], match["territory"] or "", int(match["year"]))
    if code.prefix != match["prefix"]:
        raise ValueError("the territory is of another level")
    return code


def normal_tax_code(text: str) -> str:
    """A tax code in one shape: "0100109106", "0100109106-001" or 12 digits of a personal number.

    Only the shape is looked at, the check digit is not.

    Raises:
        ValueError: it has not 10, 12 or 13 digits.
    """
    digits = re.sub(r"[\s.\-–]+", "", text)
    if re.fullmatch(r"[0-9]{13}", digits):
        digits = f"{digits[:10]}-{digits[10:]}"
    if not _TAX.fullmatch(digits):
        raise ValueError("a tax code has 10, 12 or 13 digits")
    return digits


def normal_phone(text: str) -> str:
    """A phone number as it is dialled at home: "+84 912 345 678" becomes "0912345678".

    Raises:
        ValueError: it is not 0 and nine or ten more digits.
    """
    digits = _PHONE_LOOSE.sub("", text)
    for prefix in ("+84", "0084", "84"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
            break
    if not _PHONE.fullmatch(digits):
        raise ValueError("a phone number is 0 and nine or ten more digits")
    return digits
