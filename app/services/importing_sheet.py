"""The sheet of an import: its columns, its cells, and whether it has the shape that the import wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.text import clean_line, fold
from app.services.importing_answers import AnswerColumn, by_title

SHEET = "Hồ sơ"
ROWS_MAXIMUM = 500
COLUMNS: Mapping[str, str] = {
    "facility": "Tên cơ sở",
    "kind": "Loại hình",
    "tax_code": "Mã số thuế",
    "registration_number": "Số giấy đăng ký kinh doanh",
    "province_id": "Tỉnh, thành phố",
    "commune_id": "Xã, phường, đặc khu",
    "street": "Thôn, xóm, số nhà, đường",
    "craft_village_name": "Tên làng nghề được công nhận (nếu có)",
    "representative_name": "Người đại diện",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "name": "Tên sản phẩm",
    "form": "Đăng ký",
    "items": "Các món trong bộ (cách nhau bằng dấu ;)",
    "group_code": "Nhóm sản phẩm",
    "given_on": "Ngày cơ sở đồng ý (ngày/tháng/năm)",
    "consent": "Cách đồng ý",
}
"""Columns of the sheet by the field that each fills, from A on; answers of the dossier may follow."""
Table = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault at a cell, such as ``B7``, in the column of that head; ``code`` and ``params`` make its sentence."""

    cell: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""


def shape_of(table: Table, this_year: int) -> tuple[dict[int, AnswerColumn], tuple[CellFault, ...]]:
    """The columns of answers by their place; the head must be the template's, and there must be rows, not too many."""
    head = [text_of(cell) for cell in table[0]] if table else []
    for at, wanted in enumerate(COLUMNS.values()):
        if at >= len(head) or fold(head[at]) != fold(wanted):
            return {}, (CellFault(cell_name(at, 1), "import_head", {"name": wanted}, wanted),)
    answers, faults = _answer_columns(head, this_year)
    if faults:
        return {}, tuple(faults)
    filled = sum(any(text_of(cell) for cell in row) for row in table[1:])
    if not filled:
        return {}, (CellFault("A2", "import_empty", {}, head[0]),)
    if filled > ROWS_MAXIMUM:
        return {}, (CellFault(cell_name(0, ROWS_MAXIMUM + 2), "import_too_long", {"maximum": ROWS_MAXIMUM}, head[0]),)
    return answers, ()


def _answer_columns(head: Sequence[str], this_year: int) -> tuple[dict[int, AnswerColumn], list[CellFault]]:
    known = by_title(this_year)
    found: dict[int, AnswerColumn] = {}
    faults: list[CellFault] = []
    for at, title in enumerate(head):
        if at < len(COLUMNS) or not title:
            continue
        column = known.get(fold(title))
        if column is None:
            faults.append(CellFault(cell_name(at, 1), "import_question", {}, title))
        elif column in found.values():
            faults.append(CellFault(cell_name(at, 1), "import_question_twice", {}, title))
        else:
            found[at] = column
    return found, faults


def cell_name(column: int, row: int) -> str:
    """``B7`` for column 1 of row 7, ``AA7`` for column 26."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = chr(ord("A") + letter) + letters, column - 1
    return f"{letters}{row}"


def text_of(cell: Any) -> str:
    """A cell as a person reads it; a code that a spreadsheet took for a number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else clean_line(str(cell))
