"""Blocks written into a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from certificates.paperwork.blocks import (
    Align,
    Beside,
    Block,
    Field,
    Fine,
    Head,
    Heading,
    Paragraph,
    Picture,
    Row,
    Run,
    SignaturePlace,
    Signatures,
    Table,
    Text,
    Title,
    bold,
    italic,
    runs,
)
from certificates.paperwork.html import MOTTO, NATION
from certificates.paperwork.text import clean
from certificates.paperwork.word_xml import TWIPS_PER_MM, cell_margins, fixed_widths, keep_whole, line_under, repeat_head

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def write_block(document: WordDocument, block: Block, width_mm: float) -> None:
    """Append the block; `width_mm` is the width of the text on this section's pages."""
    _WRITERS[type(block)](document, block, width_mm)


def _fill(paragraph: WordParagraph, text: Text, size: float | None = None, align: Align | None = None) -> WordParagraph:
    for part in runs(text):
        run = paragraph.add_run(clean(part.text))
        run.bold, run.italic = part.bold or None, part.italic or None
        if size:
            run.font.size = Pt(size)
    if align:
        paragraph.alignment = _ALIGN[align]
    return paragraph


def _line(cell: _Cell, text: Text, size: float | None = None, align: Align = "center") -> WordParagraph:
    """One tight line in a cell: its first, empty paragraph is used before a new one is added."""
    first = cell.paragraphs[0]
    fresh = len(cell.paragraphs) == 1 and not first.runs and not first.text
    paragraph = _fill(first if fresh else cell.add_paragraph(), text, size, align)
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _plain_table(document: WordDocument, rows: int, widths_mm: Sequence[float]) -> WordTable:
    table: WordTable = document.add_table(rows, len(widths_mm))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cell_margins(table, 0, 0.5)
    fixed_widths(table, [round(width * TWIPS_PER_MM) for width in widths_mm])
    return table


def _after_table(document: WordDocument) -> None:
    """Word joins two tables that touch; an almost invisible paragraph keeps them apart."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run().font.size = Pt(2)
    paragraph.paragraph_format.line_spacing = Pt(4)


def _motto(cell: _Cell, width_mm: float) -> None:
    _line(cell, bold(NATION), 12)
    motto = _line(cell, bold(MOTTO), 13)
    side = Mm(max(0.0, (width_mm - 66) / 2))
    motto.paragraph_format.left_indent = motto.paragraph_format.right_indent = side
    line_under(motto)


def _head(document: WordDocument, head: Head, width_mm: float) -> None:
    if not head.agency:
        cell = _plain_table(document, 1, [width_mm]).cell(0, 0)
        _motto(cell, width_mm - 4)
        if head.place_and_day:
            _line(cell, italic(head.place_and_day), 13).paragraph_format.space_before = Pt(6)
        _after_table(document)
        return
    widths = [width_mm * 0.42, width_mm * 0.58]
    table = _plain_table(document, 2, widths)
    _agency(table.cell(0, 0), head, widths[0])
    _motto(table.cell(0, 1), widths[1] - 4)
    if head.number_line:
        _line(table.cell(1, 0), head.number_line, 13).paragraph_format.space_before = Pt(4)
    if head.subject:
        _line(table.cell(1, 0), head.subject, 12)
    _line(table.cell(1, 1), italic(head.place_and_day), 13).paragraph_format.space_before = Pt(4)
    _after_table(document)


def _agency(cell: _Cell, head: Head, width_mm: float) -> None:
    if head.agency_above:
        _line(cell, head.agency_above, 12)
    _line(cell, bold(head.agency), 12)
    rule = _line(cell, "", None)
    rule.paragraph_format.line_spacing = Pt(3)
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm((width_mm - 26) / 2)
    line_under(rule)


def _title(document: WordDocument, title: Title, _width_mm: float) -> None:
    lines: list[tuple[Text, float]] = [(bold(title.kind), 14)]
    lines += [(bold(title.abstract), 14)] if title.abstract else []
    lines += [(italic(title.note), 13)] if title.note else []
    for number, (text, size) in enumerate(lines):
        form = _fill(document.add_paragraph(), text, size, "center").paragraph_format
        form.left_indent = form.right_indent = Mm(12)
        form.space_before, form.space_after = Pt(10 if number == 0 else 0), Pt(0)
        form.keep_with_next = True
    form.space_after = Pt(10)


def _heading(document: WordDocument, heading: Heading, _width_mm: float) -> None:
    form = _fill(document.add_paragraph(), bold(heading.text)).paragraph_format
    form.keep_with_next, form.space_before, form.first_line_indent = True, Pt(6), Mm(10)


def _paragraph(document: WordDocument, block: Paragraph, _width_mm: float) -> None:
    form = _fill(document.add_paragraph(), block.text, None, block.align).paragraph_format
    form.first_line_indent = Mm(10) if block.indent else None
    if block.align == "center":
        form.left_indent = form.right_indent = Mm(10)
    form.keep_with_next = block.keep_with_next or None
    form.widow_control = True


def _write_field(paragraphs: Callable[[], WordParagraph], field: Field, width_mm: float) -> None:
    paragraph = _fill(paragraphs(), f"{field.label}: {field.value}" if field.label else field.value)
    if field.value:
        return
    for number in range(field.lines):
        paragraph = paragraph if number == 0 else paragraphs()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run("\t")


def _field(document: WordDocument, field: Field, width_mm: float) -> None:
    _write_field(document.add_paragraph, field, width_mm)


def _table(document: WordDocument, table: Table, width_mm: float) -> None:
    size = 11 if table.small else 12
    whole = sum(column.weight for column in table.columns)
    made = document.add_table(1 + len(table.rows), len(table.columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    cell_margins(made, 0.6, 1)
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        _line(cell, bold(column.head), size)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    repeat_head(made.rows[0])
    for row, content in zip(list(made.rows)[1:], table.rows, strict=True):
        _row(row, content, table, size)
    fixed_widths(made, [round(width_mm * TWIPS_PER_MM * column.weight / whole) for column in table.columns])
    _after_table(document)


def _row(row: Any, content: Row, table: Table, size: float) -> None:
    keep_whole(row)
    if table.row_height_mm and content.kind != "group":
        row.height, row.height_rule = Mm(table.row_height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
    cells = row.cells
    if content.kind == "group":
        merged = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
        _line(merged, _all_bold(content.cells[0]), size, "left").paragraph_format.keep_with_next = True
        return
    for cell, column, text in zip(cells, table.columns, content.cells, strict=True):
        _line(cell, _all_bold(text) if content.kind == "total" else text, size, column.align)


def _all_bold(text: Text) -> Text:
    return tuple(bold(run.text) for run in runs(text))


def _signatures(document: WordDocument, block: Signatures, width_mm: float) -> None:
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    two_sided = bool(block.recipients) or len(block.places) == 1
    count = len(block.places) + two_sided
    table = _plain_table(document, 1, [width_mm / count] * count)
    keep_whole(table.rows[0])
    cells = list(table.rows[0].cells)
    if two_sided:
        _recipients(cells.pop(0), block.recipients)
    for cell, place in zip(cells, block.places, strict=True):
        _signature(cell, place)


def _recipients(cell: _Cell, lines: tuple[str, ...]) -> None:
    if lines:
        _line(cell, Run("Nơi nhận:", bold=True, italic=True), 12, "left")
    for line in lines:
        _line(cell, line, 11, "left")


def _signature(cell: _Cell, place: SignaturePlace) -> None:
    if place.day:
        _line(cell, italic(place.day), 13)
    for line in place.lines:
        _line(cell, bold(line), 13)
    if place.hint:
        _line(cell, italic(place.hint), 12)
    _line(cell, "").paragraph_format.space_after = Pt(52)
    _line(cell, bold(place.name), 14)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def _add_picture(paragraph: WordParagraph, picture: Picture) -> None:
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.data), width=Mm(picture.width_mm))
    shape._inline.docPr.set("descr", clean(picture.alt))
    highest = Mm(picture.max_height_mm)
    if picture.max_height_mm and shape.height > highest:
        shape.width, shape.height = round(shape.width * highest / shape.height), highest


def _picture(document: WordDocument, picture: Picture, _width_mm: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_picture(paragraph, picture)
    if picture.caption:
        paragraph.paragraph_format.keep_with_next = True
        _fill(document.add_paragraph(), italic(picture.caption), 12, "center")


def _beside(document: WordDocument, block: Beside, width_mm: float) -> None:
    right = block.picture.width_mm + 6
    table = _plain_table(document, 1, [width_mm - right, right])
    left = table.cell(0, 0)
    fresh = iter([left.paragraphs[0]])
    for field in block.fields:
        _write_field(lambda: next(fresh, None) or left.add_paragraph(), field, width_mm - right - 4)
    corner = table.cell(0, 1).paragraphs[0]
    corner.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add_picture(corner, block.picture)
    _after_table(document)


def _fine(document: WordDocument, block: Fine, _width_mm: float) -> None:
    for number, line in enumerate(block.lines):
        form = _fill(document.add_paragraph(), line, 9).paragraph_format
        form.space_before, form.space_after = Pt(8 if number == 0 else 0), Pt(0)


_WRITERS: dict[type, Callable[[WordDocument, Any, float], None]] = {
    Head: _head,
    Title: _title,
    Heading: _heading,
    Paragraph: _paragraph,
    Field: _field,
    Table: _table,
    Signatures: _signatures,
    Picture: _picture,
    Beside: _beside,
    Fine: _fine,
}
