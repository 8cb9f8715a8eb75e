"""Where counted sheets of one entry lie so far apart that somebody should look before the result is computed.

The circular fixes no limit. The neighbouring programme OCOP lets members differ by at most 10 points, else they discuss
and score again; so every limit here is a setting of the round, and None switches a check off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from scoring.panel import counted_sheets
from scoring.round import Round
from scoring.sheet import SignedSheet

RANGE = "range"
FROM_MEDIAN = "from_median"
CRITERION_RANGE = "criterion_range"


@dataclass(frozen=True, slots=True)
class Limits:
    """The greatest differences, in points, that pass without an alert; None: not checked.

    ``range``: highest minus lowest total. ``from_median``: a judge's total against the median of the entry.
    ``criterion_range``: highest minus lowest mark of a criterion, as a share (0 to 1) of its maximum.
    """

    range: Decimal | None = None
    from_median: Decimal | None = None
    criterion_range: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A difference above its limit. ``kind`` is ``range``, ``from_median`` or ``criterion_range``.

    ``judges`` are those at the ends; ``difference`` and ``limit`` are in points; ``criterion`` is None for totals.
    """

    entry: str
    kind: str
    judges: tuple[str, ...]
    difference: Decimal
    limit: Decimal
    criterion: str | None = None


def alerts(round_: Round, limits: Limits) -> tuple[Alert, ...]:
    """All alerts of a round, by entry; entries with fewer than two counted sheets have none."""
    sheets: dict[str, list[SignedSheet]] = {}
    for sheet in counted_sheets(round_):
        sheets.setdefault(sheet.entry, []).append(sheet)
    return tuple(alert for entry in sorted(sheets) if len(sheets[entry]) > 1
                 for alert in _entry_alerts(round_, entry, sheets[entry], limits))


def _entry_alerts(round_: Round, entry: str, sheets: list[SignedSheet], limits: Limits) -> Iterator[Alert]:
    totals = [(sheet.judge, sheet.total) for sheet in sheets]
    if limits.range is not None:
        yield from _range(entry, RANGE, totals, limits.range, None)
    if limits.from_median is not None:
        yield from _far_from_median(entry, totals, limits.from_median)
    if limits.criterion_range is not None:
        for criterion in round_.rubric.criteria:
            marks = [(sheet.judge, sheet.points[criterion.code]) for sheet in sheets]
            limit = limits.criterion_range * criterion.max
            yield from _range(entry, CRITERION_RANGE, marks, limit, criterion.code)


def _range(entry: str, kind: str, marks: Iterable[tuple[str, Decimal]], limit: Decimal,
           criterion: str | None) -> Iterator[Alert]:
    values = dict(marks)
    low, high = min(values.values()), max(values.values())
    if high - low > limit:
        ends = tuple(sorted(judge for judge, value in values.items() if value in (low, high)))
        yield Alert(entry, kind, ends, high - low, limit, criterion)


def _far_from_median(entry: str, totals: list[tuple[str, Decimal]], limit: Decimal) -> Iterator[Alert]:
    middle = median(total for _, total in totals)
    for judge, total in sorted(totals):
        if abs(total - middle) > limit:
            yield Alert(entry, FROM_MEDIAN, (judge,), abs(total - middle), limit)
