"""Blind judging: what a facility's own words must not say to a judge.

The dossier shown to a judge is an allow-list; this masks what facilities write into free text: their
name, address, numbers and people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MASK = "[đã ẩn]"
_FORMS = (
    "công ty trách nhiệm hữu hạn một thành viên",
    "công ty trách nhiệm hữu hạn",
    "công ty tnhh một thành viên",
    "công ty tnhh mtv",
    "công ty tnhh",
    "công ty cổ phần",
    "công ty",
    "doanh nghiệp tư nhân",
    "doanh nghiệp",
    "liên hiệp hợp tác xã",
    "hợp tác xã",
    "htx",
    "tổ hợp tác",
    "hộ kinh doanh",
    "cơ sở sản xuất",
    "cơ sở",
)
_LEAST_LETTERS = 5


def secrets_of(
    *,
    name: str,
    commune: str = "",
    street: str = "",
    tax_code: str = "",
    registration_number: str = "",
    representative: str = "",
    phone: str = "",
    email: str = "",
) -> tuple[str, ...]:
    """What to mask, longest first: the facility's name, also without its legal form, and what identifies it.

    A name that is one short word without its form ("Mẫu") is masked only as a whole: it would take
    ordinary words away.
    """
    found = {name, short_name(name), commune, street, tax_code, registration_number, representative, phone, email}
    kept = {item.strip() for item in found if _is_telling(item.strip())}
    return tuple(sorted(kept, key=lambda item: (-len(item), item)))


def short_name(name: str) -> str:
    """The name without its legal form: "Hợp tác xã Gốm Phù Lãng" is "Gốm Phù Lãng"."""
    plain = unicodedata.normalize("NFC", name).strip()
    for form in _FORMS:
        if plain.casefold().startswith(form + " "):
            return plain[len(form) :].strip()
    return plain


def _is_telling(text: str) -> bool:
    return len(text) >= _LEAST_LETTERS and (" " in text or not text.isalpha())


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret replaced by ``MASK``, whatever its marks and case; words are not cut in two."""
    text = unicodedata.normalize("NFC", text)
    for secret in secrets:
        text = _without(text, "".join(_bare(char) for char in unicodedata.normalize("NFC", secret)))
    return text


def _without(text: str, secret: str) -> str:
    bare = "".join(_bare(char) for char in text)
    start = bare.find(secret)
    while start >= 0:
        end = start + len(secret)
        if _is_edge(bare, start - 1) and _is_edge(bare, end):
            text, bare = text[:start] + MASK + text[end:], bare[:start] + "\0" * len(MASK) + bare[end:]
            end = start + len(MASK)
        start = bare.find(secret, end)
    return text


def _is_edge(bare: str, position: int) -> bool:
    return not (0 <= position < len(bare) and bare[position].isalnum())


def _bare(char: str) -> str:
    """One letter for one letter, without marks and case, so that places in both texts agree."""
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFD", char)[0].lower()[0]
    return "d" if base == "đ" else base
