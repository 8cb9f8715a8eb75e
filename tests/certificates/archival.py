"""A check of our own against clauses of ISO 19005-3 (PDF/A-3b), read from the file's structure with pikepdf.

It shares no code with the press and none with `page-validation`, the other validator; veraPDF cannot be had here and PDFBox
Preflight knows PDF/A-1b only (see app/decisions/0013-archival-checks.md). Each finding begins with its clause; 6.2.11.7 and 6.6.3 are asked beyond level b.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf

FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/JavaScript", "/SetOCGState", "/Rendition", "/GoTo3DView"}
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie"}
BLEND_MODES = {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn", "/HardLight",
               "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity"}  # fmt: skip
RELATIONSHIPS = {"/Source", "/Data", "/Alternative", "/Supplement", "/EncryptedPayload", "/FormData", "/Schema", "/Unspecified"}
PDFAID, DC, PDF, XMP = (
    "{http://www.aiim.org/pdfa/ns/id/}", "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}", "{http://ns.adobe.com/xap/1.0/}",
)  # fmt: skip
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def faults(pdf: bytes) -> list[str]:
    """Return what is wrong with a file as PDF/A-3b, each with its clause; none if nothing was found."""
    found = list(_of_the_bytes(pdf))
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for part in (_trailer, _metadata, _intent, _objects, _fonts, _pages, _files, _form):
                found.extend(part(document))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        found.append(f"6.1.1 no PDF that can be read: {error}")
    return found


def _of_the_bytes(pdf: bytes) -> Iterator[str]:
    lines = pdf.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]", lines[0]):
        yield "6.1.2 the file does not begin with its header"
    if len(lines) < 2 or not re.match(rb"%[\x80-\xff]{4}", lines[1]):
        yield "6.1.2 no comment of four high bytes follows the header"
    if not pdf.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3 something follows the end of the file"


def _trailer(document: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in document.trailer:
        yield "6.1.3 the trailer has no identifier"
    if "/Encrypt" in document.trailer or document.is_encrypted:
        yield "6.1.3 the file is encrypted"
    if "/OCProperties" in document.Root and "/D" not in document.Root.OCProperties:
        yield "6.9 optional content without a default"
    if "/Requirements" in document.Root:
        yield "6.11 the catalog has requirements"


def _metadata(document: pikepdf.Pdf) -> Iterator[str]:
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        yield "6.6.2.1 no metadata"
        return
    if "/Filter" in stream:
        yield "6.6.2.1 the metadata are compressed"
    try:
        packet = ET.fromstring(stream.read_bytes())
    except ET.ParseError as error:
        yield f"6.6.2.1 the metadata are no XML: {error}"
        return
    if [_said(packet, f"{PDFAID}part"), _said(packet, f"{PDFAID}conformance")] != ["3", "B"]:
        yield "6.6.4 the metadata do not declare PDF/A-3b"
    told = {
        "/Title": packet.findtext(f".//{DC}title/{RDF}Alt/{RDF}li"), "/Producer": _said(packet, f"{PDF}Producer"),
        "/CreationDate": _said(packet, f"{XMP}CreateDate"), "/ModDate": _said(packet, f"{XMP}ModifyDate"),
    }  # fmt: skip
    for key, value in document.trailer.get("/Info", pikepdf.Dictionary()).items():
        if key in told and _plain(str(value)) != _plain(told[key] or ""):
            yield f"6.6.3 {key} says {value}, the metadata {told[key]}"


def _said(packet: ET.Element, name: str) -> str:
    """Return a property, which may stand as an element or as an attribute."""
    attributes = (one.get(name, "") for one in packet.iter(f"{RDF}Description"))
    return packet.findtext(f".//{name}") or next(filter(None, attributes), "")


def _plain(value: str) -> str:
    """Return a text as it is, and a date of either notation as its digits."""
    return re.sub(r"\D", "", value) if re.match(r"D:\d|\d{4}-\d\d-\d\dT", value) else value


def _intent(document: pikepdf.Pdf) -> Iterator[str]:
    intents = [one for one in document.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield "6.2.3 there is not one output intent with its profile"
        return
    profile = intents[0].DestOutputProfile
    data = profile.read_bytes()
    if data[36:40] != b"acsp" or data[12:16] not in (b"mntr", b"prtr") or data[16:20] not in (b"RGB ", b"CMYK", b"GRAY"):
        yield "6.2.3 the output profile is none"
    elif int(profile.get("/N", 0)) != {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1}[data[16:20]]:
        yield "6.2.3 the output profile has another number of colours than it says"


def _objects(document: pikepdf.Pdf) -> Iterator[str]:
    for one in document.objects:
        if isinstance(one, pikepdf.Stream):
            yield from _stream(one)
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield from _dictionary(one)


def _stream(stream: pikepdf.Stream) -> Iterator[str]:
    filters = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters]
    if "/LZWDecode" in names or "/Crypt" in names:
        yield "6.1.7.2 a stream is packed by a filter that archives do not allow"
    if any(key in stream for key in ("/F", "/FFilter", "/FDecodeParms")):
        yield "6.1.7.1 a stream is kept in another file"
    kind = stream.get("/Subtype")
    if kind == "/PS" or "/PS" in stream:
        yield "6.2.9 PostScript stands in the file"
    if kind == "/Form" and ("/OPI" in stream or "/Ref" in stream):
        yield "6.2.9 a form points out of the file"
    if kind == "/Image":
        if stream.get("/Interpolate", False):
            yield "6.2.8 a picture asks to be smoothed"
        if "/Alternates" in stream or "/OPI" in stream:
            yield "6.2.8 a picture has another in its place"
        if stream.get("/ColorSpace") == "/DeviceCMYK":
            yield "6.2.4.3 a picture has colours that the output intent does not know"


def _dictionary(one: Any) -> Iterator[str]:
    if one.get("/S") in FORBIDDEN_ACTIONS and ("/Type" not in one or one.Type == "/Action"):
        yield f"6.5.1 an action {one.S}"
    if "/AA" in one:
        yield "6.5.2 something happens by itself"
    if one.get("/Type") == "/Annot" or ("/Subtype" in one and "/Rect" in one):
        yield from _annotation(one)
    if one.get("/Type") == "/ExtGState" or "/BM" in one:
        if "/TR" in one or one.get("/TR2", "/Default") != "/Default" or "/HTP" in one:
            yield "6.2.5 a state of the page has a transfer function"
        if str(one.get("/BM", "/Normal")) not in BLEND_MODES:
            yield "6.2.10 a blend mode that nobody knows"


def _annotation(one: Any) -> Iterator[str]:
    if one.get("/Subtype") in FORBIDDEN_ANNOTATIONS:
        yield f"6.3.1 an annotation {one.Subtype}"
    flags = int(one.get("/F", 0))
    if one.get("/Subtype") != "/Popup" and (not flags & 4 or flags & (1 | 2 | 32 | 256)):
        yield "6.3.2 an annotation is not printed, or hidden"
    box = [float(value) for value in one.get("/Rect", [0, 0, 0, 0])]
    if "/AP" not in one and box[0] != box[2] and box[1] != box[3]:
        yield "6.3.3 an annotation has no appearance"


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for font in (one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"):
        name = str(font.get("/BaseFont", "?"))
        if font.get("/Subtype") == "/Type0":
            yield from _composite(font, name)
        elif font.get("/Subtype") in ("/CIDFontType0", "/CIDFontType2", "/Type1", "/TrueType"):
            descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
            files = [descriptor[key] for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in descriptor]
            if len(files) != 1:
                yield f"6.2.11.4.1 the font {name} is not embedded"
            if font.Subtype == "/CIDFontType2":
                if font.get("/CIDToGIDMap") is None:
                    yield f"6.2.11.3.2 the font {name} has no way from letters to glyphs"
                if files and "/W" in font:
                    yield from _widths(font, files[0], name)


def _composite(font: Any, name: str) -> Iterator[str]:
    if font.get("/Encoding") not in ("/Identity-H", "/Identity-V"):
        yield f"6.2.11.3.3 the font {name} has an encoding that is not embedded"
    if "/ToUnicode" not in font:
        yield f"6.2.11.7 the font {name} does not say which letters its glyphs are"
    elif re.search(rb"<(0000|feff|fffe)>\s*(?:\n|$)", font.ToUnicode.read_bytes()):
        yield f"6.2.11.7 a glyph of the font {name} stands for no letter"


def _widths(font: Any, file: Any, name: str) -> Iterator[str]:
    """Hold the widths that the PDF states against those in the embedded font."""
    from fontTools.ttLib import TTFont

    inner = TTFont(io.BytesIO(file.read_bytes()), lazy=True)
    upem, metrics, order = inner["head"].unitsPerEm, inner["hmtx"], inner.getGlyphOrder()
    stated = list(font.W)
    for first, widths in zip(stated[::2], stated[1::2], strict=True):
        for glyph, width in enumerate(widths, int(first)):
            if glyph >= len(order) or abs(metrics[order[glyph]][0] * 1000 / upem - float(width)) > 1:
                yield f"6.2.11.5 the width of glyph {glyph} of {name} is not the embedded font's"
                return


def _pages(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        used: set[str] = set()
        for part in _contents(page.obj, page.obj.get("/Resources", pikepdf.Dictionary())):
            for instruction in part:
                name = str(instruction.operator)
                if name in ("k", "K") or (name in ("cs", "CS") and str(instruction.operands[0]) == "/DeviceCMYK"):
                    used.add("6.2.4.3 colours that the output intent does not know")
                if name == "INLINE IMAGE" and instruction.iimage.obj.get("/I", instruction.iimage.obj.get("/Interpolate", False)):
                    used.add("6.2.8 a picture asks to be smoothed")
                if name == "ri" and str(instruction.operands[0]) not in ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"):
                    used.add("6.2.6 a rendering intent that nobody knows")
        yield from sorted(used)


def _contents(holder: Any, resources: Any) -> Iterator[Any]:
    yield pikepdf.parse_content_stream(pikepdf.Page(holder) if "/Contents" in holder else holder)
    for one in resources.get("/XObject", pikepdf.Dictionary()).values():
        if one.get("/Subtype") == "/Form":
            yield from _contents(one, one.get("/Resources", pikepdf.Dictionary()))


def _files(document: pikepdf.Pdf) -> Iterator[str]:
    associated = {one.objgen for one in document.Root.get("/AF", [])}
    for one in document.objects:
        if not isinstance(one, pikepdf.Dictionary) or "/EF" not in one:
            continue
        if str(one.get("/AFRelationship", "")) not in RELATIONSHIPS:
            yield "6.8 an attached file does not say how it belongs to the document"
        if "/F" not in one or "/UF" not in one:
            yield "6.8 an attached file has not both of its names"
        if one.objgen not in associated:
            yield "6.8 an attached file belongs to nothing"
        inner = one.EF.get("/F", pikepdf.Dictionary())
        if "/Subtype" not in inner or "/ModDate" not in inner.get("/Params", {}):
            yield "6.8 an attached file does not say its kind and its day"


def _form(document: pikepdf.Pdf) -> Iterator[str]:
    form = document.Root.get("/AcroForm")
    if form is not None and (form.get("/NeedAppearances", False) or "/XFA" in form):
        yield "6.4.1 a form whose look is made by the reader"
