"""Each sample printed once a process, and its text as a reader's tools give it."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from docx import Document
from docx.document import Document as WordDocument

from certificates.paperwork.registry import render
from tests.certificates.paperwork.samples import CONTENTS


@cache
def pdf(name: str) -> bytes:
    """The sample of that form as PDF."""
    return render(name, CONTENTS[name])


@cache
def docx(name: str) -> bytes:
    """The sample of that form as DOCX."""
    return render(name, CONTENTS[name], "docx")


def text_of(data: bytes, *options: str) -> str:
    """What pdftotext reads in a PDF; pages end with a form feed."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(data: bytes) -> list[str]:
    """The text of each page, words separated by single spaces."""
    return [" ".join(page.split()) for page in text_of(data, "-raw").split("\f")[:-1]]


def top_margins(data: bytes) -> list[list[str]]:
    """What stands in the upper margin (20 mm) of each page."""
    pages = text_of(data, "-bbox").split("<page ")[1:]
    words = [re.findall(r'yMax="([\d.]+)">([^<]*)<', page) for page in pages]
    return [[word for bottom, word in page if float(bottom) < 20 / 25.4 * 72] for page in words]


def flat(data: bytes) -> str:
    """The text of all pages in one line."""
    return " ".join(pages_of(data))


def word_document(data: bytes) -> WordDocument:
    """The DOCX as python-docx reads it."""
    return Document(io.BytesIO(data))


def word_text(data: bytes) -> str:
    """All text of a DOCX's body, cells included, in order, words separated by single spaces."""
    lines = (paragraph.text for paragraph in _paragraphs(word_document(data)))
    return " ".join(" ".join(lines).split())


def _paragraphs(container: Any) -> Iterator[Any]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in dict.fromkeys(row.cells):
                    yield from _paragraphs(cell)
        else:
            yield block


def is_nfc(text: str) -> bool:
    """Whether every accent is composed."""
    return unicodedata.is_normalized("NFC", text)
