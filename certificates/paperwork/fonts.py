"""The face of the papers: Noto Serif from its font package, never a font of the system."""

from __future__ import annotations

from functools import cache

import fontpkg_noto_serif  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont

_FILES = {"paper:regular": "NotoSerif[wdth,wght].ttf", "paper:italic": "NotoSerif-Italic[wdth,wght].ttf"}

#: Stands, visibly, for a letter that the face does not have: better a mark than another machine's font or a gap.
MISSING = "\N{REPLACEMENT CHARACTER}"


@cache
def font_files() -> dict[str, bytes]:
    """The font files by the address under which the style sheet asks for them."""
    folder = fontpkg_noto_serif.ROOT / "files"
    return {address: (folder / name).read_bytes() for address, name in _FILES.items()}


@cache
def _letters() -> frozenset[int]:
    """The code points that both the upright and the italic face have."""
    folder = fontpkg_noto_serif.ROOT / "files"
    maps = [TTFont(folder / name, lazy=True).getBestCmap() for name in _FILES.values()]
    return frozenset(maps[0]) & frozenset(maps[1]) | {ord("\n"), ord("\t")}


def drawable(text: str) -> str:
    """The text with `MISSING` in place of each letter that the face lacks."""
    letters = _letters()
    return "".join(letter if ord(letter) in letters else MISSING for letter in text)
