"""The icon of the judge's app, drawn: the woven mark on lacquer red, with the margin that round masks cut away."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

GROUND, STRAND = "#9b1c1f", "#fbf8f1"
# The strands of the mark on a grid of 32: two across beside two upright, the weave of a bamboo mat.
ACROSS: tuple[tuple[float, float, float], ...] = ((6.5, 8, 14.5), (6.5, 12, 14.5), (17.5, 20, 25.5), (17.5, 24, 25.5))
UPRIGHT: tuple[tuple[float, float, float], ...] = (
    (19.5, 6.5, 14.5),
    (23.5, 6.5, 14.5),
    (8.5, 17.5, 25.5),
    (12.5, 17.5, 25.5),
)
WIDTH = 2.2
SHRINK = 0.8  # a mask may cut all but the inner four fifths (W3C, Web App Manifest, safe zone)
FINER = 4


@lru_cache(maxsize=8)
def draw_icon(size: int) -> bytes:
    """A square PNG of ``size`` pixels a side."""
    side = size * FINER
    picture = Image.new("RGB", (side, side), GROUND)
    pen = ImageDraw.Draw(picture)
    for start, level, end in ACROSS:
        _strand(pen, side, (start, level), (end, level))
    for level, start, end in UPRIGHT:
        _strand(pen, side, (level, start), (level, end))
    target = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(target, "PNG", optimize=True)
    return target.getvalue()


def _strand(pen: ImageDraw.ImageDraw, side: int, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line with round ends between two points of the grid."""
    points = [tuple(side * (0.5 + (value - 16) / 32 * SHRINK) for value in point) for point in (start, end)]
    radius = side * WIDTH / 64 * SHRINK
    pen.line([(x, y) for x, y in points], fill=STRAND, width=round(2 * radius))
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=STRAND)
