"""What a design is checked for before anything may be issued with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from certificates.compiler import CompiledDesign, compile_design
from certificates.content import CertificateContent
from certificates.design import Design
from certificates.errors import CertificateError, DesignRefused
from certificates.press import Press
from certificates.rendering import render_slow
from certificates.samples import sample_contents
from certificates.template import parse_template
from certificates.wording import FIELDS

REQUIRED_FIELDS = ("title", "product_name", "recipient", "serial", "code")
MIN_QR_MM = 18.0
TOLERANCE_PT = 1.0
"""How far a letter may stand from where WeasyPrint puts it; what is more is another design."""

_BAD_IN_SVG = re.compile(
    rb"<!|<(script|text|foreignObject|use\s[^>]*href\s*=\s*[\"'](?!#))|href\s*=\s*[\"'](?!#|data:image/)"
    rb"|url\(\s*[\"']?(?!#)|@import|\son\w+\s*=",
    re.IGNORECASE,
)

Letter = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class DesignReport:
    """What the check found: sentences in Vietnamese. Without errors the design may be used."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def check_design(design: Design, cache_dir: Path) -> DesignReport:
    """Check a design: its files, its fields, its samples on both roads to paper.

    A design from outside is to be checked in a process of its own: `certificates.sandbox`.
    """
    try:
        check_files(design)
        _check_fields(design)
        compiled = compile_design(design, cache_dir)
        warnings = tuple(_warnings(compiled))
        for content in sample_contents().values():
            _compare_roads(compiled, content)
    except CertificateError as error:
        return DesignReport((str(error),), ())
    return DesignReport((), warnings)


def check_files(design: Design) -> None:
    """Refuse a design whose CSS or drawings ask for other files.

    Raises:
        DesignRefused: the sentence names what is not allowed.
    """
    if "@import" in design.css.casefold():
        raise DesignRefused("CSS của mẫu giấy không được dùng @import.")
    for name, data in design.assets.items():
        if not re.fullmatch(r"[a-z0-9_-]+\.(svg|png|jpg)", name):
            raise DesignRefused(f"Tên tệp hình “{name}” chỉ gồm chữ thường, số, và đuôi svg, png, jpg.")
        found = _BAD_IN_SVG.search(data) if name.endswith(".svg") else None
        if found is not None:
            part = found[0].decode("utf-8", "replace")
            raise DesignRefused(f"Hình “{name}” có phần không được phép: “{part}”.")


def _check_fields(design: Design) -> None:
    template = parse_template(design.html)
    used = {piece.field for block in template.blocks for piece in block.pieces}
    missing = [name for name in REQUIRED_FIELDS if name not in used]
    if missing:
        raise DesignRefused(f"Mẫu giấy thiếu trường bắt buộc: {', '.join(missing)}.")


def _warnings(compiled: CompiledDesign) -> Iterator[str]:
    used = {piece.field for block in compiled.blocks for piece in block.pieces}
    unused = [name for name in FIELDS if name not in used and name != "english"]
    if unused:
        yield f"Mẫu không in các trường: {', '.join(unused)}."
    layout = next(iter(compiled.layouts.values()))
    if layout.qr is None:
        yield "Mẫu không có mã QR."
    elif (layout.qr[2] - layout.qr[0]) * 25.4 / 72 < MIN_QR_MM:
        yield f"Mã QR nhỏ hơn {MIN_QR_MM:.0f} mm, máy ảnh điện thoại khó đọc."
    if layout.signature is None:
        yield "Mẫu không dành chỗ cho chữ ký số (data-field=\"signature\")."
    press = Press(compiled)
    for name, content in sample_contents().items():
        for _, error in press.check([content]):
            yield f"Nội dung thử “{name}”: {error}"


def _compare_roads(compiled: CompiledDesign, content: CertificateContent) -> None:
    """Refuse a design that the press prints otherwise than WeasyPrint does."""
    try:
        fast = _letters(Press(compiled).stamp(content))
    except CertificateError:
        return
    slow = _letters(render_slow(content, compiled.design, compiled.cache_dir))
    for (letter, x, y), (other, its_x, its_y) in zip(fast, slow, strict=False):
        if letter != other or max(abs(x - its_x), abs(y - its_y)) > TOLERANCE_PT:
            raise DesignRefused(
                f"Mẫu dùng cách trình bày mà máy in không theo được, gần chữ “{other}” "
                f"({its_x * 25.4 / 72:.0f} mm từ trái, {its_y * 25.4 / 72:.0f} mm từ dưới)."
            )
    if len(fast) != len(slow):
        raise DesignRefused("Mẫu in ra số chữ khác nhau giữa hai cách in.")


def _letters(pdf: bytes) -> list[Letter]:
    """Return every visible letter with its left and lower edge in points, sorted by place."""
    import pypdfium2

    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        text = document[0].get_textpage()
        found = []
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if letter.strip():
                left, bottom, _, _ = text.get_charbox(index)
                found.append((letter, left, bottom))
        return found
    finally:
        document.close()
