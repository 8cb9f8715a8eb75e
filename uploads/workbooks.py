"""Workbooks (XLSX): looked at from outside, then read by a worker into plain values.

Only values come out: a formula counts as the value that was saved with it, and none is ever computed here.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from uploads.errors import Damaged, KindNotAllowed, NameContradictsContent, WorkbookTooLarge
from uploads.intake import read_limited
from uploads.names import split_suffix
from uploads.policy import MEGABYTE
from uploads.sniffing import sniff
from uploads.workers import Pool, default_pool

Cell = str | float | bool | None
"""Text, number, truth or nothing; dates and times are text as in ISO 8601."""
Table = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """How large a workbook may be: as sent, unpacked, in parts of its archive, in cells of all sheets."""

    max_bytes: int = 5 * MEGABYTE
    max_inflated_bytes: int = 60 * MEGABYTE
    max_parts: int = 1000
    max_cells: int = 200_000


def read(
    stream: BinaryIO,
    filename: str,
    limits: WorkbookLimits | None = None,
    *,
    declared_bytes: int | None = None,
    pool: Pool | None = None,
) -> dict[str, Table]:
    """Return the cells of every sheet by its name, in the workbook's order; rows start at the first row, column A.

    Raises:
        FileRefused: a leaf of it says why.
        WorkerUnavailable: try again later.
    """
    limits = limits or WorkbookLimits()
    data = read_limited(stream, limits.max_bytes, declared_bytes)
    check(data, filename, limits)
    _, made = (pool or default_pool()).run("workbook", {"kind": "xlsx", "limits": asdict(limits)}, [data])
    return dict(json.loads(made[0]))


def check(data: bytes, filename: str, limits: WorkbookLimits) -> None:
    """Check an archive by its own list of contents; nothing is unpacked.

    Raises:
        EmptyFile, UnknownKind, KindNotAllowed, NameContradictsContent, Damaged: it is no plain workbook.
        WorkbookTooLarge: it says that it unpacks to more than the limits.
    """
    kind = sniff(data)
    if kind != "zip":
        raise KindNotAllowed(kind=kind, slot="workbook")
    _, suffix = split_suffix(filename)
    if suffix != ".xlsx":
        raise NameContradictsContent(suffix=suffix, kind="xlsx")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Damaged(kind="xlsx") from error
    _check_parts(parts, limits)


def _check_parts(parts: list[zipfile.ZipInfo], limits: WorkbookLimits) -> None:
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names or "xl/vbaproject.bin" in names:
        raise KindNotAllowed(kind="macro" if "xl/vbaproject.bin" in names else "zip", slot="workbook")
    inflated = sum(part.file_size for part in parts)
    if inflated > limits.max_inflated_bytes or len(parts) > limits.max_parts:
        raise WorkbookTooLarge(inflated_bytes=inflated, limit_bytes=limits.max_inflated_bytes)


def cells(data: bytes, limits: WorkbookLimits) -> dict[str, Table]:
    """Return the cells of every sheet; runs in a worker, since the list of contents may have lied.

    Raises:
        Damaged: it cannot be read.
        WorkbookTooLarge: more cells than allowed.
    """
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            tables, left = {}, limits.max_cells
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                left -= sheet.total_height * sheet.total_width
                if left < 0:
                    raise WorkbookTooLarge(inflated_bytes=len(data), limit_bytes=limits.max_inflated_bytes)
                tables[name] = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            return tables
    except python_calamine.CalamineError as error:
        raise Damaged(kind="xlsx") from error


def _plain(cell: Any) -> Cell:
    if cell == "" or cell is None:
        return None
    return cell if isinstance(cell, (str, bool, int, float)) else str(getattr(cell, "isoformat", cell.__str__)())
