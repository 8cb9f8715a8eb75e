"""Names of files, made safe for every system and for a reader, with their Vietnamese letters kept."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME_CHARACTERS = 120
"""Longest name: at most 360 bytes in UTF-8 would break 255-byte file systems, hence `MAX_NAME_BYTES` too."""
MAX_NAME_BYTES = 200
FALLBACK_NAME = "tep-tin"

_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_SPACES = re.compile(r"\s+")


def clean_filename(name: str) -> str:
    """Return `name` as a single harmless file name, NFC, at most 120 characters and 200 bytes; never empty.

    Folders, NUL and other control characters, direction marks (RTL override), characters that Windows forbids, leading
    dots and names of Windows devices go; letters of every alphabet and the suffix stay.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(" " if unicodedata.category(c) in {"Zs", "Zl", "Zp"} else c for c in text if _is_visible(c))
    text = _SPACES.sub(" ", _FORBIDDEN.sub("-", text)).strip().rstrip(" .")
    stem, suffix = split_suffix(text)
    stem = stem.strip(" .")
    if not stem:
        stem = FALLBACK_NAME
    if stem.split(".")[0].strip().casefold() in _DEVICES:
        stem = f"_{stem}"
    return _shorten(stem, suffix)


def split_suffix(name: str) -> tuple[str, str]:
    """Return stem and suffix; the suffix is lower case with its dot, or empty when it is none: `2026.07.01`."""
    match = re.fullmatch(r"(.*)(\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,8})", name, re.DOTALL | re.IGNORECASE | re.ASCII)
    return (match[1], match[2].lower()) if match else (name, "")


def with_suffix(name: str, suffix: str) -> str:
    """Return a cleaned name whose suffix is replaced, for a file that was re-encoded: `ảnh.HEIC` to `ảnh.jpg`."""
    stem, _ = split_suffix(name)
    return _shorten(stem, suffix)


def _is_visible(character: str) -> bool:
    """Tell letters, marks, digits, signs and spaces from control, format, private and unassigned characters."""
    return unicodedata.category(character)[0] != "C"


def _shorten(stem: str, suffix: str) -> str:
    stem = stem[: MAX_NAME_CHARACTERS - len(suffix)]
    while len((stem + suffix).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + suffix
