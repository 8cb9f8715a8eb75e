"""The screening board as CSV and XLSX: text stays text, so that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.queries.screening import BoardRow
from app.web.shared.formats import ZONE, vi_datetime
from app.web.shared.words import label

# Spreadsheets take a cell that begins so for a formula; a leading apostrophe keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = (14, 40, 14, 34, 36, 16, 16, 26, 26, 18, 18, 18)


def heads() -> list[str]:
    """The columns, in order."""
    return [
        _("Mã số"),
        _("Sản phẩm"),
        _("Loại"),
        _("Nhóm"),
        _("Cơ sở"),
        _("Mã số thuế"),
        _("Điện thoại"),
        _("Thư điện tử"),
        _("Địa phương"),
        _("Trạng thái"),
        _("Nộp lúc"),
        _("Hạn bổ sung"),
    ]


def cells(row: BoardRow) -> list[str | datetime | None]:
    """One row as values: text, or an instant."""
    return [
        row.code or "",
        row.name,
        label(row.form),
        row.group,
        row.facility,
        row.tax_code,
        row.phone,
        row.email,
        row.locality,
        label(row.state),
        row.submitted_at,
        row.due_at,
    ]


def as_csv(rows: Iterable[BoardRow]) -> bytes:
    """UTF-8 with a mark at the start, so that spreadsheets read the Vietnamese letters."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads())
    for row in rows:
        writer.writerow([_plain(value) for value in cells(row)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(value: str | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return vi_datetime(value)
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def as_xlsx(rows: Iterable[BoardRow]) -> bytes:
    """A workbook of one sheet; codes and telephone numbers are text, moments are local dates."""
    out = io.BytesIO()
    options: dict[str, Any] = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("Hồ sơ"))
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for column, (head, width) in enumerate(zip(heads(), WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        for line, row in enumerate(rows, start=1):
            _write_line(sheet, line, cells(row), moment)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _write_line(sheet: Any, line: int, values: list[str | datetime | None], moment: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, datetime):
            sheet.write_datetime(line, column, value.astimezone(ZONE).replace(tzinfo=None), moment)
        elif value:
            sheet.write_string(line, column, value)
