"""What every import from a workbook shares: its columns, its rows, its dry run.

A dry run goes through all rows as if to import them, inside a savepoint, and leaves nothing: no row, no
message, no job.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import FieldFault, Invalid, Refused
from app.domain.text import fold
from app.services.importing_sheet import CellFault, Table, cell_name, text_of

Columns = Mapping[str, str]
"""The fields of a row in the order of the columns, each with its head."""
Typed = Mapping[str, str]
"""A row as it was typed: every field as text."""


@dataclass(frozen=True, slots=True)
class TableImport:
    """What a run found: how many rows of each kind were, or would be, taken; every fault by its cell."""

    counts: Mapping[str, int]
    faults: tuple[CellFault, ...]


class Trial:
    """A savepoint that ends in all or nothing, jobs and mails that were to be rung for included."""

    def __init__(self, session: Session) -> None:
        self.session, self._told = session, copy.deepcopy(dict(session.info))
        self._point = session.begin_nested()

    def end(self, *, keep: bool) -> None:
        """Keep everything since the beginning, or forget it."""
        if keep:
            self._point.commit()
            return
        self._point.rollback()
        self.session.expire_all()
        self.session.info.clear()
        self.session.info.update(self._told)


def shape_faults(table: Table, columns: Columns, maximum: int) -> tuple[CellFault, ...]:
    """What keeps the table from being read at all: a head that is not the template's, no row, too many."""
    if faults := head_faults(table, columns):
        return faults
    title, filled = next(iter(columns.values())), sum(1 for _row in rows_of(table, columns))
    if not filled:
        return (CellFault("A2", "import_empty", {}, title),)
    if filled > maximum:
        return (CellFault(cell_name(0, maximum + 2), "import_too_long", {"maximum": maximum}, title),)
    return ()


def head_faults(table: Table, columns: Columns) -> tuple[CellFault, ...]:
    """The first cell of the head that is not the template's."""
    head = [text_of(cell) for cell in table[0]] if table else []
    for at, wanted in enumerate(columns.values()):
        if at >= len(head) or fold(head[at]) != fold(wanted):
            return (CellFault(cell_name(at, 1), "import_head", {"name": wanted}, wanted),)
    return ()


def rows_of(table: Table, columns: Columns, *, given: Set[str] = frozenset()) -> Iterator[tuple[int, Typed]]:
    """The rows below the head by their number in the sheet, but for those where nothing stands beside what was ``given``."""
    for number, row in enumerate(table[1:], start=2):
        typed = {name: _cell(row, at) for at, name in enumerate(columns)}
        if any(value for name, value in typed.items() if name not in given):
            yield number, typed


def take_rows(
    session: Session,
    table: Table,
    columns: Columns,
    take: Callable[[Typed], str],
    *,
    elsewhere: str,
    given: Set[str] = frozenset(),
) -> TableImport:
    """Give every row to ``take``, which names the kind that it made; faults of a row stand at their columns.

    A row that is refused leaves nothing to the next. A fault of no column stands at the column ``elsewhere``.
    """
    counts: dict[str, int] = {}
    faults: list[CellFault] = []
    for number, typed in rows_of(table, columns, given=given):
        try:
            with session.begin_nested():
                made = take(typed)
        except (Invalid, Refused) as refusal:
            faults += [_at_cell(fault, columns, number, elsewhere) for fault in _faults(refusal, elsewhere)]
        else:
            counts[made] = counts.get(made, 0) + 1
    return TableImport(counts, tuple(faults))


def day_of(text: str) -> date | None:
    """A day as typed, 20/11/2026, or as a spreadsheet keeps it; None where it is none."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def parts_of(text: str) -> list[str]:
    """The words of a cell that lists several, parted by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _cell(row: Sequence[Any], at: int) -> str:
    value = row[at] if at < len(row) else ""
    if isinstance(value, float) and not value.is_integer():
        return str(value).replace(".", ",")
    return text_of(value)


def _faults(refusal: Invalid | Refused, elsewhere: str) -> Sequence[FieldFault]:
    if isinstance(refusal, Invalid):
        return refusal.faults
    return [FieldFault(elsewhere, refusal.code, refusal.params)]


def _at_cell(fault: FieldFault, columns: Columns, number: int, elsewhere: str) -> CellFault:
    name = fault.field if fault.field in columns else elsewhere
    return CellFault(cell_name(list(columns).index(name), number), fault.code, fault.params, columns[name])
