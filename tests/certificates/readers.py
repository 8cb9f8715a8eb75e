"""Readers of PDF files that are not ours: poppler, qpdf, zbar, a PDF/A validator."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from PIL import Image

Word = tuple[str, float, float, float, float]


def run(*command: str | Path) -> str:
    """Return what a command prints; it must succeed."""
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    return done.stdout


def text_of(path: Path) -> str:
    """Return a file's text as a person would copy it."""
    return run("pdftotext", "-layout", path, "-")


def words_of(path: Path) -> list[Word]:
    """Return every word with its box in points."""
    found = re.findall(
        r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>',
        run("pdftotext", "-bbox", path, "-"),
    )
    return [(word, float(a), float(b), float(c), float(d)) for a, b, c, d, word in found]


def picture_of(path: Path, dpi: int, page: int = 1) -> Image.Image:
    """Return a page as a picture."""
    stem = path.with_suffix(f".{page}")
    run("pdftoppm", "-r", str(dpi), "-f", str(page), "-png", "-singlefile", path, stem)
    return Image.open(f"{stem}.png").convert("RGB")


def qr_of(path: Path, page: int = 1) -> str:
    """Return the text of the one QR code on a page, as printed at 150 dpi."""
    picture_of(path, 150, page)
    return run("zbarimg", "-q", "--raw", f"{path.with_suffix(f'.{page}')}.png").strip()


def is_sound(path: Path) -> bool:
    """Return whether qpdf finds nothing wrong."""
    return "No syntax or stream encoding errors" in run("qpdf", "--check", path)


def failures(pdf: bytes, profile: str) -> list[str]:
    """Return what the validator has against a file, by profile: "3b", "ua1"."""
    import page

    report = page.validate_pdf_bytes(pdf, profile=profile)
    return [f"{one.rule_id}: {one.message}" for one in report.failures]
