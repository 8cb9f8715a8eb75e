"""Vietnamese text as it stands on paper: dates, numbers, and what letters may be printed."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal

#: Invisible characters that would reorder or break a line of print: bidirectional controls, BOM, soft hyphen.
_INVISIBLE = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD}


def clean(text: str) -> str:
    """The text in NFC without control, bidirectional and unpaired surrogate characters; line breaks and tabs stay.

    XML 1.0 (hence DOCX) cannot hold control characters at all, and a right-to-left mark in a name would let a
    paper read otherwise than the database.
    """
    kept = (c for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n")) if _is_printable(c))
    return "".join(kept)


def _is_printable(letter: str) -> bool:
    if letter in "\n\t":
        return True
    point = ord(letter)
    return unicodedata.category(letter) not in {"Cc", "Cs"} and point not in _INVISIBLE and point & 0xFFFE != 0xFFFE


def day(on: date | None) -> str:
    """`ngày 05 tháng 3 năm 2026`; dots to be filled in by hand when there is no date.

    Days 1-9 and months 1-2 take a leading zero, other months do not. Source: NĐ 30/2020/NĐ-CP, Phụ lục I.
    """
    if on is None:
        return "ngày …… tháng …… năm ………"
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


def place_and_day(place: str, on: date | None) -> str:
    """`Thái Nguyên, ngày 05 tháng 3 năm 2026`."""
    return f"{place or '………………'}, {day(on)}"


def short_day(on: date | None) -> str:
    """`05/03/2026` for cells of tables; an empty text when there is no date."""
    return "" if on is None else f"{on.day:02d}/{on.month:02d}/{on.year}"


def moment(at: datetime | None) -> str:
    """`08 giờ 05 phút, ngày 21 tháng 11 năm 2026`. The time is printed as given: hand over local time."""
    if at is None:
        return "…… giờ …… phút, " + day(None)
    return f"{at.hour:02d} giờ {at.minute:02d} phút, {day(at.date())}"


def whole(number: int | None) -> str:
    """`1.234.567`; an empty text for no number."""
    return "" if number is None else f"{number:,}".replace(",", ".")


def points(number: Decimal | None, places: int | None = None) -> str:
    """A figure with a decimal comma, `77,94`; never rounded here unless `places` only adds zeros.

    Args:
        number: the figure as published; None gives an empty text (no mark is not zero).
        places: pad with zeros to this many places. More places than that in the number are kept.
    """
    if number is None:
        return ""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if places:
        head, _, tail = plain.partition(".")
        plain = f"{head}.{tail.ljust(places, '0')}"
    return plain.replace(".", ",")


def two_digits(number: int) -> str:
    """Counts and document numbers under ten take a leading zero: `05`. Source: NĐ 30/2020/NĐ-CP, Phụ lục I."""
    return f"{number:02d}"


def roman(number: int) -> str:
    """1 -> `I`; for group heads of tables. Numbers from 1 to 89."""
    tens, ones = divmod(number, 10)
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return ("L" + "X" * (tens - 5) if tens >= 5 else "XL" if tens == 4 else "X" * tens) + units[ones]
