"""Verification codes: short, unguessable, and hard to misread, such as 7KQ4-MZ9T-XB2PD.

Thirteen letters of an alphabet of 29 are 63 bits. The alphabet has no 0 and O, no 1, I and L,
no S (5) and no U (V).
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Callable

from certificates.errors import CodeError

ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
GROUPS = (4, 4, 5)
BITS = sum(GROUPS) * math.log2(len(ALPHABET))

_SEPARATORS = re.compile(r"[\s\-‐‑–—._]+")


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a fresh code of 63 random bits; `choose` picks one letter of the alphabet."""
    return "-".join("".join(choose(ALPHABET) for _ in range(size)) for size in GROUPS)


def normalise_code(text: str) -> str:
    """Return the code that a person meant: capitals, grouped as printed.

    Raises:
        CodeError: it has another length, or a letter that codes do not use.
    """
    letters = _SEPARATORS.sub("", text).upper()
    if len(letters) != sum(GROUPS):
        raise CodeError(f"Mã tra cứu có {sum(GROUPS)} chữ cái và chữ số.")
    strange = sorted(set(letters) - set(ALPHABET))
    if strange:
        raise CodeError(f"Mã tra cứu không dùng chữ {', '.join(strange)}; vui lòng xem lại giấy.")
    first, second = GROUPS[0], GROUPS[0] + GROUPS[1]
    return f"{letters[:first]}-{letters[first:second]}-{letters[second:]}"


def is_code(text: str) -> bool:
    """Return whether `text` can be read as a verification code."""
    try:
        normalise_code(text)
    except CodeError:
        return False
    return True
