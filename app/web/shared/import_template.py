"""A workbook to fill in: text cells, so that a tax code keeps its zeros; lists where there is a choice; a guide."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence, Set
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.infra.tables import OPTIONS
from app.services.importing_sheet import cell_name

WIDTH = 24


def template_xlsx(
    sheet: str,
    columns: Mapping[str, str],
    *,
    choices: Mapping[str, Sequence[str]],
    required: Set[str],
    notes: Mapping[str, str],
    rows: int,
) -> bytes:
    """The template of one sheet: ``columns`` are heads by field; ``notes`` say what a column takes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page, guide, lists = (book.add_worksheet(name) for name in (sheet, _("Hướng dẫn"), _("Lựa chọn")))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        page.freeze_panes(1, 0)
        for at, (name, title) in enumerate(columns.items()):
            page.set_column(at, at, WIDTH, text)
            page.write_string(0, at, title, head)
            if name in choices:
                offer(page, lists, at, choices[name], rows)
        _explain(guide, columns, required, notes, head, book.add_format({"text_wrap": True, "valign": "top"}))
    return out.getvalue()


def offer(page: Any, lists: Any, column: int, words: Sequence[str], rows: int) -> None:
    """A list to choose from; it stands on a sheet of its own because a list in the cell ends at 255 letters."""
    for line, word in enumerate(words):
        lists.write_string(line, column, word)
    letters = cell_name(column, 0)[:-1]
    source = f"='{lists.get_name()}'!${letters}$1:${letters}${len(words)}"
    page.data_validation(1, column, rows, column, {"validate": "list", "source": source})


def _explain(
    guide: Any, columns: Mapping[str, str], required: Set[str], notes: Mapping[str, str], head: Any, wrapped: Any
) -> None:
    for at, (title, width) in enumerate(((_("Cột"), 8), (_("Tiêu đề"), 40), (_("Cần điền"), 18), (_("Nội dung"), 70))):
        guide.set_column(at, at, width)
        guide.write_string(0, at, title, head)
    for number, (name, title) in enumerate(columns.items()):
        needed = _("Bắt buộc") if name in required else _("Không bắt buộc")
        for at, word in enumerate((cell_name(number, 0)[:-1], title, needed, notes.get(name, ""))):
            guide.write_string(number + 1, at, word, wrapped)
