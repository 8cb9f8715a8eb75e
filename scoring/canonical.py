"""Canonical JSON (RFC 8785 without floats), and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scoring.errors import NumberNotCanonical

SAFE_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps. Source: RFC 8785, 3.2.2.3; RFC 7493, 2.2."""

_ASTRAL_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
"""The first bytes of characters beyond the basic plane in UTF-8."""


def canonical_json(document: Any) -> bytes:
    """The one spelling of a document: UTF-8, keys sorted by UTF-16 code units, no white space.

    Takes objects with text keys, lists, text, integers within ±(2^53 − 1), booleans and null.

    Raises:
        NumberNotCanonical: for a float or a larger integer.
        UnicodeEncodeError: for text with half of a surrogate pair.

    Source: RFC 8785. Floats never occur here: decimals are text.
    """
    _refuse_inexact_numbers(document)
    return canonical_bytes(document)


def canonical_bytes(document: Any) -> bytes:
    """As ``canonical_json``, for a document that a check has already found to hold no float and no large integer."""
    data = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    if any(lead in data for lead in _ASTRAL_LEADS):
        # Only beyond the basic plane does the order of code points differ from the order that the RFC asks for.
        data = json.dumps(_sorted_as_utf16(document), ensure_ascii=False, separators=(",", ":")).encode()
    return data


def sha256_of(document: Any) -> str:
    """The SHA-256 of the canonical form, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _refuse_inexact_numbers(document: Any) -> None:
    """Walk with a stack of its own: a large round has millions of values."""
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(item for item in value.values() if type(item) is not str)
        elif isinstance(value, list | tuple):
            stack.extend(item for item in value if type(item) is not str)
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) > SAFE_INTEGER):
            raise NumberNotCanonical


def _sorted_as_utf16(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted_as_utf16(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_sorted_as_utf16(item) for item in value]
    return value
