"""The one module that touches WeasyPrint, its private box tree included (version pinned by test)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.design import Design
from certificates.errors import DesignRefused
from certificates.fonts import FACES, cut_face
from certificates.measure import BlockMeasure, Box, Measure, PieceStyle
from certificates.template import Template

BASE_URL = "https://design.invalid/"
PX = 0.75
"""Points in a CSS pixel."""

MIN_SIDE_PT, MAX_SIDE_PT = 50 * 72 / 25.4, 1200 * 72 / 25.4
LEADING_PT = 2.0
"""How far the line boxes of two blocks may overlap before their letters could touch."""

# Laid over every design: one letter is one glyph, lines break only where the fitter says, and no
# picture asks a reader to smooth it, which PDF/A forbids.
HOUSE_CSS = """
[data-block] { white-space: pre !important; font-variant-ligatures: none !important;
               hyphens: none !important; overflow-wrap: normal !important }
[data-block] span { white-space: pre !important; font-variant-ligatures: none !important }
* { image-rendering: crisp-edges !important }
"""

_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".ttf": "font/ttf"}

logging.getLogger("weasyprint").addHandler(logging.NullHandler())


class DesignFetcher(URLFetcher):  # type: ignore[misc]
    """Serves a design's own drawings and faces from memory; anything else ends the rendering."""

    def __init__(self, design: Design, cache_dir: Path, extra: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files = {**design.assets, **extra}
        self._faces = {f"fonts/{key}.ttf": key for key in design.faces}
        self._cache_dir = cache_dir

    def fetch(self, url: str, headers: object = None) -> Any:
        """Return the bytes of one of the design's files, or end the rendering."""
        name = url.removeprefix(BASE_URL)
        kind = _KINDS.get(Path(name).suffix)
        if name in self._faces:
            body = cut_face(self._faces[name], self._cache_dir)
        elif url.startswith(BASE_URL) and name in self._files and kind:
            body = self._files[name]
        else:
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, body, {"Content-Type": kind})


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Where one state of a design puts its lines: baselines of every block, boxes of the rest."""

    baselines: tuple[tuple[float, ...], ...]
    qr: Box | None
    signature: Box | None
    crowded: tuple[int, ...] = ()
    """Numbers of the blocks that stand in each other's way or leave the page."""


class Layout:
    """One page laid out by WeasyPrint: to be read, then drawn."""

    def __init__(self, design: Design, html: str, cache_dir: Path, qr_svg: str = "") -> None:
        """Lay the page out.

        Raises:
            DesignRefused: a file is asked for that is not the design's, or not one page results.
        """
        fetcher = DesignFetcher(design, cache_dir, {"qr.svg": qr_svg.encode()})
        fonts = FontConfiguration()
        faces = "\n".join(FACES[key].css for key in design.faces)
        try:
            sheet = CSS(
                string="\n".join((faces, design.css, HOUSE_CSS)),
                base_url=BASE_URL, url_fetcher=fetcher, font_config=fonts,
            )  # fmt: skip
            source = HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher)
            self.document = source.render(
                font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/a-3b"
            )
        except FatalURLFetchingError as error:
            raise DesignRefused(f"Mẫu giấy gọi tới tệp hoặc địa chỉ không có: “{error}”.") from None
        if len(self.document.pages) != 1:
            raise DesignRefused(f"Mẫu giấy chiếm {len(self.document.pages)} trang, phải vừa một trang.")
        self._faces = design.faces
        self._page = self.document.pages[0]._page_box
        self.width = self.document.pages[0].width * PX
        self.height = self.document.pages[0].height * PX

        if not all(MIN_SIDE_PT <= side <= MAX_SIDE_PT for side in (self.width, self.height)):
            raise DesignRefused("Mỗi cạnh của trang giấy phải từ 50 đến 1200 mm.")

    def draw(self, title: str = "", created: str = "", attachment: bytes = b"") -> bytes:
        """Return the page as PDF/A-3b; `created` is a day as YYYY-MM-DD, `attachment` JSON."""
        metadata = self.document.metadata
        metadata.title, metadata.lang = title or None, "vi"
        metadata.created = metadata.modified = f"{created}T00:00:00+07:00" if created else None
        files = [_attachment(attachment, created)] if attachment else None
        pdf: bytes = self.document.write_pdf(
            finisher=_leave_metadata_plain, pdf_variant="pdf/a-3b", attachments=files
        )
        return pdf

    def measure(self, template: Template) -> Measure:
        """Return every block's room and styles.

        Raises:
            DesignRefused: a block is set in a way that stamping does not know.
        """
        pieces: dict[str, PieceStyle] = {}
        blocks: dict[int, Any] = {}
        for box in _boxes(self._page):
            mark, number = _mark(box, "data-piece"), _mark(box, "data-block")
            if mark and type(box).__name__ == "TextBox":
                pieces[mark] = _piece_style(box, self._faces)
            elif number and type(box).__name__ in _BLOCK_BOXES:
                blocks[int(number)] = box
        measures = []
        for place, block in enumerate(template.blocks):
            if place not in blocks:
                raise DesignRefused(f"Khối chữ <{block.tag}> thứ {place + 1} không hiện trên trang.")
            styles = tuple(pieces[f"{place}.{index}"] for index in range(len(block.pieces)))
            measures.append(_block_measure(blocks[place], styles))
        return Measure(self.width, self.height, tuple(measures))

    def read(self, block_count: int) -> LaidOut:
        """Return the baselines of every block's lines and the places of QR code and signature."""
        baselines: list[tuple[float, ...]] = [()] * block_count
        places: dict[str, Box] = {}
        rooms: dict[int, Box] = {}
        for box in _boxes(self._page):
            number, field = _mark(box, "data-block"), _mark(box, "data-field")
            if number and type(box).__name__ in _BLOCK_BOXES:
                lines = list(_lines(box))
                baselines[int(number)] = tuple(self._baseline(line) for line in lines)
                if lines:
                    rooms[int(number)] = _widened(self._room(lines), self._content_box(box))
            elif field in ("qr", "signature"):
                places[field] = self._content_box(box)
        crowded = _crowded(rooms, (0.0, 0.0, self.width, self.height))
        return LaidOut(tuple(baselines), places.get("qr"), places.get("signature"), crowded)

    def _room(self, lines: list[Any]) -> Box:
        left, top = lines[0].position_x * PX, self.height - lines[0].position_y * PX
        bottom = self.height - (lines[-1].position_y + lines[-1].height) * PX
        return (left, bottom, max(line.position_x + line.width for line in lines) * PX, top)

    def _baseline(self, line: Any) -> float:
        baseline: float = self.height - (line.position_y + line.baseline) * PX
        return round(baseline, 4)

    def _content_box(self, box: Any) -> Box:
        left, top = box.content_box_x() * PX, self.height - box.content_box_y() * PX
        return (left, top - box.height * PX, left + box.width * PX, top)


_BLOCK_BOXES = ("BlockBox", "TableCellBox", "FlexBox", "GridBox")


def _boxes(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "AbsolutePlaceholder":
        box = box._box
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _widened(lines: Box, block: Box) -> Box:
    """Return the room of lines in the whole width of their block: any text may stand there."""
    return (block[0], lines[1], block[2], lines[3])


def _crowded(rooms: Mapping[int, Box], page: Box) -> tuple[int, ...]:
    """Return the blocks whose lines overlap another's or leave the page, by more than leading."""
    found: set[int] = set()
    for number, room in rooms.items():
        if room[1] < page[1] or room[3] > page[3] or room[0] < page[0] - 1 or room[2] > page[2] + 1:
            found.add(number)
        for other, its in rooms.items():
            apart = room[2] <= its[0] or its[2] <= room[0]
            shared = min(room[3], its[3]) - max(room[1], its[1])
            if other > number and not apart and shared > LEADING_PT:
                found |= {number, other}
    return tuple(sorted(found))


def _lines(box: Any) -> Iterator[Any]:
    for child in box.children:
        if type(child).__name__ == "LineBox":
            yield child


def _mark(box: Any, name: str) -> str:
    element = getattr(box, "element", None)
    return "" if element is None else element.get(name, "")


def _piece_style(box: Any, faces: tuple[str, ...]) -> PieceStyle:
    style = box.style
    spacing = style["letter_spacing"]
    if style["text_decoration_line"] != "none" or style["word_spacing"] != 0:
        raise DesignRefused("Chữ trong mẫu không được gạch chân hoặc giãn từ.")
    if style["text_transform"] not in ("none", "uppercase"):
        raise DesignRefused("text-transform chỉ được là none hoặc uppercase.")
    if style["font_variant_caps"] != "normal":
        raise DesignRefused("Chữ hoa nhỏ (small-caps) chưa in được.")
    return PieceStyle(
        face=_face_of(style, faces),
        colour=_colour_of(style),
        spacing_pt=0.0 if spacing == "normal" else round(float(spacing) * PX, 4),
        capitals=style["text_transform"] == "uppercase",
    )


def _face_of(style: Any, faces: tuple[str, ...]) -> str:
    for family in style["font_family"]:
        for face in map(FACES.__getitem__, faces):
            italic = style["font_style"] != "normal"
            if (face.family, face.weight, face.italic) == (family, style["font_weight"], italic):
                return face.key
    wanted = f"{style['font_family'][0]} {style['font_weight']} {style['font_style']}"
    raise DesignRefused(f"Không có kiểu chữ {wanted}; hãy dùng một kiểu chữ đã khai báo.")


def _colour_of(style: Any) -> str:
    colour = style["color"]
    if colour.alpha != 1:
        raise DesignRefused("Màu chữ không được trong suốt.")
    return " ".join(f"{part:.4f}".rstrip("0").rstrip(".") for part in colour.to("srgb").coordinates)


def _block_measure(box: Any, styles: tuple[PieceStyle, ...]) -> BlockMeasure:
    align = box.style["text_align_all"]
    names = {"start": "left", "end": "right"}
    align = names.get(align, align)
    if align not in ("left", "center", "right"):
        raise DesignRefused("Chữ chỉ được canh trái, canh giữa hoặc canh phải.")
    if box.style["direction"] != "ltr" or getattr(box.style["text_indent"], "value", 0) != 0:
        raise DesignRefused("Khối chữ không được thụt đầu dòng hay viết từ phải sang.")
    return BlockMeasure(
        left=round(box.content_box_x() * PX, 4),
        width=round(box.width * PX, 4),
        align=align,
        size_pt=round(box.style["font_size"] * PX, 4),
        pieces=styles,
    )


def _attachment(data: bytes, created: str) -> Attachment:
    moment = datetime.fromisoformat(created or "2000-01-01")
    return Attachment(
        file_obj=BytesIO(data), name="certificate.json", description="Nội dung giấy chứng nhận",
        created=moment, modified=moment, relationship="Data",
    )  # fmt: skip


def _leave_metadata_plain(document: object, pdf: Any) -> None:
    """Leave the XMP packet uncompressed: PDF/A asks that anybody can find it in the bytes."""
    for one in pdf.objects:
        if getattr(one, "extra", None) and one.extra.get("Type") == "/Metadata":
            one.compress = False


def colour_profile() -> bytes:
    """Return the sRGB profile that WeasyPrint brings along for archival PDF."""
    data: bytes = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    return data


def has_fast_subsetting() -> bool:
    """Return whether HarfBuzz's subsetter is installed; without it WeasyPrint is 3 times slower."""
    from ctypes.util import find_library

    return find_library("harfbuzz-subset") is not None
