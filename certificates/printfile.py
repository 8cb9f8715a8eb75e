"""Many certificates as one PDF for the print house: shared fonts and pictures, small pages."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from certificates.compiler import CompiledDesign, PageLayout
from certificates.drawing import Drawing
from certificates.pdfobjects import (
    HEADER,
    ObjectTable,
    Offsets,
    box,
    deflated,
    information,
    metadata,
    number,
    stream,
    trailer,
    wrap,
)
from certificates.singlefile import add_drawing, add_shared, output_intent
from certificates.stamping import StampedPage

MM = 72 / 25.4
BLEED_PT = 3 * MM
MARK_GAP_PT = 4 * MM
MARK_LENGTH_PT = 5 * MM
PAGES_A_NODE = 200
PAGE_EFFORT = 4
"""How hard a page is deflated: a third faster than zlib's usual 6, and 4 % longer."""


class PrintFile:
    """Writes pages as they come; what it keeps in memory is the place of every object.

    Attributes:
        pages: how many pages were written so far.
    """

    def __init__(
        self, file: BinaryIO, compiled: CompiledDesign, title: str, day: str, crop_marks: bool = False
    ) -> None:
        """Begin the file with what all pages share.

        Args:
            title, day: title and date (YYYY-MM-DD) of the whole file.
            crop_marks: whether to add 3 mm of bleed and marks where the paper is cut.
        """
        self.pages = 0
        self._file, self._compiled = file, compiled
        self._title, self._day = title, day
        self._offsets, self._offset, self._digest = Offsets(), 0, hashlib.sha256()
        self._drawings: dict[str, int] = {}
        self._nodes: list[tuple[int, list[int]]] = []
        self._write(HEADER)
        table = ObjectTable()
        self._reserved = [table.reserve() for _ in range(4)]
        shared = add_shared(table, compiled)
        self._next = 1
        self._put_table(table, skip=len(self._reserved))
        self._fonts, self._profile = shared.fonts, shared.profile
        self._set_boxes(crop_marks)

    def add(self, page: StampedPage) -> None:
        """Write one stamped page."""
        qr = self._put(page.qr_object) if page.qr_object else 0
        pictures = b"/D %d 0 R" % self._drawing(page.layout) + (b"/Q %d 0 R" % qr if qr else b"")
        self._page(page.operators, b"/Font%s" % self._fonts, pictures)

    def add_drawn(self, drawing: Drawing) -> None:
        """Write a page that WeasyPrint drew, words and all."""
        first = self._next
        resources, bodies = drawing.relocated(lambda number: first + number)
        for body in bodies:
            self._put(body)
        form = b"/Type/XObject/Subtype/Form/BBox%s/Resources%s/Filter/FlateDecode"
        picture = self._put(stream(form % (self._trim, resources), drawing.content))
        self._page(b"/D Do\n", b"", b"/D %d 0 R" % picture)

    def close(self) -> None:
        """Write the page tree, the table and the trailer; the file itself stays open."""
        catalog, pages, xmp, info = self._reserved
        nodes = [node for node, _ in self._nodes]
        for node, kids in self._nodes:
            body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % (pages, len(kids), _references(kids))
            self._put(body, node)
        inherited = b"/MediaBox%s" % self._media
        root = b"<</Type/Pages/Count %d/Kids[%s]%s>>" % (self.pages, _references(nodes), inherited)
        self._put(root, pages)
        self._put(stream(b"/Type/Metadata/Subtype/XML", metadata(self._title, self._day, accessible=False)), xmp)
        self._put(information(self._title, self._day), info)
        about = b"<</Type/Catalog/Pages %d 0 R/Lang(vi)/Metadata %d 0 R%s>>"
        self._put(about % (pages, xmp, output_intent(self._profile)), catalog)
        start = self._offset
        for piece in self._offsets.table():
            self._write(piece)
        self._write(trailer(self._next - 1, self._digest.digest()[:16], start, info))

    def _page(self, operators: bytes, resources: bytes, pictures: bytes) -> None:
        if self._marks:
            operators += b"/M Do\n"
            pictures += b"/M %d 0 R" % self._marks
        content = self._put(deflated(b"", operators, PAGE_EFFORT))
        node, kids = self._node()
        kids.append(
            self._put(
                b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%s/Resources<<%s/XObject<<%s>>>>>>"
                % (node, content, self._boxes, resources, pictures)
            )
        )
        self.pages += 1

    def _node(self) -> tuple[int, list[int]]:
        if not self._nodes or len(self._nodes[-1][1]) >= PAGES_A_NODE:
            self._nodes.append((self._next, []))
            self._next += 1
        return self._nodes[-1]

    def _drawing(self, layout: PageLayout) -> int:
        known = self._drawings.get(layout.drawing)
        if known is None:
            table = ObjectTable()
            for _ in range(self._next - 1):
                table.reserve()
            known = self._drawings[layout.drawing] = add_drawing(table, self._compiled, layout)
            self._put_table(table, skip=self._next - 1)
        return known

    def _set_boxes(self, crop_marks: bool) -> None:
        measure = self._compiled.measure
        wide, high = measure.page_width, measure.page_height
        self._trim = box((0, 0, wide, high))
        self._marks = 0
        out = 0.0
        if crop_marks:
            out = MARK_GAP_PT + MARK_LENGTH_PT
            self._marks = self._put(_crop_marks(wide, high))
        self._media = box((-out, -out, wide + out, high + out))
        bleed = BLEED_PT if crop_marks else 0.0
        bleed_box = box((-bleed, -bleed, wide + bleed, high + bleed))
        self._boxes = b"/TrimBox%s/BleedBox%s" % (self._trim, bleed_box) if crop_marks else b""

    def _put_table(self, table: ObjectTable, skip: int) -> None:
        self._next = skip + 1
        for place in range(skip + 1, len(table) + 1):
            self._put(table.body(place) or b"null")

    def _put(self, body: bytes, known: int = 0) -> int:
        if not known:
            known, self._next = self._next, self._next + 1
        self._offsets.put(known, self._offset)
        self._write(wrap(known, body))
        return known

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._offset += len(data)


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % one for one in numbers)


def _crop_marks(wide: float, high: float) -> bytes:
    """Return a form that draws two short lines at every corner, off the trimmed page."""
    near, far = MARK_GAP_PT, MARK_GAP_PT + MARK_LENGTH_PT
    lines = []
    for x, way_x in ((0.0, -1), (wide, 1)):
        for y, way_y in ((0.0, -1), (high, 1)):
            lines.append((x + way_x * near, y, x + way_x * far, y))
            lines.append((x, y + way_y * near, x, y + way_y * far))
    path = b"".join(b"%s %s m %s %s l S\n" % tuple(map(number, line)) for line in lines)
    room = box((-far - 1, -far - 1, wide + far + 1, high + far + 1))
    return stream(b"/Type/XObject/Subtype/Form/BBox%s/Resources<<>>" % room, b"0.25 w 0 G\n" + path)
