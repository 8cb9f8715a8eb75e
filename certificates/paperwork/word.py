"""A paper as DOCX through python-docx: real styles, tables and fields, so that an official can go on writing in it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from certificates.paperwork.blocks import Block, Paper, Section
from certificates.paperwork.text import clean
from certificates.paperwork.word_blocks import write_block
from certificates.paperwork.word_xml import centred_page_number, element, restart_page_numbers

FONT = "Times New Roman"
_EPOCH = date(1980, 1, 1)
_MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}


def render_docx(paper: Paper) -> bytes:
    """The paper as DOCX bytes; the same paper gives the same bytes."""
    document = Document()
    _set_styles(document)
    _set_properties(document, paper)
    for number, section in enumerate(paper.sections):
        _write_section(document, section, first=number == 0)
    out = io.BytesIO()
    document.save(out)
    return _without_clock(out.getvalue())


def _set_styles(document: WordDocument) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), FONT)
    normal.element.get_or_add_rPr().append(element("lang", val="vi-VN", eastAsia="vi-VN"))
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.space_before = Pt(0)


def _set_properties(document: WordDocument, paper: Paper) -> None:
    made = datetime.combine(paper.made_on or _EPOCH, time())
    core = document.core_properties
    core.title, core.language, core.version = clean(paper.title)[:255], "vi-VN", paper.version
    core.subject, core.comments, core.author, core.last_modified_by = paper.source[:255], "", "", ""
    core.created, core.modified, core.revision = made, made, 1


def _write_section(document: WordDocument, section: Section, *, first: bool) -> None:
    page = document.sections[0] if first else document.add_section(WD_SECTION.NEW_PAGE)
    short, long = Mm(210), Mm(297)
    page.orientation = WD_ORIENT.LANDSCAPE if section.landscape else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (long, short) if section.landscape else (short, long)
    for side, millimetres in _MARGINS.items():
        setattr(page, side, Mm(millimetres))
    page.header_distance = Mm(10)
    page.different_first_page_header_footer = True
    page.header.is_linked_to_previous = page.first_page_header.is_linked_to_previous = False
    centred_page_number(page.header.paragraphs[0])
    restart_page_numbers(page)
    width = (297 if section.landscape else 210) - _MARGINS["left_margin"] - _MARGINS["right_margin"]
    _write_blocks(document, section.blocks, width)


def _write_blocks(document: WordDocument, blocks: tuple[Block, ...], width_mm: float) -> None:
    for block in blocks:
        write_block(document, block, width_mm)


def _without_clock(data: bytes) -> bytes:
    """The same archive with every member dated 1/1/1980, the earliest day that ZIP knows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, old.read(member))
    return out.getvalue()
