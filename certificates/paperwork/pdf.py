"""A paper as PDF through WeasyPrint, which may open nothing but the two font files and embedded data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.paperwork.blocks import Beside, Block, Paper, Picture, Section
from certificates.paperwork.errors import ForbiddenAddress
from certificates.paperwork.fonts import font_files
from certificates.paperwork.html import css_string, data_url, escape, section_html

# fontTools stamps the time of day into a subset of a variable font unless this is set; a paper's bytes must
# depend on its content alone.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

LANDSCAPE = "@page { size: A4 landscape }"
SNUG = "snug"
MARK_MM = 24
MARKED = (
    "@page { margin-top: 34mm; @top-left { font: 10.5pt Paper; font-stretch: semi-condensed; width: 65mm } "
    f"@top-right {{ width: 65mm; height: {MARK_MM}mm; margin-top: 8mm; image-rendering: crisp-edges }} }}"
    "@page :first { margin-top: 20mm }"
)
"""Pages after the first keep 8 mm of paper that no printer reaches above their mark."""


class PaperFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the two faces, the document's JPEG pictures and `data:` addresses; anything else ends the rendering."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The response for `url`. Raises: ValueError for every protocol but `data:`, the network and files included."""
        font = font_files().get(url)
        if font is not None:
            return URLFetcherResponse(url, font, {"Content-Type": "font/ttf"})
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/jpeg"})
        return super().fetch(url, headers)


@cache
def style_sheet() -> str:
    """The style sheet of all papers."""
    return files(__package__).joinpath("paper.css").read_text(encoding="utf-8")


class Typesetter:
    """Lays out HTML with the papers' style; one per document: threads must not share WeasyPrint's fonts.

    ``pictures`` are JPEG files by the address that stands for them in the HTML: a quarter less work than as text within it.
    """

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        self._fetcher = PaperFetcher(pictures)
        self._fonts = FontConfiguration()
        self._style = self._css(style_sheet())

    def _css(self, text: str) -> CSS:
        return CSS(string=text, font_config=self._fonts, url_fetcher=self._fetcher)

    def lay_out(self, html: str, extra_style: str = "") -> Document:
        """The pages of one HTML document, `extra_style` on top of the common style. Raises: ForbiddenAddress."""
        styles = [self._style, *([self._css(extra_style)] if extra_style else [])]
        page = HTML(string=html, url_fetcher=self._fetcher)
        try:
            return page.render(font_config=self._fonts, stylesheets=styles)
        except FatalURLFetchingError as error:  # a BaseException: nobody above would catch it
            raise ForbiddenAddress(str(error)) from error

    def section(self, section: Section, head: str) -> Document:
        """The pages of one section, numbered from 1: set closer if that makes them one, each page with its mark."""
        if section.snug and len((closer := self._marked(section, head, 1, SNUG)).pages) == 1:
            return closer
        first = self._marked(section, head, 1)
        pages = len(first.pages)  # which the marks have to say
        return first if section.mark is None or pages == 1 else self._marked(section, head, pages)

    def _marked(self, section: Section, head: str, pages: int, css: str = "") -> Document:
        body = section_html(replace(section, blocks=_with_mark(section, pages)))
        style = (LANDSCAPE if section.landscape else "") + _marks_style(section, pages)
        return self.lay_out(f'{head}<body class="{css}">{body}</body>', style)


def _with_mark(section: Section, pages: int) -> tuple[Block, ...]:
    """The blocks with the first page's mark beside the fields."""
    if section.mark is None:
        return section.blocks
    mark = section.mark(1, pages)
    return tuple(replace(block, picture=mark) if isinstance(block, Beside) else block for block in section.blocks)


def _marks_style(section: Section, pages: int) -> str:
    """Room in the upper margin of each page but the first, and the page's mark in it."""
    if section.mark is None:
        return ""
    marks = (_mark_style(number, section.mark(number, pages)) for number in range(2, pages + 1))
    return MARKED + "".join(marks)


def _mark_style(number: int, mark: Picture) -> str:
    return (
        f"@page :nth({number}) {{ @top-left {{ content: {css_string(mark.caption)} }} "
        f'@top-right {{ content: ""; background: url("{data_url(mark)}") no-repeat right bottom / {MARK_MM}mm }} }}'
    )


def head_html(title: str, *, made_on: date | None = None, subject: str = "", keywords: str = "") -> str:
    """`<head>` with the file's properties; its language is Vietnamese."""
    day = f'<meta name="dcterms.created" content="{made_on.isoformat()}">' if made_on else ""
    about = f'<meta name="description" content="{escape(subject)}"><meta name="keywords" content="{escape(keywords)}">'
    return f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>{about}{day}</head>'


def render_pdf(paper: Paper) -> bytes:
    """The paper as tagged PDF bytes; the same paper gives the same bytes."""
    head = head_html(paper.title, made_on=paper.made_on, subject=paper.source, keywords=paper.version)
    setter = Typesetter()
    parts = [setter.section(section, head) for section in paper.sections]
    pages = [page for part in parts for page in part.pages]
    pdf: bytes = parts[0].copy(pages).write_pdf(pdf_tags=True)
    return pdf
