"""Text into glyphs by HarfBuzz, for measuring and for stamping."""

from __future__ import annotations

import unicodedata
from functools import cached_property, lru_cache
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from certificates.fonts import cut_face

PX = 0.75
PANGO_UNITS = 1024
"""Points in a CSS pixel, and Pango's units in one."""

# One letter is one glyph: ligatures would hide letters from whoever searches the PDF.
FEATURES = {"liga": False, "clig": False, "calt": False, "dlig": False, "rlig": False}


class Shaped(NamedTuple):
    """A run of text in one face.

    Attributes:
        advance: width in thousandths of the font size.
        glyphs: number of glyphs. `stampable`: whether all stand on the line side by side.
    """

    advance: int
    glyphs: int
    stampable: bool


class _Placed(NamedTuple):
    """A glyph, its own width and the room that it is given, in thousandths of the font size."""

    glyph: int
    width: int
    step: int


class _Advances(dict[tuple[str, str], int]):
    """Two letters -> advance of the second and their kerning, on demand."""

    def __init__(self, typeface: Typeface) -> None:
        super().__init__()
        self._typeface = typeface

    def __missing__(self, pair: tuple[str, str]) -> int:
        first, whole = (self._typeface.shape_whole(text).advance for text in (pair[0], "".join(pair)))
        self[pair] = advance = whole - first
        return advance


class _Shown(dict[tuple[str, str], str]):
    """Two letters -> the kerning between them and the glyph of the second as `TJ` wants them, on demand."""

    def __init__(self, typeface: Typeface, size_pt: float) -> None:
        super().__init__()
        self._typeface, self._size_pt = typeface, size_pt

    def __missing__(self, pair: tuple[str, str]) -> str:
        self[pair] = shown = written(self._typeface.placed("".join(pair)), self._size_pt)[4:]
        return shown


class Typeface:
    """A static face ready for shaping; its unit is a thousandth of the font size.

    Latin letters in composed form need kerning and nothing else, and kerning looks at two
    letters at a time. So a text is put together from pairs that HarfBuzz has shaped before;
    a test holds the result against HarfBuzz over whole texts.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.face = hb.Face(data)
        self.font = hb.Font(self.face)
        self.font.scale = (1000, 1000)
        self.letters = frozenset(map(chr, self.face.unicodes))
        self.shape = lru_cache(maxsize=500)(self._shape)
        self._advances = _Advances(self)
        self._shown: dict[float, _Shown] = {}
        self._widths: dict[int, int] = {}
        self._alone: dict[str, tuple[int, str]] = {}

    def missing(self, text: str) -> str:
        """Return the first letter that the face lacks, or the empty string."""
        if self.letters.issuperset(text):
            return ""
        return next(letter for letter in text if letter not in self.letters)

    def width(self, glyph: int) -> int:
        """Return a glyph's own width, before kerning."""
        width = self._widths.get(glyph)
        if width is None:
            width = self._widths[glyph] = self.font.get_glyph_h_advance(glyph)
        return width

    @cached_property
    def simple(self) -> frozenset[str]:
        """Return the letters that are one glyph each, whatever stands beside them."""
        shaped = ((letter, self.shape_whole(letter)) for letter in self.letters)
        return frozenset(
            letter
            for letter, one in shaped
            if one.glyphs == 1 and one.stampable and not unicodedata.combining(letter)
        )

    def _shape(self, text: str) -> Shaped:
        """Return how much room a text takes, and whether it can be stamped."""
        if not text or not self.simple.issuperset(text):
            return self.shape_whole(text)
        advance = self._letter(text[0])[0] + sum(map(self._advances.__getitem__, pairwise(text)))
        return Shaped(advance, len(text), True)

    def show(self, text: str, size_pt: float = 0.0) -> bytes:
        """Return the glyphs of a text as a PDF `TJ` array without its brackets, kerning included.

        Args:
            size_pt: the size at which WeasyPrint would print it, for its very kerning; 0 for the face's own.
        """
        if not text or not self.simple.issuperset(text):
            return f"<{written(self.placed(text), size_pt)}>".encode()
        shown = self._shown.get(size_pt)
        if shown is None:
            shown = self._shown[size_pt] = _Shown(self, size_pt)
        rest = "".join(map(shown.__getitem__, pairwise(text)))
        return f"<{self._letter(text[0])[1]}{rest}>".encode()

    def steps(self, text: str) -> list[tuple[int, int]] | None:
        """Return for each letter its advance (alone, after the letter before it).

        `None` where letters need more than kerning: such a text has to be shaped to be measured.
        """
        if not self.simple.issuperset(text):
            return None
        alone = [self._letter(letter)[0] for letter in text]
        after = map(self._advances.__getitem__, pairwise(text))
        return list(zip(alone, [*alone[:1], *after], strict=True))

    def shape_whole(self, text: str) -> Shaped:
        """Return the room that HarfBuzz gives the text when it shapes it in one go."""
        buffer = self._shaped(text)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        flat = not any(position.x_offset or position.y_offset for position in positions)
        stampable = flat and all(info.codepoint for info in infos)
        return Shaped(sum(position.x_advance for position in positions), len(infos), stampable)

    def placed(self, text: str) -> list[_Placed]:
        """Return the glyphs of a text as HarfBuzz shapes it in one go, in order."""
        buffer = self._shaped(text)
        return [
            _Placed(info.codepoint, self.width(info.codepoint), position.x_advance)
            for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def _shaped(self, text: str) -> hb.Buffer:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
        hb.shape(self.font, buffer, FEATURES)
        return buffer

    def _letter(self, letter: str) -> tuple[int, str]:
        """Return a simple letter's advance and its glyph in hexadecimal."""
        known = self._alone.get(letter)
        if known is None:
            (one,) = self.placed(letter)
            known = self._alone[letter] = (one.step, f"{one.glyph:04x}")
        return known


def written(glyphs: list[_Placed], size_pt: float) -> str:
    """Return glyphs in hexadecimal with the kerning between them, as inside of the `<>` of a `TJ` array."""
    parts = []
    for glyph, width, step in glyphs:
        kern = width - step
        if kern and size_pt:
            kern = drawn_kerning(width, kern, size_pt)
        parts.append(f"{glyph:04x}>{kern}<" if kern else f"{glyph:04x}")
    return "".join(parts)


def drawn_kerning(width: int, kern: int, size_pt: float) -> int:
    """Return the kerning that WeasyPrint writes where the face asks for `kern`, in thousandths of the size.

    Pango rounds both to its own unit, HarfBuzz with a factor of 16 binary places; WeasyPrint then cuts
    the difference to a whole thousandth (its draw/text.py), so that 20 can become 19: over a long line
    of 26 pt that is 0.2 pt.
    """
    scale = floor(size_pt / PX * PANGO_UNITS + 0.5)
    factor = (scale << 16) // 1000
    room = (width * factor + 0x8000 >> 16) + (-kern * factor + 0x8000 >> 16)
    return int(width - room * 1000 / scale)


@lru_cache(maxsize=64)
def typeface(key: str, cache_dir: Path) -> Typeface:
    """Return the face of this key (see `certificates.fonts.FACES`), cut and ready."""
    return Typeface(cut_face(key, cache_dir))
