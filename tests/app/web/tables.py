"""Reads a workbook back: the rows of its first sheet, numbers as numbers."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(data: bytes) -> list[list[str | float | None]]:
    """The cells row by row."""
    book = zipfile.ZipFile(io.BytesIO(data))
    shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(part.text or "" for part in item.iter(f"{MAIN}t")) for item in shared]
    page = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [[_value(cell, texts) for cell in row] for row in page.iter(f"{MAIN}row")]


def _value(cell: ElementTree.Element, texts: list[str]) -> str | float | None:
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return None
    return texts[int(value)] if cell.get("t") == "s" else float(value)
