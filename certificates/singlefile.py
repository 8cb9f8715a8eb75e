"""One certificate as one PDF/A-3b file: a constant head, a small tail, a table made beforehand.

A stamped file is tagged throughout and so claims PDF/UA-1, too: every block of text is a heading or a paragraph in the
order of reading, the QR code a figure with words of its own, a signature a form field, all drawing is
marked as decoration. Not tagged are print files, which are for paper, and the rare page that WeasyPrint had to draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from certificates.compiler import CompiledDesign, PageLayout
from certificates.content import CertificateContent
from certificates.embedding import EmbeddedFace
from certificates.fitting import State
from certificates.pdfobjects import (
    HEADER,
    ObjectTable,
    box,
    information,
    metadata,
    pdf_day,
    stream,
    text_string,
    trailer,
    wrap,
)
from certificates.rendering import document_title
from certificates.stamping import StampedPage, tag_of

ATTACHMENT_NAME = "certificate.json"
CAPTION_PT = 7.0
QR_ALT = "Mã QR tra cứu giấy chứng nhận"


@dataclass(frozen=True, slots=True)
class SharedObjects:
    """Object numbers of what every page of a design uses."""

    fonts: bytes
    profile: int


def add_shared(table: ObjectTable, compiled: CompiledDesign) -> SharedObjects:
    """Add fonts and colour profile; return the font dictionary and the profile's number."""
    numbers = [_add_face(table, face) for face in compiled.faces]
    fonts = b"".join(b"/F%d %d 0 R" % (index, one) for index, one in enumerate(numbers))
    profile = table.add(stream(b"/N 3/Filter/FlateDecode", compiled.colour_profile))
    return SharedObjects(b"<<" + fonts + b">>", profile)


def _add_face(table: ObjectTable, face: EmbeddedFace) -> int:
    name = face.name.encode()
    file = table.add(stream(b"/Length1 %d/Filter/FlateDecode" % face.file_bytes, face.file))
    letters = table.add(stream(b"/Filter/FlateDecode", face.to_unicode))
    descriptor = table.add(
        b"<</Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R>>"
        % (name, face.descriptor.encode(), file)
    )
    inner = table.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDToGIDMap/Identity/DW 0"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/W%s>>" % (name, descriptor, face.widths.encode())
    )
    return table.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"
        b"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (name, inner, letters)
    )


def add_drawing(table: ObjectTable, compiled: CompiledDesign, layout: PageLayout) -> int:
    """Add the page's picture as a form; return its number."""
    drawing = compiled.drawings[layout.drawing]
    first = len(table) + 1
    resources, bodies = drawing.relocated(lambda number: first + number)
    for body in bodies:
        table.add(body)
    measure = compiled.measure
    room = box((0, 0, measure.page_width, measure.page_height))
    head = b"/Type/XObject/Subtype/Form/BBox%s/Resources%s/Filter/FlateDecode" % (room, resources)
    return table.add(stream(head, drawing.content))


def output_intent(profile: int) -> bytes:
    """Return the output intent that PDF/A asks for."""
    return (
        b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        b"/Info(sRGB)/DestOutputProfile %d 0 R>>]" % profile
    )


class SinglePlan:
    """All that certificates of one state share, so that only the tail is written for each.

    Attributes:
        head: the file up to the first object that differs; table: its lines in the xref.
        page, catalog: constant. content, qr, xmp, info, attachment: numbers of what differs.
    """

    def __init__(
        self, compiled: CompiledDesign, state: State, layout: PageLayout, field: bytes = b""
    ) -> None:
        """Lay out the constant objects.

        Args:
            field: entries of a signature widget without its value, or empty for none.
        """
        self.layout, self._compiled = layout, compiled
        table = ObjectTable()
        catalog, pages, page = table.reserve(), table.reserve(), table.reserve()
        shared = add_shared(table, compiled)
        self.fonts = shared.fonts
        drawing = add_drawing(table, compiled, layout)
        filespec, tree, widget = table.reserve(), table.reserve(), table.reserve()
        form = widget if field else 0
        _add_structure(table, compiled, state, layout, page=page, tree=tree, widget=form)
        self.first = len(table) + 1
        self.content, self.qr, self.xmp, self.info, self.attachment, self.signature = range(
            self.first, self.first + 6
        )
        self.appearance = self.first + 6
        table.set(pages, b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % page)
        table.set(filespec, self._filespec())
        table.set(widget, self._widget(field, page) if field else b"null")
        table.set(page, self._page(compiled, shared, drawing, pages, form))
        table.set(catalog, self._catalog(shared, pages, filespec, tree, form))
        self.head, self.table = _lay_out(table)
        self.state_after_head = hashlib.sha256(self.head)

    def objects(self, page: StampedPage, content: CertificateContent, data: bytes) -> list[bytes]:
        """Return the objects that differ from certificate to certificate, in order.

        Args:
            data: the content as canonical JSON, which is attached.
        """
        title, day = document_title(content), content.issued_on
        about = b"/Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size %d/ModDate(%s)>>"
        return [
            wrap(self.content, stream(b"", page.operators)),
            wrap(self.qr, page.qr_object or b"null"),
            wrap(self.xmp, stream(b"/Type/Metadata/Subtype/XML", metadata(title, day, accessible=True))),
            wrap(self.info, information(title, day)),
            wrap(self.attachment, stream(about % (len(data), pdf_day(day)), data)),
        ]

    def tail(self, objects: list[bytes], identifier: bytes) -> bytes:
        """Return the variable objects, the table and the trailer: all after the head."""
        offset = len(self.head)
        lines = [self.table % (self.first + len(objects))]
        for one in objects:
            lines.append(b"%010d 00000 n \n" % offset)
            offset += len(one)
        size = self.first - 1 + len(objects)
        return b"".join((*objects, *lines, trailer(size, identifier, offset, self.info)))

    def caption(self, lines: Iterable[str], width: float) -> bytes:
        """Return operators that print small centred lines, for the look of a signature field."""
        face = self._compiled.faces[0]
        typeface = self._compiled.fitter.faces[face.key]
        baseline, parts = CAPTION_PT * 0.6, []
        for line in reversed(list(lines)):
            known = "".join(letter for letter in line if letter in face.letters)
            advance = typeface.shape(known).advance
            size = min(CAPTION_PT, width * 1000 / max(advance, 1))
            left = (width - advance * size / 1000) / 2
            parts.append(b"/F0 %.2f Tf 1 0 0 1 %.2f %.2f Tm [%s]TJ\n" % (size, left, baseline, typeface.show(known)))
            baseline += CAPTION_PT * 1.3
        return b"BT 0.12 0.17 0.31 rg\n" + b"".join(parts) + b"ET\n"

    def _filespec(self) -> bytes:
        name = ATTACHMENT_NAME.encode()
        return b"<</Type/Filespec/F(%s)/UF(%s)/AFRelationship/Data/Desc%s/EF<</F %d 0 R/UF %d 0 R>>>>" % (
            name, name, text_string("Nội dung giấy chứng nhận"), self.attachment, self.attachment,
        )  # fmt: skip

    def _widget(self, field: bytes, page: int) -> bytes:
        return b"<<%s/P %d 0 R/StructParent 1/V %d 0 R/AP<</N %d 0 R>>>>" % (
            field, page, self.signature, self.appearance,
        )  # fmt: skip

    def _page(
        self, compiled: CompiledDesign, shared: SharedObjects, drawing: int, pages: int, widget: int
    ) -> bytes:
        room = box((0, 0, compiled.measure.page_width, compiled.measure.page_height))
        return (
            b"<</Type/Page/Parent %d 0 R/MediaBox%s/TrimBox%s/Contents %d 0 R/StructParents 0/Tabs/S"
            b"/Resources<</Font%s/XObject<</D %d 0 R/Q %d 0 R>>>>%s>>"
            % (
                pages, room, room, self.content, shared.fonts, drawing, self.qr,
                b"/Annots[%d 0 R]" % widget if widget else b"",
            )
        )  # fmt: skip

    def _catalog(
        self, shared: SharedObjects, pages: int, filespec: int, tree: int, widget: int
    ) -> bytes:
        form = b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>" % widget if widget else b""
        return (
            b"<</Type/Catalog/Pages %d 0 R/Lang(vi)/Metadata %d 0 R/MarkInfo<</Marked true>>"
            b"/StructTreeRoot %d 0 R/ViewerPreferences<</DisplayDocTitle true>>"
            b"/Names<</EmbeddedFiles<</Names[(%s)%d 0 R]>>>>/AF[%d 0 R]%s%s>>"
            % (
                pages, self.xmp, tree, ATTACHMENT_NAME.encode(), filespec, filespec,
                output_intent(shared.profile), form,
            )
        )  # fmt: skip


def _add_structure(
    table: ObjectTable, compiled: CompiledDesign, state: State, layout: PageLayout,
    *, page: int, tree: int, widget: int,
) -> None:  # fmt: skip
    """Add one structure element for every block in reading order, for QR code and signature."""
    document = table.reserve()
    tags = [tag_of(block.tag) for block, form in zip(compiled.blocks, state, strict=True) if form]
    entries = [b"/S/%s" % tag for tag in tags]
    if layout.qr is not None:
        place = b"/A<</O/Layout/BBox%s/Placement/Block>>" % box(layout.qr)
        entries.append(b"/S/Figure/Alt%s%s" % (text_string(QR_ALT), place))
    kids = [
        table.add(b"<</Type/StructElem%s/P %d 0 R/Pg %d 0 R/K %d>>" % (entry, document, page, mark))
        for mark, entry in enumerate(entries)
    ]
    marked = b" ".join(b"%d 0 R" % kid for kid in kids)
    numbers = b"0[%s]" % marked
    if widget:
        place = b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (widget, page)
        kids.append(table.add(b"<</Type/StructElem/S/Form/P %d 0 R/K %s>>" % (document, place)))
        numbers += b"1 %d 0 R" % kids[-1]
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    table.set(document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (tree, references))
    table.set(
        tree,
        b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey 2>>"
        % (document, numbers),
    )


def _lay_out(table: ObjectTable) -> tuple[bytes, bytes]:
    """Return the bytes of all constant objects, and their lines in the cross-reference table."""
    parts, lines, offset = [HEADER], [b"xref\n0 %d\n0000000000 65535 f \n"], len(HEADER)
    for number in range(1, len(table) + 1):
        part = wrap(number, table.body(number) or b"null")
        lines.append(b"%010d 00000 n \n" % offset)
        offset += len(part)
        parts.append(part)
    return b"".join(parts), b"".join(lines)


def identifier_of(compiled: CompiledDesign, data: bytes) -> bytes:
    """Return the 16 bytes that identify a file: the same contents and design, the same file."""
    return hashlib.sha256(compiled.design.digest.encode() + data).digest()[:16]
