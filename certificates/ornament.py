"""The drawings of the shipped designs, computed: woven bamboo, lotus, guilloche.

`python -m certificates.ornament` writes `frame.svg` and `ground.svg` of every shipped design
anew; a test holds the files against it. Lengths are millimetres on A4 landscape, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 297.0, 210.0
MARGIN_MM = 12.0
STRANDS = 14
GOLD, PALE_GOLD, RED = "#a87b1e", "#e9dcbc", "#9b1c1f"

Rect = tuple[float, float, float, float]
Line = tuple[float, float, float, float]
Ring = tuple[float, float, int]


@dataclass(frozen=True, slots=True)
class Ornament:
    """How much of it a level's design carries.

    Attributes:
        band_mm: width of the woven band, a multiple of 1.5; 0 for none.
        corner_mm: side of the corner squares.
        lotus_corners: whether a lotus sits in them, else a weave.
        crest_mm: width of the lotus that crowns the frame, 0 for none.
        ground_line: whether a broad gold line runs around the outside.
        rings: (radius, swing, petals) of every ring of the guilloche; its middle stays free.
    """

    band_mm: float
    corner_mm: float
    lotus_corners: bool
    crest_mm: float
    ground_line: bool
    rings: tuple[Ring, ...]


ORNAMENTS = {
    "national": Ornament(6.0, 19.5, True, 34.0, True, ((57.0, 10.0, 16), (46.5, 9.0, 11), (38.0, 5.0, 18))),
    "regional": Ornament(4.5, 16.5, True, 28.0, False, ((56.0, 10.0, 14), (45.5, 8.0, 10))),
    "provincial": Ornament(3.0, 13.5, False, 24.0, False, ((55.0, 10.0, 12), (46.5, 6.0, 16))),
    "commune": Ornament(0.0, 13.5, False, 20.0, False, ((54.0, 10.0, 10),)),
}


def frame(ornament: Ornament) -> str:
    """Return the frame as an SVG document of the whole page."""
    outer = (MARGIN_MM, MARGIN_MM, PAGE_WIDTH_MM - MARGIN_MM, PAGE_HEIGHT_MM - MARGIN_MM)
    inner = _inset(outer, ornament.band_mm)
    parts = [_rectangle(outer, 0.25)]
    if ornament.ground_line:
        parts.append(_rectangle(_inset(outer, -1.6), 1.1))
    if ornament.band_mm:
        parts.append(_rectangle(inner, 0.25))
        parts.append(_stroke(_weave_band(outer, ornament), 0.17))
    parts.append(_rectangle(_inset(inner, 1.5), 0.14))
    parts.extend(_corners(outer, ornament))
    parts.extend(_crest(outer, ornament))
    return _svg(parts)


def ground(ornament: Ornament) -> str:
    """Return the guilloche of the page's ground: hairlines so pale that text stays free."""
    curves = [
        _rosette(*ring, shift / STRANDS) for ring in ornament.rings for shift in range(STRANDS)
    ]
    path = f'<path d="{"".join(curves)}" fill="none" stroke="{PALE_GOLD}" stroke-width="0.13"/>'
    return _svg([path])


def lotus(x: float, y: float, width: float, line: float = 0.16) -> list[str]:
    """Return a lotus as SVG paths, back petals first; (x, y) is the middle of its foot."""
    half = width / 2
    back = [(side * angle, long) for angle, long in ((74, 1.0), (52, 0.98), (27, 1.0)) for side in (-1, 1)]
    front = [(0.0, 1.06), (-40.0, 0.74), (40.0, 0.74), (-15.0, 0.66), (15.0, 0.66)]
    petals = [_petal(x, y, half * long, half * 0.30, angle) for angle, long in back + front]
    style = f'fill="#fff" stroke="{GOLD}" stroke-width="{line}" stroke-linejoin="round"'
    return [f'<path d="{petal}" {style}/>' for petal in petals]


def _petal(x: float, y: float, length: float, half_width: float, angle: float) -> str:
    turn = math.radians(angle)

    def place(across: float, along: float) -> str:
        return _pair(
            x + across * math.cos(turn) + along * math.sin(turn),
            y + across * math.sin(turn) - along * math.cos(turn),
        )

    right = f"C{place(half_width, length * 0.22)} {place(half_width * 1.15, length * 0.62)}"
    left = f"C{place(-half_width * 1.15, length * 0.62)} {place(-half_width, length * 0.22)}"
    vein = f"M{place(0, length * 0.30)}L{place(0, length * 0.78)}"
    return f"M{place(0, 0)}{right} {place(0, length)}{left} {place(0, 0)}Z{vein}"


def _corners(outer: Rect, ornament: Ornament) -> Iterator[str]:
    side = ornament.corner_mm
    for right in (False, True):
        for low in (False, True):
            x = outer[2] - side if right else outer[0]
            y = outer[3] - side if low else outer[1]
            yield from _corner((x, y, x + side, y + side), ornament, right, low)


def _corner(box: Rect, ornament: Ornament, right: bool, low: bool) -> Iterator[str]:
    if ornament.lotus_corners:
        yield _rectangle(box, 0.25, fill="#fff")
        yield _rectangle(_inset(box, 1.0), 0.14)
        size = box[2] - box[0]
        yield from lotus((box[0] + box[2]) / 2, box[1] + size * 0.66, size * 0.72)
        yield _stroke(_water(box, size), 0.16)
        return
    if ornament.band_mm:
        yield _rectangle(box, 0.25, fill="#fff")
        yield _stroke(_weave(_inset(box, 1.2), 3.0), 0.17)
        yield _rectangle(_inset(box, 1.2), 0.14)
        return
    yield _stroke(_staircase(box, right, low), 0.17)


def _water(box: Rect, size: float) -> Iterator[Line]:
    middle, foot = (box[0] + box[2]) / 2, box[1] + size * 0.66
    for step, half in ((0.06, 0.30), (0.11, 0.21), (0.16, 0.11)):
        y = foot + size * step
        yield (middle - size * half, y, middle + size * half, y)


def _staircase(box: Rect, right: bool, low: bool) -> Iterator[Line]:
    """Weave a triangle into the corner of a frame that has no band, clear of its two lines."""
    cell = 3.0
    steps = int((box[2] - box[0]) / cell)
    for row in range(steps):
        for column in range(steps - row):
            x = box[2] - 2.4 - cell * (column + 1) if right else box[0] + 2.4 + cell * column
            y = box[3] - 2.4 - cell * (row + 1) if low else box[1] + 2.4 + cell * row
            yield from _basket((x, y), cell, upright=(row + column) % 2 == 0)


def _basket(corner: tuple[float, float], cell: float, upright: bool) -> Iterator[Line]:
    x, y = corner
    for part in (0.2, 0.5, 0.8):
        at, start, end = cell * part, cell * 0.06, cell * 0.94
        if upright:
            yield (x + at, y + start, x + at, y + end)
        else:
            yield (x + start, y + at, x + end, y + at)


def _crest(outer: Rect, ornament: Ornament) -> Iterator[str]:
    """Crown the frame: a gap in its upper side, a lotus, hairlines that run out to both sides."""
    if not ornament.crest_mm:
        return
    middle, width = PAGE_WIDTH_MM / 2, ornament.crest_mm
    top, deep = outer[1], ornament.band_mm + 1.5
    gap = (middle - width * 0.5, top - 1.0, middle + width * 0.5, top + deep + 0.6)
    yield f'<path d="{_rectangle_path(gap)}" fill="#fff"/>'
    ends = [(x, top, x, top + deep) for x in (gap[0], gap[2])]
    yield _stroke(ends, 0.25)
    foot = top + deep * 0.5 + width * 0.17
    yield from lotus(middle, foot, width * 0.56, 0.2)
    yield _stroke(_ripples(middle, foot, width), 0.16)


def _ripples(middle: float, foot: float, width: float) -> Iterator[Line]:
    for step, half in ((1.1, 0.30), (2.0, 0.20), (2.9, 0.10)):
        yield (middle - width * half, foot + step, middle + width * half, foot + step)


def _weave_band(outer: Rect, ornament: Ornament) -> Iterator[Line]:
    """Weave the four sides of the frame between its corner squares."""
    left, top, right, bottom = outer
    band, corner = ornament.band_mm, ornament.corner_mm
    yield from _weave((left + corner, top, right - corner, top + band), 3.0)
    yield from _weave((left + corner, bottom - band, right - corner, bottom), 3.0)
    yield from _weave((left, top + corner, left + band, bottom - corner), 3.0)
    yield from _weave((right - band, top + corner, right, bottom - corner), 3.0)


def _weave(box: Rect, pitch: float) -> Iterator[Line]:
    """Yield the hairlines of a diagonal plain weave: each strand is two lines, over then under."""
    half = pitch / 2
    reach, edge = half * 0.74, half * 0.26
    for column in range(int((box[2] - box[0]) / half) + 2):
        for row in range(int((box[3] - box[1]) / half) + 2):
            if (row + column) % 2:
                continue
            x, y = box[0] + column * half, box[1] + row * half
            way = 1 if column % 2 else -1
            for side in (-edge, edge):
                line = (
                    x - reach - side * way, y - reach * way + side,
                    x + reach - side * way, y + reach * way + side,
                )  # fmt: skip
                yield from _clip(line, box)


def _clip(line: Line, box: Rect) -> Iterator[Line]:
    """Yield the part of a line inside a box, if any (Liang and Barsky)."""
    x, y, dx, dy = line[0], line[1], line[2] - line[0], line[3] - line[1]
    first, last = 0.0, 1.0
    for step, room in ((-dx, x - box[0]), (dx, box[2] - x), (-dy, y - box[1]), (dy, box[3] - y)):
        if step < 0:
            first = max(first, room / step)
        elif step > 0:
            last = min(last, room / step)
        elif room < 0:
            return
    if last - first > 0.02:
        yield (x + first * dx, y + first * dy, x + last * dx, y + last * dy)


def _rosette(radius: float, swing: float, petals: int, shift: float) -> str:
    """Return one closed wave around the page's middle, as cubic curves, wider than high."""
    steps = petals * 4
    points = []
    for step in range(steps + 1):
        angle = 2 * math.pi * step / steps
        wave = petals * angle + 2 * math.pi * shift
        reach, slope = radius + swing * math.cos(wave), -swing * petals * math.sin(wave)
        place = (reach * math.cos(angle), reach * math.sin(angle))
        speed = (
            slope * math.cos(angle) - reach * math.sin(angle),
            slope * math.sin(angle) + reach * math.cos(angle),
        )
        points.append((place, speed))
    third = 2 * math.pi / steps / 3
    path = "M" + _on_page(*points[0][0])
    for (start, leave), (end, arrive) in pairwise(points):
        path += "C" + _on_page(start[0] + leave[0] * third, start[1] + leave[1] * third)
        path += " " + _on_page(end[0] - arrive[0] * third, end[1] - arrive[1] * third)
        path += " " + _on_page(*end)
    return path + "Z"


def _on_page(x: float, y: float) -> str:
    return _pair(PAGE_WIDTH_MM / 2 + x * 1.5, 108.0 + y)


def _inset(box: Rect, by: float) -> Rect:
    return (box[0] + by, box[1] + by, box[2] - by, box[3] - by)


def _rectangle_path(box: Rect) -> str:
    return f"M{_pair(box[0], box[1])}H{_number(box[2])}V{_number(box[3])}H{_number(box[0])}Z"


def _rectangle(box: Rect, width: float, fill: str = "none") -> str:
    style = f'fill="{fill}" stroke="{GOLD}" stroke-width="{width}"'
    return f'<path d="{_rectangle_path(box)}" {style}/>'


def _stroke(lines: Iterable[Line], width: float) -> str:
    path = "".join(f"M{_pair(a, b)}L{_pair(c, d)}" for a, b, c, d in lines)
    return f'<path d="{path}" fill="none" stroke="{GOLD}" stroke-width="{width}"/>'


def _pair(x: float, y: float) -> str:
    return f"{_number(x)} {_number(y)}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _svg(parts: Iterable[str]) -> str:
    size = f'width="297mm" height="210mm" viewBox="0 0 {_number(PAGE_WIDTH_MM)} 210"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n' + "\n".join(parts) + "\n</svg>\n"


def draw_all() -> dict[str, str]:
    """Return every drawing of the shipped designs: path under `designs/` to SVG text."""
    drawings = {}
    for name, ornament in ORNAMENTS.items():
        drawings[f"{name}/frame.svg"] = frame(ornament)
        drawings[f"{name}/ground.svg"] = ground(ornament)
    return drawings


def main() -> None:
    """Write the drawings into the package."""
    folder = Path(__file__).parent / "designs"
    for path, text in draw_all().items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
