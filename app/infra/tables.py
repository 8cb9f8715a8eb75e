"""Tables as files: the same header and rows as XLSX, as CSV that spreadsheets open in Vietnamese, or as JSON.

Every cell keeps its type: a text is never a formula nor a number, so that a tax code keeps its zeros and
"+84..." its plus; a day is a day, a moment is a local day with its time, a number is a number.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.domain.deadlines import local_datetime

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Signs that make a spreadsheet read a text of a CSV as a formula."""
WIDEST = 48
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Cell = str | int | Decimal | date | datetime | None


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a frozen head and a filter over it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _PATTERNS.items()}
        page.write_row(0, 0, header, head)
        page.freeze_panes(1, 0)
        widths = [len(word) for word in header]
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(page, last, column, value, formats)
                widths[column] = max(widths[column], len(plain(value)))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(WIDEST, width + 2))
        if header:
            page.autofilter(0, 0, last, len(header) - 1)
    return out.getvalue()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV with a byte order mark; decimals with a comma, fields split by semicolons as Vietnamese Excel does."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    for row in rows:
        writer.writerow([inert(plain(value)) if isinstance(value, str) else plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_json(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A list of objects, a key a column; decimals as exact texts, days and moments (UTC) as ISO 8601."""
    lines = [dict(zip(header, (_value(value) for value in row), strict=True)) for row in rows]
    return json.dumps(lines, ensure_ascii=False, indent=1).encode()


def _value(value: Cell) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def plain(value: Cell) -> str:
    """A cell as people read it: 20/11/2026, 20/11/2026 08:30 (Viet Nam), 12,5."""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, datetime):
        return f"{local_datetime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(RISKY) else text


_PATTERNS: dict[type, str] = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm"}


def _write(page: Any, row: int, column: int, value: Cell, formats: dict[type, Any]) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, local_datetime(value).replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats[date])
    elif isinstance(value, Decimal | int):
        page.write_number(row, column, float(value))
    elif value:
        page.write_string(row, column, value)
