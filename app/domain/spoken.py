"""Names read aloud: which words a Vietnamese reader may stumble over, and the reading that an organiser wrote down.

A word is unusual when it does not have the shape of a Vietnamese syllable: ``Krông``, ``Ea``, ``wax``. Which reading
is right is nobody's guess: the organiser writes it beside the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x|"
CODA = "ch|ng|nh|c|m|n|p|t|"
SYLLABLE = re.compile(f"(?:{ONSET})(?P<nucleus>[aeiouy]{{1,3}})(?:{CODA})")
# Two vowels that begin no Vietnamese syllable of their own, marks aside.
FOREIGN = frozenset({"ea", "ei", "ii", "ee", "aa", "ae", "iy", "yi", "yo"})
WORD = re.compile(r"[^\W\d_]{2,}")


def is_unusual(word: str) -> bool:
    """True if the word is no Vietnamese syllable. Abbreviations in capitals are spelled, so they are not."""
    if word.isupper() and len(word) > 1:
        return False
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found = SYLLABLE.fullmatch(letters)
    return found is None or found["nucleus"] in FOREIGN


def unusual_words(texts: Iterable[str]) -> tuple[str, ...]:
    """The unusual words of the texts, each once, in order of appearance."""
    words = (word for text in texts for word in WORD.findall(unicodedata.normalize("NFC", text)))
    return tuple(dict.fromkeys(word for word in words if is_unusual(word)))


def read_aloud(text: str, readings: Mapping[str, str]) -> str:
    """The text with ``[đọc là: ...]`` after every name that has a reading; longer names come first."""
    if not readings:
        return text
    names = sorted(readings, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(" + "|".join(re.escape(name) for name in names) + r")(?!\w)")
    return pattern.sub(lambda found: f"{found[1]} [đọc là: {readings[found[1]]}]", text)
