"""Text into glyphs by HarfBuzz, for measuring and for stamping."""

from __future__ import annotations

import unicodedata
from functools import cached_property, lru_cache
from operator import add
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from certificates.fonts import cut_face

# One letter is one glyph: ligatures would hide letters from whoever searches the PDF.
FEATURES = {"liga": False, "clig": False, "calt": False, "dlig": False, "rlig": False}


class Shaped(NamedTuple):
    """A run of text in one face.

    Attributes:
        advance: width in thousandths of the font size.
        show: the glyphs as a PDF `TJ` array, kerning included, without its brackets.
        glyphs: number of glyphs. `stampable`: whether all stand on the line side by side.
    """

    advance: int
    show: bytes
    glyphs: int
    stampable: bool


class _Pairs(dict[str, tuple[int, str]]):
    """Two letters -> (advance of the second and their kerning, glyph text of both), on demand."""

    def __init__(self, typeface: Typeface) -> None:
        super().__init__()
        self._typeface = typeface

    def __missing__(self, pair: str) -> tuple[int, str]:
        whole = self._typeface.shape_whole(pair)
        first = self._typeface.shape_whole(pair[0])
        shown = whole.show.decode()
        self[pair] = entry = (whole.advance - first.advance, shown[5:-1])
        return entry


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
        self._pairs = _Pairs(self)
        self._widths: dict[int, int] = {}

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
        if len(text) < 2 or not self.simple.issuperset(text):
            return self.shape_whole(text)
        first = self.shape(text[0])
        pairs = self._pairs
        entries = [pairs[pair] for pair in map(add, text, text[1:])]
        show = "".join([entry[1] for entry in entries])
        advance = first.advance + sum([entry[0] for entry in entries])
        return Shaped(advance, b"%s%s>" % (first.show[:-1], show.encode()), len(text), True)

    def steps(self, text: str) -> list[tuple[int, int]] | None:
        """Return for each letter its advance (alone, after the letter before it).

        `None` where letters need more than kerning: such a text has to be shaped to be measured.
        """
        if not self.simple.issuperset(text):
            return None
        alone = [self.shape(letter).advance for letter in text]
        pairs = self._pairs
        after = [pairs[pair][0] for pair in map(add, text, text[1:])]
        return list(zip(alone, alone[:1] + after, strict=True))

    def shape_whole(self, text: str) -> Shaped:
        """Return the text as HarfBuzz shapes it in one go."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
        hb.shape(self.font, buffer, FEATURES)
        return self._write(buffer)

    def _write(self, buffer: hb.Buffer) -> Shaped:
        advance, stampable = 0, True
        show: list[str] = []
        infos = buffer.glyph_infos
        for info, position in zip(infos, buffer.glyph_positions, strict=True):
            glyph, step = info.codepoint, position.x_advance
            kern = self.width(glyph) - step
            show.append(f"{glyph:04x}>{kern}<" if kern else f"{glyph:04x}")
            if position.x_offset or position.y_offset or not glyph:
                stampable = False
            advance += step
        return Shaped(advance, f"<{''.join(show)}>".encode(), len(infos), stampable)


@lru_cache(maxsize=64)
def typeface(key: str, cache_dir: Path) -> Typeface:
    """Return the face of this key (see `certificates.fonts.FACES`), cut and ready."""
    return Typeface(cut_face(key, cache_dir))
