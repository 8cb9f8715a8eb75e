"""The printable dossier: form, story, photos and papers in one PDF with contents, page numbers and digests.

One WeasyPrint document lays out everything, with an empty page for each page of an attached PDF; the attached pages
are then drawn into those frames. So the table of contents is right by construction, and nothing of an attached file
but its pictures of pages (no script, no form, no attachment) reaches the dossier.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pikepdf

from certificates.paperwork.blocks import Block, Column, Field, Head, Picture, Row, Section, Table, Title
from certificates.paperwork.contents.dossier import Attachment, Dossier, Photo
from certificates.paperwork.contents.registration import ProductDescription, RegistrationForm
from certificates.paperwork.errors import UnreadablePaper
from certificates.paperwork.forms.parts import fine
from certificates.paperwork.forms.registration import product_description, product_name, registration_form
from certificates.paperwork.html import escape, section_html

if TYPE_CHECKING:
    from weasyprint import Document

_POINTS_PER_MM = 72 / 25.4
#: The first bytes of the pictures that a paper may be.
_PICTURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
#: Where an attached page is drawn, in mm from the lower left corner: left, bottom, right, top.
_FRAME_MM = {"sheet": (15, 12, 195, 270), "wide": (15, 12, 282, 183)}
STYLE = """
.part { break-before: page; bookmark-level: 1; bookmark-label: attr(data-label) }
.toc { margin: 6pt 0 } .toc p { margin: 0 0 4pt } .toc a { color: inherit; text-decoration: none }
.toc a::after { content: leader('.') target-counter(attr(href), page) }
@page sheet { margin: 20mm 15mm 12mm 15mm }
@page wide { size: A4 landscape; margin: 20mm 15mm 12mm 15mm }
.sheet { page: sheet; break-before: page } .wide { page: wide; break-before: page }
.sheet p, .wide p { font-size: 9.5pt; margin: 0; white-space: nowrap; overflow: hidden;
  border-bottom: 0.4pt solid #777 }
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the dossier: its place in the contents, its name, its inside."""

    anchor: str
    label: str
    html: str


def manifest(content: Dossier) -> tuple[tuple[str, str], ...]:
    """The parts in order, each with its SHA-256 in hexadecimal.

    Form and story are hashed as canonical JSON (UTF-8, sorted keys, no white space, dates ISO, decimals as text);
    photos and papers are hashed as their bytes.
    """
    parts = [
        ("Phiếu đăng ký", _json_digest(content.registration)),
        ("Bản thuyết minh", _json_digest(content.description)),
    ]
    parts += [(f"Ảnh {n}", hashlib.sha256(photo.data).hexdigest()) for n, photo in enumerate(content.photos, 1)]
    parts += [(a.paper.title, hashlib.sha256(a.data).hexdigest()) for a in content.attachments]
    return tuple(parts)


def dossier_digest(content: Dossier) -> str:
    """The dossier's SHA-256: of the lines `<sha256>  <name>\\n` of its manifest, as `sha256sum` writes them."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in manifest(content))
    return hashlib.sha256(lines.encode()).hexdigest()


def _json_digest(value: RegistrationForm | ProductDescription) -> str:
    text = json.dumps(asdict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def render_dossier(content: Dossier, report: Callable[[int], None] = lambda _step: None) -> bytes:
    """The dossier as PDF bytes; the same content gives the same bytes.

    ``report`` is told 1 when the pages are laid out and 2 when the attached pages are drawn.

    Raises: UnreadablePaper for an attachment that is not what its media type says, or that is encrypted.
    """
    sources = {n: _open(a) for n, a in enumerate(content.attachments, 1) if a.media_type == "application/pdf"}
    shapes = {number: [_shape(page) for page in source.pages] for number, source in sources.items()}
    parts = list(_parts(content, shapes))
    html = _page_html(content, parts)
    from certificates.paperwork.pdf import Typesetter  # WeasyPrint is loaded with the first dossier

    laid_out = Typesetter().lay_out(html, STYLE)
    report(1)
    pdf = _fill_frames(laid_out, sources)
    report(2)
    return pdf


def _open(attachment: Attachment) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(attachment.data))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise UnreadablePaper(attachment.paper.title, str(error)) from error


def _shape(page: pikepdf.Page) -> str:
    """`wide` for a page that is read in landscape, turned by its /Rotate, `sheet` otherwise."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    turned = int(page.obj.get("/Rotate", 0)) % 180 != 0
    return "wide" if (right - left > top - bottom) != turned else "sheet"


def _parts(content: Dossier, shapes: dict[int, list[str]]) -> Iterator[_Part]:
    yield _Part("form", "Phiếu đăng ký tham gia bình chọn", _inside(registration_form(content.registration).sections))
    yield _Part("story", "Bản thuyết minh sản phẩm", _inside(product_description(content.description).sections))
    if content.photos:
        yield _Part("photos", f"Ảnh sản phẩm ({len(content.photos)} ảnh)", _photos(content.photos))
    for number, attachment in enumerate(content.attachments, 1):
        label = f"Tài liệu {number}. {attachment.paper.title}"
        yield _Part(f"paper-{number}", label, _attachment(number, label, attachment, shapes.get(number)))
    yield _Part("digests", "Bảng kê các phần và mã băm", _manifest_html(content))


def _inside(sections: tuple[Section, ...]) -> str:
    return "".join(section_html(section) for section in sections)


def _photos(photos: tuple[Photo, ...]) -> str:
    pictures = tuple(
        Picture(p.data, p.media_type, 150, p.alt or p.caption or f"Ảnh {n}", f"Ảnh {n}. {p.caption}".rstrip(". "), 100)
        for n, p in enumerate(photos, 1)
    )
    return section_html(Section((Title("ẢNH SẢN PHẨM"), *pictures)))


def _attachment(number: int, label: str, attachment: Attachment, shapes: list[str] | None) -> str:
    if shapes is not None:
        return "".join(
            _frame_html(f"{number}-{index}", shape, f"{label} - trang {index + 1}/{len(shapes)}")
            for index, shape in enumerate(shapes)
        )
    _check_picture(attachment)
    picture = Picture(attachment.data, attachment.media_type, 165, attachment.paper.title, label, 225)
    return section_html(Section((picture,)))


def _check_picture(attachment: Attachment) -> None:
    """WeasyPrint leaves a picture out that it cannot read; a dossier must not lose a paper in silence."""
    start = _PICTURES.get(attachment.media_type)
    if start is None or not attachment.data.startswith(start):
        raise UnreadablePaper(attachment.paper.title, f"not a picture of type {attachment.media_type}")


def _frame_html(place: str, shape: str, line: str) -> str:
    return f'<div class="{shape}" id="{shape}-{place}"><p>{escape(line)}</p></div>'


def _manifest_html(content: Dossier) -> str:
    columns = (Column("TT", 0.5, "center"), Column("Phần", 3), Column("SHA-256", 5.2))
    rows = tuple(Row((str(n), name, digest)) for n, (name, digest) in enumerate(manifest(content), 1))
    title = Title("BẢNG KÊ CÁC PHẦN VÀ MÃ BĂM")
    whole = Field("SHA-256 của hồ sơ, tính từ các dòng dưới đây", dossier_digest(content))
    small_print = fine(content.registration.digests)
    return section_html(Section((title, whole, Table(columns, rows, small=True), *small_print)))


def _page_html(content: Dossier, parts: list[_Part]) -> str:
    registration, product = content.registration, content.description.product
    from certificates.paperwork.pdf import head_html

    head = head_html(f"Hồ sơ {product.entry_code} - {product.name}".strip(), made_on=registration.on)
    lines = "".join(f'<p><a href="#{part.anchor}">{escape(part.label)}</a></p>' for part in parts)
    body = "".join(_part_html(part) for part in parts)
    return f'{head}<body>{_cover(content)}<div class="toc"><p class="center"><b>MỤC LỤC</b></p>{lines}</div>{body}'


def _part_html(part: _Part) -> str:
    return f'<div class="part" id="{part.anchor}" data-label="{escape(part.label)}">{part.html}</div>'


def _cover(content: Dossier) -> str:
    registration, description = content.registration, content.description
    product = description.product
    blocks: tuple[Block, ...] = (
        Head(),
        Title("HỒ SƠ", f"Tham gia {registration.round.phrase}"),
        Field("Mã số bình chọn", product.entry_code),
        Field("Sản phẩm", product_name(product)),
        Field("Nhóm sản phẩm", product.group),
        Field("Cơ sở công nghiệp nông thôn", description.facility),
        Field("Địa chỉ", description.address),
        Field("SHA-256 của hồ sơ", dossier_digest(content)),
    )
    return section_html(Section(blocks))


def _fill_frames(laid_out: Document, sources: dict[int, pikepdf.Pdf]) -> bytes:
    frames = [[name for name in page.anchors if name.startswith(tuple(_FRAME_MM))] for page in laid_out.pages]
    with pikepdf.open(io.BytesIO(laid_out.write_pdf())) as pdf:
        for page, names in zip(pdf.pages, frames, strict=True):
            for place in names:
                shape, number, index = place.split("-")
                _draw(pdf, page, place, sources[int(number)].pages[int(index)], _frame(shape))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _draw(pdf: pikepdf.Pdf, page: pikepdf.Page, place: str, source: pikepdf.Page, frame: pikepdf.Rectangle) -> None:
    """Draw the source page into the frame, under a name of its own since WeasyPrint's pages share their resources.

    `Page.add_overlay` does the same under a random name, so that no two files would be equal.
    """
    drawing = pdf.copy_foreign(source.as_form_xobject())
    name = page.add_resource(drawing, pikepdf.Name.XObject, pikepdf.Name(f"/{place}"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n")
    page.contents_add(
        page.calc_form_xobject_placement(
            drawing, name, frame, invert_transformations=True, allow_shrink=True, allow_expand=True
        )
    )


def _frame(shape: str) -> pikepdf.Rectangle:
    left, bottom, right, top = (side * _POINTS_PER_MM for side in _FRAME_MM[shape])
    return pikepdf.Rectangle(left, bottom, right, top)
