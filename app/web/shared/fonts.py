"""The screen fonts: Be Vietnam Pro cut to the letters in use, as WOFF2.

Two files a weight: the letters, and ten figures of one width. The family ships no tabular figures (its
"1" is 385 units wide, its "4" 710), and columns of scores must stand under one another.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import fontpkg

FAMILY = "Be Vietnam Pro"
WEIGHTS = (400, 500, 600, 700)
FIGURE_BEARINGS = 44  # of 1000: the air of the widest figure; with the width of "0", columns looked torn
# What Vietnamese and English pages need: ASCII and Latin-1, Vietnamese letters, combining marks (text
# pasted in NFD), dashes and quotes, đồng sign, arrows, comparison signs. Nothing else is sent.
_LETTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169,
    0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323,
    *range(0x1EA0, 0x1EFA), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2032, 0x20AB,
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
)  # fmt: skip
_FIGURES = tuple(range(0x30, 0x3A))


def font_name(weight: int) -> str:
    """File name of the letters of one weight."""
    return f"be-vietnam-pro-{weight}.woff2"


def figures_name(weight: int) -> str:
    """File name of the figures of one width of one weight."""
    return f"be-vietnam-figures-{weight}.woff2"


def font_names() -> frozenset[str]:
    """The names of all files that `build_fonts` makes."""
    return frozenset(make(weight) for weight in WEIGHTS for make in (font_name, figures_name))


def build_fonts(out_dir: Path) -> list[Path]:
    """Cut the screen fonts into `out_dir`; return their paths, two a weight.

    Files that are already there are kept, so a second call costs nothing. Each file appears whole
    or not at all (written beside and renamed).

    Raises:
        fontpkg.FontpkgError: the font package is not installed.
        OSError: the folder cannot be written.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    made = []
    for weight in WEIGHTS:
        for name, unicodes in ((font_name(weight), _LETTERS), (figures_name(weight), _FIGURES)):
            target = out_dir / name
            if not target.exists():
                _cut(fontpkg.path(FAMILY, weight), target, unicodes)
            made.append(target)
    return made


def _cut(source: Path, target: Path, unicodes: tuple[int, ...]) -> None:
    from fontTools import subset  # loaded when fonts are cut, not with every start

    options = subset.Options(flavor="woff2", hinting=False)
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"] if unicodes == _LETTERS else []
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=unicodes)
        cutter.subset(font)
        if unicodes == _FIGURES:
            _even_out(font)
        handle, partial = tempfile.mkstemp(dir=target.parent, suffix=".part")
        os.close(handle)
        subset.save_font(font, partial, options)
    os.chmod(partial, 0o644)
    os.replace(partial, target)


def _even_out(font: Any) -> None:
    """Give the ten figures one width, each in the middle of it."""
    shapes, widths, names = font["glyf"], font["hmtx"], font.getBestCmap()
    figures = [names[code] for code in _FIGURES]
    width = FIGURE_BEARINGS + max(shapes[name].xMax - shapes[name].xMin for name in figures)
    for name in figures:
        shape = shapes[name]
        bearing = (width - (shape.xMax - shape.xMin)) // 2
        shape.coordinates.translate((bearing - shape.xMin, 0))
        shape.recalcBounds(shapes)
        widths[name] = (width, bearing)
