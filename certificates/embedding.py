"""A face as the objects that a PDF embeds: subset, widths, and the way from glyphs to letters."""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from dataclasses import dataclass

import uharfbuzz as hb

from certificates.fonts import FACES
from certificates.shaping import Typeface

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
VIETNAMESE_LETTERS = (
    "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES) + "đĐ"
)
"""All 146 vowels with and without tone, and đ; 134 of them carry a mark."""

_SIGNS = "‐‑–—‘’‚“”„•…‰′″‹›₫€™−≤≥≈≠√∞№"


def embedded_letters() -> str:
    """Return the letters that every compiled design can stamp, the most wanted first.

    The order decides which of two letters that share a glyph a reader will find in the file.
    """
    plain = "".join(map(chr, range(0x20, 0x7F)))
    latin = "".join(map(chr, [*range(0xA1, 0xAD), *range(0xAE, 0x180)]))
    return "".join(dict.fromkeys(plain + VIETNAMESE_LETTERS + _SIGNS + latin))


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """What a PDF needs of one face; streams are deflated.

    Attributes:
        letters: the letters that may be stamped with it, each with a glyph of its own.
        widths: the `W` array; descriptor: the numbers of the font descriptor.
        file_bytes: length of the font file before deflation.
    """

    key: str
    name: str
    letters: str
    widths: str
    descriptor: str
    to_unicode: bytes
    file: bytes
    file_bytes: int


def embed(key: str, typeface: Typeface) -> EmbeddedFace:
    """Cut a face down to the embedded letters; glyph numbers stay as HarfBuzz gives them."""
    glyphs = _glyphs_of(typeface)
    data = _subset(typeface.face, set(glyphs))
    tag = _subset_tag(data)
    name = f"{tag}+{FACES[key].family.replace(' ', '')}-{FACES[key].weight}"
    return EmbeddedFace(
        key=key,
        name=name + ("Italic" if FACES[key].italic else ""),
        letters="".join(glyphs.values()),
        widths=_widths(typeface, sorted(glyphs)),
        descriptor=_descriptor(typeface, FACES[key].italic),
        to_unicode=zlib.compress(_to_unicode(glyphs).encode(), 9),
        file=zlib.compress(data, 9),
        file_bytes=len(data),
    )


def _glyphs_of(typeface: Typeface) -> dict[int, str]:
    """Return glyph -> letter; a letter whose glyph is taken, or that needs two, is left out."""
    glyphs: dict[int, str] = {}
    for letter in embedded_letters():
        if letter not in typeface.letters:
            continue
        shaped = typeface.shape(letter)
        if shaped.glyphs == 1 and shaped.stampable:
            glyphs.setdefault(typeface.placed(letter)[0].glyph, letter)
    return glyphs


def _subset(face: hb.Face, glyphs: set[int]) -> bytes:
    plan = hb.SubsetInput()
    plan.glyph_set.update(glyphs | {0})
    plan.flags = (
        hb.SubsetFlags.RETAIN_GIDS
        | hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.NOTDEF_OUTLINE
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    for table in ("GSUB", "GPOS", "GDEF", "name", "OS/2", "gasp", "STAT"):
        plan.drop_table_tag_set.add(int.from_bytes(table.encode(), "big"))
    data: bytes = hb.subset(face, plan).blob.data
    return data


def _subset_tag(data: bytes) -> str:
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _widths(typeface: Typeface, glyphs: list[int]) -> str:
    parts: list[str] = []
    previous = -2
    for glyph in [0, *glyphs]:
        if glyph != previous + 1:
            parts.append(f"{']' if parts else ''}{glyph}[")
        parts.append(f"{typeface.width(glyph)} ")
        previous = glyph
    return "[" + "".join(parts).replace(" ]", "]").rstrip() + "]]"


def _descriptor(typeface: Typeface, italic: bool) -> str:
    extents = typeface.font.get_font_extents("ltr")
    box = _bounding_box(typeface)
    return (
        f"/Flags {4 | 64 * italic}/ItalicAngle {-12 * italic}/Ascent {extents.ascender}"
        f"/Descent {extents.descender}/CapHeight 714/StemV 80/FontBBox[{box}]"
    )


def _bounding_box(typeface: Typeface) -> str:
    head = typeface.face.reference_table("head").data
    corners = (int.from_bytes(head[at : at + 2], "big", signed=True) for at in (36, 38, 40, 42))
    return " ".join(str(round(corner * 1000 / typeface.face.upem)) for corner in corners)


def _to_unicode(glyphs: dict[int, str]) -> str:
    pairs = [f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(glyphs.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo\n<< /Registry (Adobe)\n/Ordering (UCS)\n/Supplement 0\n>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
