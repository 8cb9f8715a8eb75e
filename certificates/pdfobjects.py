"""The few PDF forms that the press writes itself: strings, streams, tables, metadata."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator
from xml.sax.saxutils import escape

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PRODUCER = "tieubieu certificate press"


def text_string(text: str) -> bytes:
    """Return a PDF text string in hexadecimal UTF-16, safe wherever it stands."""
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


def stream(entries: bytes, data: bytes) -> bytes:
    """Return the body of a stream object; `entries` are dictionary entries without `Length`.

    The line end before `endstream` is CR LF: after a lone LF, data that end in CR would be
    taken for one byte shorter by strict readers.
    """
    return b"<<%s/Length %d>>\nstream\n%s\r\nendstream" % (entries, len(data), data)


def deflated(entries: bytes, data: bytes, level: int = 6) -> bytes:
    """Return the body of a stream object whose data are deflated here."""
    return stream(entries + b"/Filter/FlateDecode", zlib.compress(data, level))


def wrap(number: int, body: bytes) -> bytes:
    """Return an object as it stands in the file."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def box(values: tuple[float, ...]) -> bytes:
    """Return a rectangle array."""
    return b"[" + b" ".join(number(value) for value in values) + b"]"


def number(value: float) -> bytes:
    """Return a number with at most two decimals (7 thousandths of a millimetre)."""
    return b"%d" % value if value == int(value) else b"%.2f" % value


def pdf_day(day: str) -> bytes:
    """Return a day `YYYY-MM-DD`, midnight in Vietnam, as a PDF date without its brackets."""
    return b"D:%s000000+07'00'" % day.replace("-", "").encode()


class ObjectTable:
    """Constant objects of a file: numbered, laid out one after the other from the header on."""

    def __init__(self) -> None:
        self._bodies: list[bytes | None] = []

    def reserve(self) -> int:
        """Return a fresh object number whose body comes later, or from elsewhere."""
        self._bodies.append(None)
        return len(self._bodies)

    def add(self, body: bytes) -> int:
        """Return the number of a new object."""
        self._bodies.append(body)
        return len(self._bodies)

    def set(self, reserved: int, body: bytes) -> None:
        """Give a reserved number its body."""
        self._bodies[reserved - 1] = body

    def __len__(self) -> int:
        return len(self._bodies)

    def body(self, number: int) -> bytes | None:
        """Return an object's body, `None` while it is only reserved."""
        return self._bodies[number - 1]


class Offsets:
    """Where the objects of a file begin; memory is eight bytes an object."""

    def __init__(self) -> None:
        self._offsets = array("Q")

    def put(self, number: int, offset: int) -> None:
        """Remember that object `number` begins at `offset`."""
        missing = number - len(self._offsets)
        if missing > 0:
            self._offsets.extend([0] * missing)
        self._offsets[number - 1] = offset

    def table(self) -> Iterator[bytes]:
        """Yield the cross-reference table in pieces."""
        yield b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1)
        for start in range(0, len(self._offsets), 1_000):
            yield b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[start : start + 1_000])


def trailer(size: int, identifier: bytes, start: int, info: int | None) -> bytes:
    """Return the end of a file whose catalog is object 1.

    Args:
        size: number of objects; identifier: 16 bytes; start: offset of the table.
    """
    code = identifier.hex().encode()
    about = b"" if info is None else b"/Info %d 0 R" % info
    return b"trailer\n<</Size %d/Root 1 0 R%s/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1, about, code, code, start,
    )  # fmt: skip


_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:pdf="http://ns.adobe.com/pdf/1.3/"%s>'
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>%s"
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>'
    "<dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>"
    "<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>"
    f"<pdf:Producer>{PRODUCER}</pdf:Producer>"
    '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)


# PDF/A wants every schema outside its own list described in the packet itself.
_UA_SCHEMA = (
    "<pdfuaid:part>1</pdfuaid:part><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>"
    "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)
_UA_NAMESPACES = (
    ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
    ' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"'
)


def metadata(title: str, day: str, *, accessible: bool) -> bytes:
    """Return the XMP packet: PDF/A-3b, title, language, dates at midnight in Vietnam.

    Args:
        accessible: whether the file is tagged throughout and so claims PDF/UA-1 as well.
    """
    moment = f"{day}T00:00:00+07:00"
    names, schema = (_UA_NAMESPACES, _UA_SCHEMA) if accessible else ("", "")
    return (_XMP % (names, schema, escape(title), moment, moment)).encode()


def information(title: str, day: str) -> bytes:
    """Return the information dictionary; it says the same as the XMP packet."""
    date = pdf_day(day)
    return b"<</Title%s/Producer(%s)/CreationDate(%s)/ModDate(%s)>>" % (
        text_string(title), PRODUCER.encode(), date, date,
    )  # fmt: skip
