"""A table of statistics that checks itself before it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.paperwork.contents.common import NO_DIGESTS, UNIT_HEAD, Digests, Letterhead, RoundInfo, Signer


@dataclass(frozen=True, slots=True)
class StatisticsColumn:
    """A column of counts.

    Attributes:
        additive: the rows add up to the total row. False for facilities, of which one can stand in several rows.
        sum_of: titles of columns of the same row that must add up to this one (such as the four groups).
        at_most: title of a column that this one may not exceed (recognised at most eligible), or "".
    """

    title: str
    additive: bool = True
    sum_of: tuple[str, ...] = ()
    at_most: str = ""


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One row: what it counts and one number for each column, None where nothing is counted."""

    label: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """Biểu thống kê. A table that does not add up is refused with `SumMismatch` naming row and column."""

    letterhead: Letterhead
    round: RoundInfo
    title: str
    row_head: str
    columns: tuple[StatisticsColumn, ...]
    rows: tuple[StatisticsRow, ...]
    total: StatisticsRow
    notes: tuple[str, ...] = ()
    preparer: str = ""
    signer: Signer = UNIT_HEAD
    recipients: tuple[str, ...] = ()
    digests: Digests = NO_DIGESTS
