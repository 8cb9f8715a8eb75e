"""The workbook to fill in for an import: its columns, its lists of choices, and what each column takes."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.domain.dossier_form import Question, QuestionKind
from app.domain.vocabulary import FacilityKind, ProductForm
from app.models.round import Round
from app.services.assisted import ConsentKind
from app.services.importing import Words
from app.services.importing_answers import offered
from app.services.importing_sheet import COLUMNS, ROWS_MAXIMUM, SHEET, cell_name

CHOICES = {"kind": FacilityKind, "form": ProductForm, "consent": ConsentKind}
OPTIONAL = frozenset({"tax_code", "street", "craft_village_name", "email", "items"})
KINDS = {
    QuestionKind.TEXT: "Một dòng chữ",
    QuestionKind.LONG_TEXT: "Đoạn văn",
    QuestionKind.INTEGER: "Số nguyên",
    QuestionKind.DECIMAL: "Số, phần lẻ sau dấu phẩy",
    QuestionKind.MONEY_VND: "Số tiền bằng đồng",
    QuestionKind.PERCENT: "Phần trăm",
    QuestionKind.CHOICE: "Chọn trong danh sách",
    QuestionKind.YEAR_FIGURES: "Số liệu của một năm",
}


def template_xlsx(row: Round, words: Words, this_year: int) -> bytes:
    """The template of a round: text cells, so that a tax code keeps its zeros; lists where there is a choice."""
    out = io.BytesIO()
    lists = {name: [str(word) for word in words[kind].values()] for name, kind in CHOICES.items()}
    lists["group_code"] = [group.name for group in row.groups]
    heads = list(COLUMNS.values())
    offers = {at: lists[name] for at, name in enumerate(COLUMNS) if name in lists}
    for column in offered(this_year):
        if column.question.options:
            offers[len(heads)] = [option.label_vi for option in column.question.options]
        heads.append(column.title)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, guide, choices = (book.add_worksheet(name) for name in (SHEET, _("Hướng dẫn"), _("Lựa chọn")))
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        sheet.freeze_panes(1, 1)
        for at, title in enumerate(heads):
            sheet.set_column(at, at, 24, text)
            sheet.write_string(0, at, title, head)
            if at in offers:
                _offer(sheet, choices, at, offers[at])
        _explain(guide, head, book.add_format({"text_wrap": True, "valign": "top"}), this_year)
    return out.getvalue()


def _offer(sheet: Any, choices: Any, column: int, words: list[str]) -> None:
    """A list to choose from; it stands on a sheet of its own because a list in the cell ends at 255 letters."""
    for line, word in enumerate(words):
        choices.write_string(line, column, word)
    letters = cell_name(column, 0)[:-1]
    source = f"='{choices.get_name()}'!${letters}$1:${letters}${len(words)}"
    sheet.data_validation(1, column, ROWS_MAXIMUM, column, {"validate": "list", "source": source})


def _explain(guide: Any, head: Any, wrapped: Any, this_year: int) -> None:
    """A line for each column: where it stands, whether it must be filled in, what it takes, an example."""
    for at, (title, width) in enumerate(((_("Cột"), 8), (_("Tiêu đề"), 44), (_("Cần điền"), 22), (_("Nội dung"), 60))):
        guide.set_column(at, at, width)
        guide.write_string(0, at, title, head)
    lines = [(title, _("Không bắt buộc") if name in OPTIONAL else _("Bắt buộc"), "") for name, title in COLUMNS.items()]
    lines += [
        (column.title, _("Khi nộp") if column.question.required else _("Không bắt buộc"), _told(column.question))
        for column in offered(this_year)
    ]
    for number, (title, needed, told) in enumerate(lines):
        for at, word in enumerate((cell_name(number, 0)[:-1], title, needed, told)):
            guide.write_string(number + 1, at, word, wrapped)


def _told(question: Question) -> str:
    parts = [_(KINDS[question.kind])]
    if question.unit:
        parts[0] += f" ({question.unit})"
    if question.options:
        parts[0] += ": " + "; ".join(option.label_vi for option in question.options)
    if question.max_length:
        parts.append(_("Nhiều nhất %(n)s ký tự", n=question.max_length))
    if question.example_vi:
        parts.append(_("Ví dụ: %(text)s", text=question.example_vi))
    return ". ".join(parts)
