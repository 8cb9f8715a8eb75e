"""Charts as accessible SVG: a title, a description, and the figures as a table for those who read tables.

Nothing here knows the database, and of the request only its language. Colours come from the style sheet
by class, so a chart is right in light, in dark and on paper. Texts are given by the caller, already translated.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from math import floor, log10

from markupsafe import Markup, escape

from app.web.shared.formats import local

Number = int | float | Decimal | Fraction

WIDTH = 440
LABEL_WIDTH = 160
VALUE_WIDTH = 48
ROW = 38
LETTER = 7.3  # mean width of a letter at 13.5 px, the size on phones, for breaking labels


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart and the figures behind it; `charts.html` shows both."""

    title: str
    desc: str
    svg: Markup
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    series: tuple[str, ...] = field(default=())


def vn_number(value: Number | None) -> str:
    """Write a number the Vietnamese way: 1.341 and 84,5 (English 1,341 and 84.5); at most two decimals; None as a dash."""
    if value is None:
        return "–"
    whole, _, rest = f"{float(value):,.2f}".partition(".")
    rest = rest.rstrip("0")
    return local(whole + (f".{rest}" if rest else ""))


def ticks(highest: float, count: int = 4) -> list[float]:
    """Round numbers from 0 up to at least `highest`, about `count` of them apart by 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    steps = int(-(-highest // step))
    return [step * n for n in range(steps + 1)]


def broken(text: str, width: float, lines: int = 2) -> list[str]:
    """Break a label into at most `lines` lines of about `width` px; what does not fit ends in an ellipsis."""
    room, out = max(4, int(width / LETTER)), [""]
    for word in text.split():
        if out[-1] and len(out[-1]) + 1 + len(word) > room:
            out.append(word)
        else:
            out[-1] = f"{out[-1]} {word}".strip()
    if len(out) > lines:
        out = [*out[: lines - 1], " ".join(out[lines - 1 :])]
    return [line if len(line) <= room else line[: room - 1].rstrip() + "…" for line in out]


def svg_frame(title: str, desc: str, height: float, parts: Iterable[Markup], width: float = WIDTH) -> Markup:
    """An SVG image of `width` x `height` units that screen readers know by title and description."""
    key = sha256(f"{title}|{desc}|{height}".encode()).hexdigest()[:8]
    return Markup(
        '<svg viewBox="0 0 {w:g} {h:g}" width="{w:g}" height="{h:g}" role="img" aria-labelledby="t{k} d{k}">'
        '<title id="t{k}">{t}</title><desc id="d{k}">{d}</desc>{b}</svg>'
    ).format(w=width, h=height, k=key, t=title, d=desc, b=Markup("").join(parts))


def svg_text(x: float, y: float, text: str, css: str = "c-text", anchor: str = "start") -> Markup:
    """One line of text; `anchor` is start, middle or end."""
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>').format(x, y, css, anchor, text)


def svg_rect(x: float, y: float, width: float, height: float, css: str, tip: str = "") -> Markup:
    """A rectangle; `tip` is shown when a pointer rests on it."""
    told = Markup("<title>{}</title>").format(tip) if tip else Markup("")
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}">{}</rect>').format(
        x, y, max(width, 0.0), height, css, told
    )


def svg_line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, css)


def _row_label(text: str, top: float) -> list[Markup]:
    lines = broken(text, LABEL_WIDTH - 8)
    first = top + ROW / 2 + (4.5 if len(lines) == 1 else -2.5)
    return [svg_text(0, first + 15 * n, line) for n, line in enumerate(lines)]


def bar_chart(
    title: str,
    desc: str,
    bars: Sequence[tuple[str, Number]],
    *,
    header: tuple[str, str],
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """Horizontal bars from zero, one a row, each with its figure at the end."""
    highest = max((float(value) for _, value in bars), default=0.0) or 1.0
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    parts: list[Markup] = []
    for n, (label, value) in enumerate(bars):
        top, length = n * ROW, room * float(value) / highest
        parts += _row_label(label, top)
        parts.append(svg_rect(LABEL_WIDTH, top + 9, length, ROW - 18, "c-1", f"{label}: {write(value)}"))
        parts.append(svg_text(LABEL_WIDTH + length + 6, top + ROW / 2 + 4.5, write(value), "c-num"))
    parts.append(svg_line(LABEL_WIDTH, 0, LABEL_WIDTH, len(bars) * ROW, "c-axis"))
    rows = tuple((label, write(value)) for label, value in bars)
    return Picture(title, desc, svg_frame(title, desc, max(1, len(bars)) * ROW, parts), header, rows)


def stacked_bar_chart(
    title: str,
    desc: str,
    bars: Sequence[tuple[str, Sequence[Number]]],
    *,
    series: Sequence[str],
    header: str,
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """Horizontal bars made of up to six parts, all on one scale, the sum at the end.

    Raises:
        ValueError: a row has not one figure for each of the series, or there are more than six.
    """
    if len(series) > 6 or any(len(values) != len(series) for _, values in bars):
        raise ValueError("each row needs one figure for each series, and at most six series")
    highest = max((float(sum(values)) for _, values in bars), default=0.0) or 1.0
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    parts: list[Markup] = []
    for n, (label, values) in enumerate(bars):
        top, left = n * ROW, float(LABEL_WIDTH)
        parts += _row_label(label, top)
        for k, value in enumerate(values):
            length = room * float(value) / highest
            parts.append(
                svg_rect(left, top + 9, length - 1, ROW - 18, f"c-{k + 1}", f"{label}, {series[k]}: {write(value)}")
            )
            left += length
        parts.append(svg_text(left + 6, top + ROW / 2 + 4.5, write(sum(values)), "c-num"))
    rows = tuple((label, *(write(value) for value in values)) for label, values in bars)
    return Picture(
        title, desc, svg_frame(title, desc, max(1, len(bars)) * ROW, parts), (header, *series), rows, tuple(series)
    )


def binned(values: Iterable[Number], edges: Sequence[Number]) -> list[int]:
    """Count values between neighbouring edges; the upper edge belongs to the next bin, except the last one.

    Values outside the edges are not counted.
    """
    counts = [0] * (len(edges) - 1)
    for value in values:
        for n, (low, high) in enumerate(pairwise(edges)):
            if low <= value < high or (value == high and n == len(counts) - 1):
                counts[n] += 1
                break
    return counts


def histogram(
    title: str,
    desc: str,
    values: Sequence[Number],
    edges: Sequence[Number],
    *,
    header: tuple[str, str],
    marks: Sequence[tuple[Number, str]] = (),
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """Columns that count `values` between the rising `edges`; `marks` are named lines such as the pass mark."""
    counts = binned(values, edges)
    floor_y, left, top_room = 190.0, 30.0, 30.0
    scale = ticks(max(counts, default=0))
    span = float(edges[-1]) - float(edges[0])

    def x_of(value: Number) -> float:
        return left + (WIDTH - left - 10) * (float(value) - float(edges[0])) / span

    def y_of(count: float) -> float:
        return floor_y - (floor_y - top_room) * count / scale[-1]

    parts = [svg_line(left, y_of(tick), WIDTH - 10, y_of(tick), "c-grid") for tick in scale]
    parts += [svg_text(left - 6, y_of(tick) + 4, write(tick), "c-soft", "end") for tick in scale]
    rows = []
    for (low, high), count in zip(pairwise(edges), counts, strict=True):
        name = f"{write(low)}–{write(high)}"
        rows.append((name, write(count)))
        parts.append(
            svg_rect(
                x_of(low) + 1, y_of(count), x_of(high) - x_of(low) - 2, floor_y - y_of(count), "c-1", f"{name}: {count}"
            )
        )
    every = -(-len(edges) // 8)
    parts += [svg_text(x_of(edge), floor_y + 18, write(edge), "c-soft", "middle") for edge in edges[::every]]
    parts += _marks(marks, x_of, 14.0, floor_y)
    parts.append(svg_line(left, floor_y, WIDTH - 10, floor_y, "c-axis"))
    return Picture(title, desc, svg_frame(title, desc, floor_y + 26, parts), header, tuple(rows))


def _marks(marks: Sequence[tuple[Number, str]], x_of: Callable[[Number], float], top: float, bottom: float) -> list[Markup]:
    """Named dashed lines; a name near the right edge is written to the left of its line."""
    parts = []
    for value, name in marks:
        x = x_of(value)
        late = x > WIDTH - 12 - LETTER * len(name)
        parts.append(svg_line(x, top - 10, x, bottom, "c-mark"))
        parts.append(svg_text(x - 5 if late else x + 5, top, name, "c-mark-text", "end" if late else "start"))
    return parts


def strip_chart(
    title: str,
    desc: str,
    strips: Sequence[tuple[str, Sequence[Number]]],
    *,
    low: Number,
    high: Number,
    header: tuple[str, str, str, str],
    marks: Sequence[tuple[Number, str]] = (),
    odd: Mapping[str, frozenset[int]] | None = None,
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """One row of dots a label on a common scale from `low` to `high`: how severe each judge is, how far marks spread.

    `odd` names dots to be shown in the warning colour: label to positions in its row. The table gives
    count, least and greatest of each row (`header` has the four heads).
    """
    head, room = 26.0, WIDTH - LABEL_WIDTH - 14

    def x_of(value: Number) -> float:
        return LABEL_WIDTH + room * (float(value) - float(low)) / (float(high) - float(low))

    bottom = head + len(strips) * ROW
    parts: list[Markup] = []
    rows = []
    for n, (label, values) in enumerate(strips):
        top = head + n * ROW
        parts += _row_label(label, top)
        parts.append(svg_line(LABEL_WIDTH, top + ROW / 2, WIDTH - 14, top + ROW / 2, "c-grid"))
        strange = (odd or {}).get(label, frozenset())
        for k, value in enumerate(values):
            parts.append(_dot(x_of(value), top + ROW / 2, k in strange, f"{label}: {write(value)}"))
        least, most = (min(values), max(values)) if values else (None, None)
        rows.append((label, str(len(values)), vn_number(least), vn_number(most)))
    for n in range(6):
        tick = float(low) + (float(high) - float(low)) * n / 5
        parts.append(svg_text(x_of(tick), bottom + 16, write(tick), "c-soft", "middle"))
    parts.append(svg_line(LABEL_WIDTH, bottom, WIDTH - 14, bottom, "c-axis"))
    parts += _marks(marks, x_of, 14.0, bottom)
    return Picture(title, desc, svg_frame(title, desc, bottom + 24, parts), header, tuple(rows))


def _dot(x: float, y: float, odd: bool, tip: str) -> Markup:
    """A dot, or a square turned on its corner where the value is odd (shape tells it too, not colour alone)."""
    if odd:
        return Markup('<path d="M{:.1f} {:.1f}l6 6-6 6-6-6z" class="c-dot-odd"><title>{}</title></path>').format(
            x, y - 6, tip
        )
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4.5" class="c-dot"><title>{}</title></circle>').format(x, y, tip)


def line_chart(
    title: str,
    desc: str,
    years: Sequence[int | str],
    lines: Sequence[tuple[str, Sequence[Number | None]]],
    *,
    header: str,
    write: Callable[[Number], str] = vn_number,
) -> Picture:
    """Lines over years from zero; a missing figure (None) breaks the line. At most six lines, each with its own dash.

    Raises:
        ValueError: a line has not one figure (or None) for each year.
    """
    if any(len(values) != len(years) for _, values in lines):
        raise ValueError("each line needs one figure, or None, for each year")
    floor_y, left, top_room = 200.0, 42.0, 14.0
    scale = ticks(max((float(v) for _, values in lines for v in values if v is not None), default=0.0))
    step = (WIDTH - left - 24) / max(1, len(years) - 1)

    def point(n: int, value: Number) -> tuple[float, float]:
        return left + 10 + n * step, floor_y - (floor_y - top_room) * float(value) / scale[-1]

    parts = [svg_line(left, point(0, tick)[1], WIDTH - 6, point(0, tick)[1], "c-grid") for tick in scale]
    parts += [svg_text(left - 6, point(0, tick)[1] + 4, write(tick), "c-soft", "end") for tick in scale]
    every = -(-len(years) // 8)
    parts += [
        svg_text(point(n, 0)[0], floor_y + 18, str(year), "c-soft", "middle")
        for n, year in enumerate(years)
        if n % every == 0
    ]
    for k, (name, values) in enumerate(lines, start=1):
        known = [(point(n, v), years[n], v) for n, v in enumerate(values) if v is not None]
        parts.append(_path([None if v is None else point(n, v) for n, v in enumerate(values)], f"c-line l-{k} l-dash-{k}"))
        for (x, y), year, value in known:
            tip = escape(f"{name}, {year}: {write(value)}")
            parts.append(
                Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5" class="c-{}"><title>{}</title></circle>').format(
                    x, y, k, tip
                )
            )
    rows = tuple((str(year), *(vn_number(values[n]) for _, values in lines)) for n, year in enumerate(years))
    names = tuple(name for name, _ in lines)
    return Picture(title, desc, svg_frame(title, desc, floor_y + 26, parts), (header, *names), rows, names)


def _path(points: Sequence[tuple[float, float] | None], css: str) -> Markup:
    """A polyline that is lifted where a point is missing."""
    moves, pen = [], "M"
    for spot in points:
        if spot is None:
            pen = "M"
            continue
        moves.append(f"{pen}{spot[0]:.1f} {spot[1]:.1f}")
        pen = "L"
    return Markup('<path d="{}" class="{}"/>').format(" ".join(moves), css)
