"""The few WordprocessingML elements that python-docx has no method for."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

#: Word measures in twentieths of a point.
TWIPS_PER_MM = 1440 / 25.4


def element(name: str, **attributes: str) -> Any:
    """A `w:` element; attribute names without their prefix."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def centred_page_number(paragraph: Paragraph) -> None:
    """A PAGE field in the middle of the line."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    text = element("instrText")
    text.text = "PAGE"
    begin, end = element("fldChar", fldCharType="begin"), element("fldChar", fldCharType="end")
    for part in (begin, text, end):
        run._r.append(part)


def restart_page_numbers(section: Section) -> None:
    """This section's first page is number 1."""
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    number = element("pgNumType", start="1")
    # The schema wants pgNumType before cols; Word repairs a file where it stands elsewhere.
    columns = section._sectPr.find(qn("w:cols"))
    columns.addprevious(number) if columns is not None else section._sectPr.append(number)


def repeat_head(row: _Row) -> None:
    """Print this row at the top of each page of the table."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_whole(row: _Row) -> None:
    """Never break this row over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def line_under(paragraph: Paragraph) -> None:
    """A thin rule under the paragraph, as wide as its indents leave."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz="6", space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def fixed_widths(table: Table, widths_twips: list[int]) -> None:
    """Column widths that Word and LibreOffice both keep, in twentieths of a point."""
    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, widths_twips, strict=True):
        grid.set(qn("w:w"), str(width))
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, widths_twips, strict=False):
            if cell.grid_span == 1:
                cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width))
                cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:type"), "dxa")


def cell_margins(table: Table, vertical_mm: float, horizontal_mm: float) -> None:
    """Room between a cell's border and its text, the same in all cells of the table."""
    margins = element("tblCellMar")
    for side, millimetres in (
        ("top", vertical_mm),
        ("left", horizontal_mm),
        ("bottom", vertical_mm),
        ("right", horizontal_mm),
    ):
        margins.append(element(side, w=str(round(millimetres * TWIPS_PER_MM)), type="dxa"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    table._tbl.tblPr.append(margins) if look is None else look.addprevious(margins)
