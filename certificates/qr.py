"""QR codes: by segno for one, by XOR for thousands.

With version, error level and mask fixed, a QR symbol is linear over GF(2): changing one letter
of the text flips the same modules whatever the other letters are. So the symbol of a text is
the symbol of another text of the same length, XOR one constant for every letter that differs.
Source: ISO/IEC 18004: data placement, Reed-Solomon code and mask are all linear or constant.
"""

from __future__ import annotations

from functools import lru_cache
from operator import xor

import segno

ERROR_LEVEL = "m"
MASK = 0
"""The mask is fixed: a constant choice is what makes symbols of one length comparable."""


def qr_rows(text: str) -> tuple[int, int]:
    """Return (modules a side, all modules as one whole number).

    Row by row from the top, each row padded with zeros to whole bytes, dark modules as 1.
    """
    symbol = segno.make(text, error=ERROR_LEVEL, mask=MASK, mode="byte", micro=False, boost_error=False)
    side = len(symbol.matrix)
    padding = -side % 8
    bits = 0
    for row in symbol.matrix:
        for module in row:
            bits = bits << 1 | (module & 1)
        bits <<= padding
    return side, bits


class QrTable:
    """Symbols of texts of one length, each from one reference by XOR.

    Every bit of the text has its own constant, found by segno when it is first needed; the
    constant of a changed letter is the XOR of those of its changed bits.
    """

    def __init__(self, length: int) -> None:
        """Prepare for ASCII texts of this many letters."""
        self._reference = b"0" * length
        self.side, self._base = qr_rows(self._reference.decode())
        self._flips: dict[tuple[int, int], int] = {}

    def bits(self, text: str) -> int:
        """Return the symbol of a text as `qr_rows` would; the length must be the table's."""
        bits, flips = self._base, self._flips
        for change in enumerate(map(xor, text.encode("ascii"), self._reference)):
            flip = flips.get(change)
            if flip is None:
                flip = flips[change] = self._flip(*change)
            bits ^= flip
        return bits

    def image(self, text: str) -> bytes:
        """Return the symbol as a PDF image of one bit a module, dark modules as 1."""
        return self.bits(text).to_bytes((self.side + 7) // 8 * self.side, "big")

    def _flip(self, place: int, change: int) -> int:
        if change & (change - 1):
            flip = 0
            for bit in (1 << power for power in range(7) if change >> power & 1):
                known = self._flips.get((place, bit))
                if known is None:
                    known = self._flips[place, bit] = self._flip(place, bit)
                flip ^= known
            return flip
        letters = bytearray(self._reference)
        letters[place] ^= change
        return qr_rows(letters.decode("ascii"))[1] ^ self._base if change else 0


@lru_cache(maxsize=64)
def qr_table(length: int) -> QrTable:
    """Return the table for addresses of this length; shared, for it only ever learns constants."""
    return QrTable(length)


def qr_svg(text: str) -> str:
    """Return the same symbol as an SVG document without margin, one unit a module."""
    side, bits = qr_rows(text)
    stride = (side + 7) // 8 * 8
    rows = f"{bits:0{stride * side}b}"
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y in range(side) for x in range(side) if rows[y * stride + x] == "1"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{path}" fill="#000"/></svg>'
    )
