"""Vietnamese text: normal form, accent-blind folding, dictionary order, cleaning of input."""

from __future__ import annotations

import re
import unicodedata

# The letters of the alphabet in dictionary order; f, j, w, z stand where Latin order puts them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

# Tone marks in the order of Vietnamese dictionaries: (none) huyền hỏi ngã sắc nặng.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")

_TONE_RANK = {mark: str(rank) for rank, mark in enumerate(TONES)}
_DIGITS36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTER_MARKS = frozenset("\u0306\u0302\u031b")  # breve, circumflex, horn: they make a letter, not a tone

# Signs in the order of CLDR; all of them sort between the space and the digits.
_SIGNS = "_-–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%`^°©®+±÷×<=>|~$"

# Explicit and implicit direction controls: they can make a name read as another one.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff")
_STROKED = str.maketrans("đð", "dd")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def nfc(text: str) -> str:
    """The composed normal form, which is how every text is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text as accent-blind search sees it: no marks, ``đ`` as ``d``, no case, single spaces.

    "ĐƯỜNG  Láng" and "duong lang" fold to the same. Folding twice changes nothing.
    """
    return " ".join(_unmarked(text).split())


def _unmarked(text: str) -> str:
    """Lower case without any mark. ``đ`` has no decomposition, and ``ð`` is a common slip."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).translate(_STROKED)


def sort_key(text: str) -> str:
    """A key whose order is that of Vietnamese dictionaries (as CLDR's ``vi``).

    Letters are compared first over the whole text (a ă â ... d đ ... o ô ơ ... u ư), then tones
    (ngang huyền hỏi ngã sắc nặng), then case, small before capital. A space is before every
    letter, so "An Giang" is before "Anh". The key holds only ``0-9a-z``, so that a column of any
    collation sorts it the same; it is about four times as long as the text.
    """
    weights: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for cluster in _clusters(clean_line(text)):
        letter, tone = _split_tone(cluster)
        small = letter.lower()
        weights.extend(_weight(char) for char in small)
        tones.append(tone)
        cases.append("0" if letter == small else "1")
    return "".join((*weights, "00", *tones, *cases))


def _weight(char: str) -> str:
    """Two signs for what Vietnamese is written with, eight for all else; no weight begins another.

    "00" is left to the end of the text, below everything.
    """
    if char == " ":
        return "01"
    if char in ALPHABET:
        place = ALPHABET.index(char)
        return _DIGITS36[10 + place // 10] + _DIGITS36[place % 10]
    if char.isascii() and char.isdigit():
        return "9" + char
    if char in _SIGNS:
        place = _SIGNS.index(char) + 2
        return _DIGITS36[place // 36] + _DIGITS36[place % 36]
    return f"zz{ord(char):06x}"


def _clusters(text: str) -> list[str]:
    """Letters with the marks that belong to them, decomposed."""
    clusters: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char) and clusters:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _split_tone(cluster: str) -> tuple[str, str]:
    """The letter (composed, with breve, circumflex or horn) and the rank of its tone as a digit."""
    tone = "0"
    kept = cluster[0]
    for mark in cluster[1:]:
        if mark in _TONE_RANK:
            tone = _TONE_RANK[mark]
        elif mark in _LETTER_MARKS:
            kept += mark
    return nfc(kept), tone


def clean_line(text: str) -> str:
    """One line as it is stored: NFC, single spaces, no controls or direction overrides."""
    return _SPACES.sub(" ", _without_controls(text)).strip()


def clean_text(text: str) -> str:
    """Lines as they are stored: each as ``clean_line``, at most one blank line running."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(clean_line(line) for line in lines)).strip()


def _without_controls(text: str) -> str:
    """NFC without characters that print nothing or turn the reading direction."""
    if text.isprintable():  # true of nearly every line: no control, format or surrogate character in it
        return nfc(text)
    return nfc("".join(c for c in text if _is_kept(c)))


def _is_kept(char: str) -> bool:
    """False for what prints nothing or turns the text: controls but spaces, half characters."""
    if char in _BIDI or char in _INVISIBLE:
        return False
    if char.isspace():
        return True
    return unicodedata.category(char) not in {"Cc", "Cs", "Co"}


def count_letters(text: str) -> int:
    """How many letters a reader counts: marks belong to their letter, the ends are trimmed."""
    return len(_clusters(clean_text(text)))


def slug(text: str, limit: int = 60) -> str:
    """A part of an address: ``a-z``, ``0-9`` and single hyphens, at most ``limit`` letters.

    Raises:
        ValueError: nothing of the text is left, as of "***".
    """
    words = _NOT_SLUG.sub("-", _unmarked(text)).strip("-")
    if not words:
        raise ValueError("no letter or digit to make a slug of")
    return words[:limit].rstrip("-")
