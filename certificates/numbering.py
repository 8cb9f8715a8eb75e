"""Serial numbers: composed from a pattern, read back, checked.

A pattern is text with the parts `{number}`, `{number:5}` (with leading zeros), `{year}`,
`{level}` and `{territory}`, for example `{number:5}/GCN-{year}`. Allotting the next number is
the database's work; here a number only gets its form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from certificates.errors import NumberingError

DEFAULT_PATTERN = "{number:5}/GCN-{year}"
MAX_SERIAL_LETTERS = 60

_PART = re.compile(r"\{(number|year|level|territory)(?::([1-9]))?\}")
_WORD = r"[0-9A-ZĐ]+"


@dataclass(frozen=True, slots=True)
class SerialParts:
    """What a serial number is made of; `level` and `territory` are short codes in capitals."""

    number: int
    year: int = 0
    level: str = ""
    territory: str = ""


def check_pattern(pattern: str) -> None:
    """Refuse a pattern whose numbers could not be read back.

    Raises:
        NumberingError: no `{number}`, a part twice, two parts without a sign between them,
            an unknown part, or a pattern that is too long.
    """
    parts = [match[1] for match in _PART.finditer(pattern)]
    rest = _PART.sub("\0", pattern)
    if "{" in rest or "}" in rest:
        raise NumberingError(f"Mẫu số “{pattern}” có phần không hiểu được trong dấu ngoặc nhọn.")
    if parts.count("number") != 1 or len(set(parts)) != len(parts):
        raise NumberingError("Mẫu số phải có đúng một {number} và không phần nào lặp lại.")
    if re.search("\0\\w|\\w\0|\0\0", rest):
        raise NumberingError("Trong mẫu số, mỗi phần phải cách nhau bằng một dấu như / hoặc -.")
    if len(pattern) > MAX_SERIAL_LETTERS or pattern != " ".join(pattern.split()):
        raise NumberingError("Mẫu số quá dài hoặc có khoảng trắng thừa.")


def compose(pattern: str, parts: SerialParts) -> str:
    """Return the serial number of these parts, such as `00017/GCN-2026`.

    Raises:
        NumberingError: the pattern is not valid, or a part that it asks for is missing.
    """
    check_pattern(pattern)
    _check_parts(pattern, parts)

    def value(match: re.Match[str]) -> str:
        width = int(match[2] or 0)
        return str(getattr(parts, match[1])).zfill(width)

    return _PART.sub(value, pattern)


def parse(pattern: str, serial: str) -> SerialParts:
    """Return the parts of a serial number; the inverse of `compose`.

    Raises:
        NumberingError: the serial number is not one of this pattern.
    """
    match = _reader(pattern).fullmatch(serial.strip())
    if match is None:
        raise NumberingError(f"“{serial}” không phải số theo mẫu {pattern}.")
    found = match.groupdict()
    parts = SerialParts(
        number=int(found["number"]),
        year=int(found.get("year") or 0),
        level=found.get("level") or "",
        territory=found.get("territory") or "",
    )
    if parts.number < 1 or compose(pattern, parts) != serial.strip():
        raise NumberingError(f"“{serial}” không viết đúng mẫu {pattern}.")
    return parts


def is_serial(pattern: str, serial: str) -> bool:
    """Return whether `serial` is a number that `compose` could have made of this pattern."""
    try:
        parse(pattern, serial)
    except NumberingError:
        return False
    return True


def _check_parts(pattern: str, parts: SerialParts) -> None:
    if parts.number < 1:
        raise NumberingError("Số giấy chứng nhận bắt đầu từ 1.")
    if "{year" in pattern and not 2000 <= parts.year <= 2999:
        raise NumberingError("Mẫu số cần năm gồm bốn chữ số.")
    for name in ("level", "territory"):
        if "{" + name in pattern and not re.fullmatch(_WORD, getattr(parts, name)):
            raise NumberingError(f"Mẫu số cần mã {name} viết hoa, không dấu cách.")


@lru_cache(maxsize=64)
def _reader(pattern: str) -> re.Pattern[str]:
    check_pattern(pattern)
    kinds = {"number": r"\d+", "year": r"\d{4}", "level": _WORD, "territory": _WORD}
    text, end = "", 0
    for match in _PART.finditer(pattern):
        text += re.escape(pattern[end : match.start()]) + f"(?P<{match[1]}>{kinds[match[1]]})"
        end = match.end()
    return re.compile(text + re.escape(pattern[end:]))
