"""Static typefaces, cut once from the font packages into a cache folder.

The serif packages hold variable fonts with thousands of letters. The press wants plain static
faces, so each is pinned to one weight, reduced to Latin letters, and set to lining figures.
Ligatures are left out: one letter is one glyph, so that a reader of the PDF finds the text.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from certificates.errors import DesignRefused

CUT_VERSION = 2
_KEPT_FEATURES = ["kern", "mark", "mkmk", "ccmp"]
_DROPPED_TABLES = ["STAT", "MATH", "DSIG", "meta", "hdmx", "VDMX", "LTSH", "BASE"]


@dataclass(frozen=True, slots=True)
class Face:
    """One static face: what CSS calls it and where it is cut from."""

    key: str
    family: str
    weight: int
    italic: bool
    package: str
    file: str

    @property
    def css(self) -> str:
        """Return the `@font-face` rule under which designs find this face."""
        style = "italic" if self.italic else "normal"
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{self.weight};'
            f'font-style:{style};src:url("fonts/{self.key}.ttf")}}'
        )


def _face(family: str, weight: int, italic: bool, file: str) -> Face:
    stem = family.lower().replace(" ", "-")
    key = f"{stem}-{weight}{'i' if italic else ''}"
    return Face(key, family, weight, italic, "fontpkg_" + stem.replace("-", "_"), file)


FACES = {
    face.key: face
    for face in (
        _face("Noto Serif", 400, False, "NotoSerif[wdth,wght].ttf"),
        _face("Noto Serif", 600, False, "NotoSerif[wdth,wght].ttf"),
        _face("Noto Serif", 700, False, "NotoSerif[wdth,wght].ttf"),
        _face("Noto Serif", 400, True, "NotoSerif-Italic[wdth,wght].ttf"),
        _face("Noto Serif", 700, True, "NotoSerif-Italic[wdth,wght].ttf"),
        _face("Playfair Display", 600, False, "PlayfairDisplay[wght].ttf"),
        _face("Playfair Display", 700, False, "PlayfairDisplay[wght].ttf"),
        _face("Be Vietnam Pro", 400, False, "BeVietnamPro-Regular.ttf"),
        _face("Be Vietnam Pro", 600, False, "BeVietnamPro-SemiBold.ttf"),
    )
}


def default_cache_dir() -> Path:
    """Return the folder for cut faces and compiled designs; `TIEUBIEU_PRESS_CACHE` overrides it."""
    chosen = os.environ.get("TIEUBIEU_PRESS_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tieubieu-press"


@cache
def font_digest(key: str) -> str:
    """Return a digest that changes with the font package or with the way of cutting."""
    face = FACES[key]
    parts = (key, face.file, version(face.package), version("fonttools"), str(CUT_VERSION))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


@cache
def cut_face(key: str, cache_dir: Path) -> bytes:
    """Return the TTF bytes of a static face, cutting it first if the cache does not hold it.

    Raises:
        DesignRefused: no face has this key.
    """
    if key not in FACES:
        raise DesignRefused(f"Không có kiểu chữ “{key}” trong bộ chữ của hệ thống.")
    path = cache_dir / "fonts" / f"{key}-{font_digest(key)}.ttf"
    if not path.exists():
        write_atomically(path, _cut(FACES[key]))
    return path.read_bytes()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that another process sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(data)
    draft.replace(path)


def kept_letters() -> set[int]:
    """Return the code points that a cut face keeps: Latin, its marks, signs that names use."""
    blocks = ((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x331), (0x1E00, 0x1EFF), (0x2010, 0x2044))
    letters = {code for low, high in blocks for code in range(low, high + 1)}
    letters |= {ord(sign) for sign in "₫€™©®°²³¹½¼¾×÷±≤≥≈≠−√∞µΩ№ℓ℃‰′″•◦"}
    return {code for code in letters if unicodedata.category(chr(code)) not in ("Cn", "Cf", "Zl")}


def _cut(face: Face) -> bytes:
    from io import BytesIO

    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    source = files(face.package) / "files" / face.file
    font = TTFont(BytesIO(source.read_bytes()), recalcTimestamp=False)
    # Letters are dropped first: pinning the thousands that no paper prints is what costs.
    _use_lining_figures(font)
    _reduce(font)
    if "fvar" in font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, {**axes, "wght": face.weight})
    _rename(font, face)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _use_lining_figures(font: object) -> None:
    """Point the digits of the character map at their lining forms, where those are alternates."""
    table = font["GSUB"].table  # type: ignore[index]
    wanted = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "lnum"
        for index in record.Feature.LookupListIndex
    }
    swap: dict[str, str] = {}
    for index in sorted(wanted):
        for subtable in table.LookupList.Lookup[index].SubTable:
            swap.update(getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}))
    for cmap in font["cmap"].tables:  # type: ignore[index]
        for digit in range(0x30, 0x3A):
            if digit in cmap.cmap:
                cmap.cmap[digit] = swap.get(cmap.cmap[digit], cmap.cmap[digit])


def _reduce(font: object) -> None:
    from fontTools.subset import Options, Subsetter

    options = Options(
        layout_features=_KEPT_FEATURES, notdef_outline=True, glyph_names=False, hinting=False
    )
    options.drop_tables += _DROPPED_TABLES
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=kept_letters())
    subsetter.subset(font)


def _rename(font: object, face: Face) -> None:
    """Give every cut face names of its own: no other font on the machine can stand in for it."""
    names = font["name"]  # type: ignore[index]
    names.names = []
    style = f"{face.weight}{'Italic' if face.italic else ''}"
    postscript = f"{face.family.replace(' ', '')}-{style}"
    for name_id, text in ((1, face.family), (2, style), (4, postscript), (6, postscript)):
        names.setName(text, name_id, 3, 1, 0x409)
