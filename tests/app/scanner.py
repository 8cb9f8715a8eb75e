"""An office scanner for tests: printed sheets in, one PDF of page pictures out."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy
import pypdfium2
from PIL import Image
from sqlalchemy.orm import Session

from app.models.panel import Assignment
from app.services import score_papers

KEY = b"the key of this installation"


def printed(session: Session, *assignments: Assignment, key: bytes = KEY) -> list[bytes]:
    """The statutory sheet of each assignment as the product prints it."""
    return [score_papers.sheet_pdf(score_papers.content_of(session, one, key=key, blank=True)) for one in assignments]


def scanned(sheets: Sequence[bytes], *, dpi: int = 110, turned: float = 0, noise: float = 0) -> bytes:
    """The pages of all sheets as grey pictures in one PDF, turned in degrees, with dirt."""
    return bound([page for pdf in sheets for page in pages_of(pdf, dpi=dpi, turned=turned, noise=noise)], dpi)


def bound(pages: Sequence[Image.Image], dpi: int = 110) -> bytes:
    """Pictures of pages as one PDF."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=60)
    return out.getvalue()


def blank(dpi: int = 110) -> Image.Image:
    """A page with nothing on it."""
    return Image.new("L", (int(8.27 * dpi), int(11.69 * dpi)), 250)


def with_blank(sheets: Sequence[bytes], dpi: int = 110) -> bytes:
    """The sheets and an empty page after them."""
    return bound([*(page for pdf in sheets for page in pages_of(pdf, dpi=dpi)), blank(dpi)], dpi)


def pages_of(pdf: bytes, *, dpi: int = 110, turned: float = 0, noise: float = 0) -> list[Image.Image]:
    """Each page of a printed sheet as the scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    return [_seen(page, turned, noise) for page in drawn]


def _seen(page: Image.Image, turned: float, noise: float) -> Image.Image:
    page = page.rotate(turned, expand=abs(turned) > 80, fillcolor=255, resample=Image.Resampling.BICUBIC)
    dirt = numpy.random.default_rng(3).normal(0, noise, (page.height, page.width)) if noise else 0
    return Image.fromarray(numpy.clip(numpy.asarray(page).astype(float) * 0.8 + 30 + dirt, 0, 255).astype(numpy.uint8))
