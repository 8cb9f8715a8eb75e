"""Text into glyphs by HarfBuzz: once per face and text, for measuring and for stamping."""

from __future__ import annotations

from functools import lru_cache
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


class Typeface:
    """A static face ready for shaping; its unit is a thousandth of the font size."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.face = hb.Face(data)
        self.font = hb.Font(self.face)
        self.font.scale = (1000, 1000)
        self.letters = frozenset(map(chr, self.face.unicodes))
        self.shape = lru_cache(maxsize=20_000)(self._shape)
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

    def _shape(self, text: str) -> Shaped:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
        hb.shape(self.font, buffer, FEATURES)
        return self._write(buffer)

    def _write(self, buffer: hb.Buffer) -> Shaped:
        advance, stampable = 0, True
        show: list[str] = ["<"]
        infos = buffer.glyph_infos
        for info, position in zip(infos, buffer.glyph_positions, strict=True):
            glyph, step = info.codepoint, position.x_advance
            show.append(f"{glyph:04x}")
            kern = self.width(glyph) - step
            if kern:
                show.append(f">{kern}<")
            if position.x_offset or position.y_offset or not glyph:
                stampable = False
            advance += step
        show.append(">")
        return Shaped(advance, "".join(show).encode().replace(b"<>", b""), len(infos), stampable)


@lru_cache(maxsize=64)
def typeface(key: str, cache_dir: Path) -> Typeface:
    """Return the face of this key (see `certificates.fonts.FACES`), cut and ready."""
    return Typeface(cut_face(key, cache_dir))
