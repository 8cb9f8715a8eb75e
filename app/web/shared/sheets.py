"""Downloads of tables: the same header and rows as XLSX or as CSV that spreadsheets open in Vietnamese."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | Decimal | None


def attachment(data: bytes, media_type: str, filename: str) -> Response:
    """Bytes as a download under a Vietnamese name, private and never stored."""
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a frozen head; numbers stay numbers, texts are never formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    page.write_row(0, 0, header, head)
    page.freeze_panes(1, 0)
    widths = [len(word) for word in header]
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(page, at, column, value)
            widths[column] = max(widths[column], len(str(value or "")))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(48, width + 2))
    book.close()
    return out.getvalue()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV with a byte order mark; decimals with a comma, fields split by semicolons as Vietnamese Excel does."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Cell) -> None:
    if isinstance(value, Decimal | int):
        page.write_number(row, column, float(value))
    elif value is not None:
        page.write_string(row, column, value)


def _plain(value: Cell) -> str:
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    text = "" if value is None else str(value)
    return "'" + text if isinstance(value, str) and text.startswith(RISKY) else text
