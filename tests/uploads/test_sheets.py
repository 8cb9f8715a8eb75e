"""Scanned score sheets: the product's own printed page, through a scanner, and back to its code."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import numpy
import pypdfium2
import pytest
from PIL import Image

from certificates.paperwork.contents.common import RoundInfo
from certificates.paperwork.contents.judging import ScoreSheet, SheetCriterion
from certificates.paperwork.forms.judging import code_of
from certificates.paperwork.registry import render
from uploads.errors import Damaged
from uploads.intake import read_sheets, receive
from uploads.policy import SCAN
from uploads.storage import MemoryStorage
from uploads.workers import Pool

CRITERIA = tuple(SheetCriterion(f"Tiêu chí {n}", Decimal(points)) for n, points in enumerate((40, 40, 10, 10), 1))


def sheet(entry: str) -> ScoreSheet:
    return ScoreSheet(
        RoundInfo("cấp tỉnh", 2026, "BT-2026"), "Hội đồng mẫu", "Gốm mẫu", "Nhóm mẫu", entry, "Chi", "J01", "", CRITERIA, "b2" * 32,
        seal="ABCDEFGHIJKLMNOP",
    )  # fmt: skip


def scan(content: ScoreSheet, *, dpi: int = 200, turned: float = 0, noise: float = 0, grey: bool = False) -> Image.Image:
    """A page as an office scanner gives it back: turned in degrees, with dirt, paler than it was printed."""
    with pypdfium2.PdfDocument(render("score_sheet", content)) as printed:
        page = printed[0].render(scale=dpi / 72).to_pil()
    page = page.rotate(turned, expand=abs(turned) > 80, fillcolor="white", resample=Image.Resampling.BICUBIC)
    dirt = numpy.random.default_rng(7).normal(0, noise, (page.height, page.width, 1)) if noise else 0
    pixels = numpy.clip(numpy.asarray(page).astype(float) * 0.75 + 40 + dirt, 0, 255).astype(numpy.uint8)
    made = Image.fromarray(pixels)
    return made.convert("L") if grey else made


def printed(content: ScoreSheet) -> tuple[str, ...]:
    """What the code on the one page of a sheet says."""
    return (replace(code_of(content), page=1, pages=1).text(),)


def batch(pages: list[Image.Image], dpi: int = 200) -> io.BytesIO:
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=70)
    out.seek(0)
    return out


def test_pages_are_read_straight_turned_skewed_coarse_grey_and_dirty(pool: Pool) -> None:
    ways = (
        {},
        {"turned": 180},
        {"turned": 90, "noise": 20},
        {"turned": 4, "grey": True},
        {"turned": 176, "dpi": 150, "grey": True, "noise": 35},
    )
    contents = [sheet(f"CB-{n:03d}") for n in range(1, len(ways) + 1)]
    store = MemoryStorage()
    pages = [scan(content, **way) for content, way in zip(contents, ways, strict=True)]
    received = receive(batch(pages), "quet.pdf", SCAN, store, pool=pool)
    assert (received.pages, dict(received.renditions)) == (5, {})
    read = read_sheets(received.sha256, received.kind, range(1, 6), store, pool=pool)
    assert [texts for texts, _picture in read] == [printed(content) for content in contents]
    assert all(picture.height > picture.width for _texts, picture in read), "every picture stands upright"
    assert all(store.info(picture.sha256).bytes == picture.bytes for _texts, picture in read)


def test_a_photograph_of_a_sheet_is_read_and_a_page_without_a_code_says_nothing(pool: Pool) -> None:
    store, out = MemoryStorage(), io.BytesIO()
    scan(sheet("CB-007"), dpi=220).save(out, "JPEG", quality=80)
    out.seek(0)
    received = receive(out, "anh.jpg", SCAN, store, pool=pool)
    assert [texts for texts, _picture in read_sheets(received.sha256, received.kind, [1], store, pool=pool)] == [
        printed(sheet("CB-007"))
    ]
    blank = receive(batch([Image.new("RGB", (1654, 2339), "white")]), "trang.pdf", SCAN, store, pool=pool)
    assert [texts for texts, _picture in read_sheets(blank.sha256, "pdf", [1], store, pool=pool)] == [()]


def test_a_page_that_is_not_there_is_refused(pool: Pool) -> None:
    store = MemoryStorage()
    received = receive(batch([Image.new("RGB", (800, 1100), "white")]), "trang.pdf", SCAN, store, pool=pool)
    with pytest.raises(Damaged):
        read_sheets(received.sha256, "pdf", [2], store, pool=pool)
