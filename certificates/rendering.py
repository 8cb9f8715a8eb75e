"""The slow road to paper: WeasyPrint alone, one certificate at a time. The press is held to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from certificates.content import CertificateContent
from certificates.design import Design
from certificates.fitting import Fitted, Fitter
from certificates.fonts import default_cache_dir
from certificates.measure import Measure
from certificates.qr import qr_svg
from certificates.shaping import typeface
from certificates.template import Template, fill, parse_template
from certificates.wording import heading, printed

if TYPE_CHECKING:
    from certificates.weasy import Layout

QR_FILE = "qr.svg"
NO_QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


def render_slow(content: CertificateContent, design: Design, cache_dir: Path | None = None) -> bytes:
    """Return one certificate as PDF/A-3b, laid out and drawn by WeasyPrint (about 0.2 s).

    Raises:
        DesignRefused: the design asks for what must not be printed.
        TextTooLong, LetterNotInFont: a text cannot be printed in this design.
    """
    cache_dir = cache_dir or default_cache_dir()
    template, fitter = fitter_of(design, cache_dir)

    def crowded(fitted: list[Fitted | None]) -> tuple[int, ...]:
        return lay_out(design, template, fitted, cache_dir).read(len(fitted)).crowded

    fitted = fitter.settle(printed(content), crowded)
    return render_fitted(content, design, template, fitted, cache_dir)


def render_fitted(
    content: CertificateContent,
    design: Design,
    template: Template,
    fitted: list[Fitted | None],
    cache_dir: Path,
) -> bytes:
    """Return the certificate whose lines are already decided."""
    picture = qr_svg(content.verify_url)
    return lay_out(design, template, fitted, cache_dir, picture).draw(
        title=document_title(content),
        created=content.issued_on,
        attachment=content.to_json().encode(),
    )


def lay_out(
    design: Design,
    template: Template,
    fitted: Sequence[Fitted | None],
    cache_dir: Path,
    qr_picture: str = NO_QR,
) -> Layout:
    """Lay a page out by WeasyPrint with these lines and sizes."""
    from certificates.weasy import Layout

    lines = [None if one is None else one.lines for one in fitted]
    sizes = [
        None if one is None or not block.ladder else one.size_pt
        for one, block in zip(fitted, template.blocks, strict=True)
    ]
    return Layout(design, fill(template, lines, sizes, QR_FILE), cache_dir, qr_picture)


def document_title(content: CertificateContent) -> str:
    """Return the title of the PDF: what it is, its number, and for which product."""
    return f"{heading(content.title, content.level)[0]} {content.serial} – {content.product_name}"


def measure_design(design: Design, template: Template, cache_dir: Path) -> Measure:
    """Lay the design out with one letter in every field and read the room of every block.

    Raises:
        DesignRefused: the design asks for what must not, or cannot, be printed.
    """
    from certificates.weasy import Layout

    lines = [(tuple(piece.text or "x" for piece in block.pieces),) for block in template.blocks]
    html = fill(template, lines, [None] * len(lines), QR_FILE)
    return Layout(design, html, cache_dir, qr_svg("x")).measure(template)


@lru_cache(maxsize=8)
def _fitter(digest: str, design_holder: _Held, cache_dir: Path) -> tuple[Template, Fitter]:
    design = design_holder.design
    template = parse_template(design.html)
    measure = measure_design(design, template, cache_dir)
    faces = {key: typeface(key, cache_dir) for key in design.faces}
    return template, Fitter(template.blocks, measure, faces)


class _Held:
    """Carries a design past a cache that goes by its digest alone."""

    def __init__(self, design: Design) -> None:
        self.design = design

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


def fitter_of(design: Design, cache_dir: Path) -> tuple[Template, Fitter]:
    """Return a design's template and its fitter; measured once, then remembered."""
    return _fitter(design.digest, _Held(design), cache_dir)
