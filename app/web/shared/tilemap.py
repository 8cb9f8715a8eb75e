"""Tile grid map of the provinces: one square each, always with the islands of Hoàng Sa and Trường Sa.

The layouts are our own (`tilegrid_34.csv` since 1/7/2025, `tilegrid_63.csv` before); a square
stands about where its province lies. Hoàng Sa belongs to Đà Nẵng and Trường Sa to Khánh Hòa and carry their
figures. Codes changed owners on 1/7/2025, so figures must be keyed by the codes of the same layout.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from markupsafe import Markup

from app.web.shared.pictures import Number, Picture, svg_frame, svg_text, ticks, vn_number

Layout = Literal[34, 63]
TILE = 46
GAP = 3
ISLANDS_WIDTH = 62  # room for the whole name


@dataclass(frozen=True, slots=True)
class Tile:
    """One square: `column` and `row` count from the top left; islands carry the code of their province."""

    code: str
    name: str
    short: str
    column: int
    row: int
    islands: bool


@cache
def tiles(layout: Layout) -> tuple[Tile, ...]:
    """The squares of the map of 34 or of 63 provinces, islands last."""
    with (files("app.web.shared") / f"tilegrid_{layout}.csv").open(encoding="utf-8") as source:
        return tuple(
            Tile(row["code"], row["name"], row["short"], int(row["column"]), int(row["row"]), row["kind"] == "islands")
            for row in csv.DictReader(source)
        )


def shade(value: Number | None, bounds: Sequence[float]) -> int:
    """Step of colour from 0 (nothing) to 4: how many of the four rising lower bounds the value has reached."""
    return 0 if value is None or value <= 0 else sum(float(value) >= bound for bound in bounds)


def shade_bounds(values: Mapping[str, Number]) -> tuple[float, float, float, float]:
    """Lower bounds of the four steps: anything above nothing, then quarters of a round greatest figure."""
    highest = ticks(max((float(value) for value in values.values()), default=0.0))[-1]
    return (0.0, highest / 4, highest / 2, highest * 3 / 4)


def tile_map(
    title: str,
    desc: str,
    values: Mapping[str, Number],
    *,
    layout: Layout,
    header: tuple[str, str],
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """Draw the provinces shaded by `values` (province code of this layout to figure); an absent code counts as nothing.

    Raises:
        KeyError: `values` names a code that the layout does not have.
    """
    squares = tiles(layout)
    unknown = set(values) - {tile.code for tile in squares}
    if unknown:
        raise KeyError(f"no province in the map of {layout}: {', '.join(sorted(unknown))}")
    bounds = shade_bounds(values)
    parts = [_square(tile, values.get(tile.code), bounds, write) for tile in squares]
    width = max(tile.column for tile in squares) * (TILE + GAP) + ISLANDS_WIDTH
    height = (max(tile.row for tile in squares) + 1) * (TILE + GAP)
    provinces = [tile for tile in squares if not tile.islands]
    ordered = sorted(provinces, key=lambda tile: (-float(values.get(tile.code, 0)), tile.code))
    rows = tuple((tile.name, write(values.get(tile.code, 0))) for tile in ordered)
    return Picture(title, desc, svg_frame(title, desc, height, parts, width), header, rows)


def _square(tile: Tile, value: Number | None, bounds: Sequence[float], write: Callable[[Number], str]) -> Markup:
    x, y, step = tile.column * (TILE + GAP), tile.row * (TILE + GAP), shade(value, bounds)
    ink = f"m-text m-ink-{step}" if step >= 3 else "m-text"
    tip = f"{tile.name}: {write(value or 0)}" if not tile.islands else tile.name
    wide = ISLANDS_WIDTH if tile.islands else TILE
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="4" class="m-tile m-{}{}"/>').format(
        x, y, wide, TILE, step, " m-island" if tile.islands else ""
    )
    shown = [*tile.name.split(" ")] if tile.islands else [tile.short, *([write(value)] if value and step else [])]
    first = y + (20 if len(shown) == 2 else 27)
    words = [svg_text(x + wide / 2, first + 15 * n, word, ink, "middle") for n, word in enumerate(shown)]
    return Markup("<g><title>{}</title>{}{}</g>").format(tip, box, Markup("").join(words))
