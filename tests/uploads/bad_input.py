"""The corpus of bad input, made by code: what is refused, with its code, and what is made harmless, with what goes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.uploads import samples

SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


@dataclass(frozen=True)
class Bad:
    """One file: `outcome` is the code of the refusal, or the codes of `removed` that make it harmless."""

    filename: str
    make: Callable[[], bytes]
    outcome: str | frozenset[str]
    slot: str = "photo"


def removed(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, pixels: bytes = b"") -> bytes:
    """A PNG of 8-bit RGB with any header: its pixels need not follow."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    middle = b"".join(extra) + png_chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + middle + png_chunk(b"IEND", b"")


def rows(width: int, height: int) -> bytes:
    return (b"\0" + b"\x80" * (3 * width)) * height


def icc_bomb() -> bytes:
    """A colour profile of 100 kB that unpacks to 100 MB."""
    return png(400, 300, png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)), pixels=rows(400, 300))


def largest_picture() -> bytes:
    """64 megapixels with transparency: 1 MB to send, 256 MB to decode."""
    header = struct.pack(">IIBBBBB", 8000, 8000, 8, 6, 0, 0, 0)
    pixels = zlib.compressobj(1)
    body = b"".join(pixels.compress(bytes(8000 * 4 + 1) * 100) for _ in range(80)) + pixels.flush()
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A comment of 100 kB that unpacks to 100 MB."""
    return png(400, 300, png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)), pixels=rows(400, 300))


def pixel_bomb() -> bytes:
    """A few kilobytes that unpack to far more pixels than the header promises."""
    return png(400, 300, pixels=bytes(200_000_000))


def endless_animation() -> bytes:
    frames = [samples.photo(240, 240, seed) for seed in range(3)]
    return samples.encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:] * 150, loop=0, duration=10)


def animated_png() -> bytes:
    frames = [samples.photo(240, 240, seed) for seed in range(3)]
    return samples.encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], loop=0)


def exif_with_a_loop() -> bytes:
    """A directory whose next directory is itself."""
    directory = struct.pack("<H", 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    return samples.jpeg(exif=b"Exif\0\0II*\0" + struct.pack("<I", 8) + directory)


def exif_of_nonsense() -> bytes:
    return samples.jpeg(exif=b"Exif\0\0II*\0" + struct.pack("<I", 8) + b"\xff" * 400)


def many_scans() -> bytes:
    """A progressive JPEG of 40 megapixels whose last scan is repeated thousands of times: small to send, long to read."""
    data = samples.encoded(Image.new("L", (8000, 5000), 128), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 3000 + data[-2:]


def webp_of_a_huge_canvas() -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + bytes([0x02, 0, 0, 0]) + (49_999).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def zipped(name: str = "a.txt", data: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def workbook_bomb() -> bytes:
    """What calls itself a workbook: one sheet of formulas, 60 MB in 60 kB."""
    cell = b'<c><f>HYPERLINK("http://example.invalid/"&amp;A1)</f></c>'
    return zipped("xl/worksheets/sheet1.xml", b"<worksheet>" + cell * 1_000_000)


def on_root(key: str, make: Callable[[pikepdf.Pdf], object]) -> Callable[[], bytes]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = make(pdf)

    return lambda: samples.paper(1, change)


def annotated(**entries: object) -> Callable[[], bytes]:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        pdf.pages[0].obj.Annots = Array([note])

    return lambda: samples.paper(1, change)


def script(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def javascript_by_name(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(JavaScript=Dictionary(Names=Array(["a", pdf.make_indirect(script(pdf))])))


def javascript_far_down() -> bytes:
    """A script in a chain of followers behind a harmless action."""

    def change(pdf: pikepdf.Pdf) -> None:
        chain = script(pdf)
        for _ in range(30):
            chain = Dictionary(S=Name.URI, URI="https://example.invalid", Next=Array([chain]))
        pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=chain)])

    return samples.paper(1, change)


def javascript_spelt_oddly() -> bytes:
    return on_root("/OpenAction", script)().replace(b"/JavaScript", b"/Java#53cript")


def with_an_attachment() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["hoá đơn.xlsx"] = b"PK\x03\x04 whatever"

    return samples.paper(1, change)


def encrypted(user: str) -> Callable[[], bytes]:
    return lambda: samples.paper(1, encryption=pikepdf.Encryption(owner="chủ", user=user, R=6))


def ten_thousand_pages() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        pdf.Root.Pages.Kids = Array([pdf.make_indirect(Dictionary(page)) for _ in range(10_000)])
        pdf.Root.Pages.Count = 10_000

    return samples.paper(1, change)


def plain_pdf(objects: list[bytes]) -> bytes:
    """A file written by hand, so that it can say what no library writes."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def pages_in_a_circle() -> bytes:
    return plain_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]>>"])


def form_that_draws_itself() -> bytes:
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>stream\n/F Do\nendstream"
    return plain_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
            b"<</Length 5>>stream\n/F Do\nendstream",
            form,
        ]
    )


def deep_arrays() -> bytes:
    return plain_pdf(
        [b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b"]" * 100_000 + b">>", b"<</Type/Pages/Count 0/Kids[]>>"]
    )


def pdf_bomb() -> bytes:
    """A page whose image is 300 MB of zeros, wrapped in two layers of compression: about a kilobyte."""
    once = zlib.compressobj(9)
    inner = b"".join(once.compress(bytes(10_000_000)) for _ in range(30)) + once.flush()
    packed = zlib.compress(inner, 9)
    image = (
        b"<</Type/XObject/Subtype/Image/Width 10000/Height 10000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    )
    return plain_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
            b"<</Length 24>>stream\n595 0 0 842 0 0 cm /F Do\nendstream",
            image,
        ]
    )


def page_without_size() -> bytes:
    return plain_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e30 0.0000001]>>",
        ]
    )


REFUSED_PICTURES = {
    "zero bytes": Bad("a.jpg", lambda: b"", "empty_file"),
    "a JPEG cut in the middle": Bad("a.jpg", lambda: samples.jpeg()[:9_000], "damaged"),
    "a JPEG cut after its header": Bad("a.jpg", lambda: samples.jpeg()[:300], "damaged"),
    "a PNG cut in the middle": Bad("a.png", lambda: samples.encoded(samples.photo(400, 300), "PNG")[:5_000], "damaged"),
    "a WebP cut in the middle": Bad("a.webp", lambda: samples.encoded(samples.photo(400, 300), "WEBP")[:900], "damaged"),
    "a HEIC cut in the middle": Bad("a.heic", lambda: samples.encoded(samples.photo(400, 300), "HEIF")[:1500], "damaged"),
    "only a magic number": Bad("a.jpg", lambda: b"\xff\xd8\xff\xe0", "damaged"),
    "text named as photo": Bad("a.jpg", lambda: "Xin chào".encode(), "unknown_kind"),
    "a program named as photo": Bad("a.jpg", lambda: b"MZ" + bytes(200), "kind_not_allowed"),
    "a PDF in the place of a photo": Bad("a.pdf", lambda: samples.paper(1), "kind_not_allowed"),
    "a photo named as web page": Bad("a.html", samples.jpeg, "name_contradicts_content"),
    "a photo named as program": Bad("ảnh.jpg.exe", samples.jpeg, "name_contradicts_content"),
    "GIF and HTML in one": Bad("a.gif", lambda: b"GIF89a/*" + SCRIPT, "kind_not_allowed"),
    "GIF and HTML named as JPEG": Bad("a.jpg", lambda: b"GIF89a/*" + SCRIPT, "kind_not_allowed"),
    "SVG with script": Bad("a.svg", lambda: b"<svg xmlns='x'><script>1</script></svg>", "kind_not_allowed"),
    "SVG behind a declaration": Bad("a.png", lambda: b"<?xml version='1.0'?><svg onload='x'/>", "kind_not_allowed"),
    "HTML named as photo": Bad("a.jpg", lambda: SCRIPT, "kind_not_allowed"),
    "50,000 x 50,000 pixels": Bad("a.png", lambda: png(50_000, 50_000), "too_many_pixels"),
    "a WebP canvas of 50,000 x 50,000": Bad("a.webp", webp_of_a_huge_canvas, "too_many_pixels"),
    "a picture of one line": Bad("a.png", lambda: png(20_000, 200, pixels=b""), "too_elongated"),
    "an icon": Bad("a.png", lambda: png(16, 16, pixels=rows(16, 16)), "too_few_pixels"),
    "a colour profile that is a bomb": Bad("a.png", icc_bomb, "damaged"),
    "a comment that is a bomb": Bad("a.png", text_bomb, "damaged"),
    "a header without pixels": Bad("a.png", lambda: png(400, 300), "damaged"),
    "a workbook bomb as photo": Bad("a.xlsx", workbook_bomb, "kind_not_allowed"),
}
HARMLESS_PICTURES = {
    "a photo with a place": Bad("a.jpg", lambda: samples.jpeg(exif=samples.exif_of_a_phone()), removed("metadata", "gps")),
    "JPEG and HTML in one": Bad("a.jpg", lambda: samples.jpeg() + SCRIPT, removed("trailing_data")),
    "JPEG and ZIP in one": Bad("a.jpg", lambda: samples.jpeg() + zipped(), removed("trailing_data")),
    "a JPEG with script as comment": Bad("a.jpg", lambda: samples.jpeg(comment=SCRIPT), removed("metadata")),
    "PNG and HTML in one": Bad(
        "a.png", lambda: samples.encoded(samples.photo(400, 300), "PNG") + SCRIPT, removed("trailing_data")
    ),
    "more pixels than promised": Bad("a.png", pixel_bomb, removed()),
    "an endless animation": Bad("a.webp", endless_animation, removed("animation")),
    "an animated PNG": Bad("a.png", animated_png, removed("animation")),
    "EXIF in a circle": Bad("a.jpg", exif_with_a_loop, removed("metadata")),
    "EXIF of nonsense": Bad("a.jpg", exif_of_nonsense, removed()),
    "CMYK": Bad("a.jpg", lambda: samples.encoded(samples.photo(400, 300).convert("CMYK"), "JPEG"), removed()),
    "16 bits a channel": Bad(
        "a.png", lambda: samples.encoded(Image.linear_gradient("L").resize((300, 300)).convert("I;16"), "PNG"), removed()
    ),
    "a PNG named JPEG": Bad("a.jpg", lambda: samples.encoded(samples.photo(400, 300), "PNG"), removed()),
    "no suffix": Bad("ảnh", samples.jpeg, removed()),
}
REFUSED_PAPERS = {
    "zero bytes": Bad("a.pdf", lambda: b"", "empty_file", "paper"),
    "a PDF cut in the middle": Bad("a.pdf", lambda: samples.paper(3)[:700], "damaged", "paper"),
    "only a header": Bad("a.pdf", lambda: b"%PDF-1.7\n%%EOF", "damaged", "paper"),
    "a header in front of HTML": Bad("a.pdf", lambda: b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF", "damaged", "paper"),
    "a PDF behind other bytes": Bad("a.pdf", lambda: b"GIF89a\n" + samples.paper(1), "kind_not_allowed", "paper"),
    "a PDF named as photo": Bad("a.jpg", lambda: samples.paper(1), "name_contradicts_content", "paper"),
    "a workbook as paper": Bad("a.xlsx", zipped, "kind_not_allowed", "paper"),
    "a workbook bomb as paper": Bad("a.pdf", workbook_bomb, "kind_not_allowed", "paper"),
    "PDF and ZIP in one": Bad("a.pdf", lambda: samples.paper(1) + zipped(), "polyglot", "paper"),
    "a password": Bad("a.pdf", encrypted("mở"), "encrypted_document", "paper"),
    "a lock without a password": Bad("a.pdf", encrypted(""), "encrypted_document", "paper"),
    "a script that runs at opening": Bad("a.pdf", on_root("/OpenAction", script), "active_content", "paper"),
    "a script by name": Bad("a.pdf", on_root("/Names", javascript_by_name), "active_content", "paper"),
    "a script far down": Bad("a.pdf", javascript_far_down, "active_content", "paper"),
    "a script spelt oddly": Bad("a.pdf", javascript_spelt_oddly, "active_content", "paper"),
    "a launch action": Bad(
        "a.pdf", annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="cmd.exe")), "active_content", "paper"
    ),
    "a form that sends": Bad(
        "a.pdf", annotated(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F="x")), "active_content", "paper"
    ),
    "a film": Bad("a.pdf", annotated(Subtype=Name.RichMedia), "active_content", "paper"),
    "an XFA form": Bad("a.pdf", on_root("/AcroForm", lambda pdf: Dictionary(XFA="x")), "active_content", "paper"),
    "an embedded file": Bad("a.pdf", with_an_attachment, "embedded_files", "paper"),
    "an attachment as note": Bad("a.pdf", annotated(Subtype=Name.FileAttachment), "embedded_files", "paper"),
    "10,000 pages": Bad("a.pdf", ten_thousand_pages, "too_many_pages", "paper"),
    "one page too many": Bad("a.pdf", lambda: samples.paper(61), "too_many_pages", "paper"),
    "pages in a circle": Bad("a.pdf", pages_in_a_circle, "damaged", "paper"),
    "arrays 100,000 deep": Bad("a.pdf", deep_arrays, "damaged", "paper"),
}
HARMLESS_PAPERS = {
    "a page without a size": Bad("a.pdf", page_without_size, removed(), "paper"),
    "a form that draws itself": Bad("a.pdf", form_that_draws_itself, removed(), "paper"),
    "a kilobyte that becomes 300 MB": Bad("a.pdf", pdf_bomb, removed(), "paper"),
    "bytes behind the end": Bad("a.pdf", lambda: samples.paper(1) + SCRIPT, removed("trailing_data"), "paper"),
    "a link": Bad("a.pdf", lambda: samples.paper(1, samples.link_to("https://example.invalid")), removed("links"), "paper"),
    "a paper sent as photo": Bad(
        "a.jpg", lambda: samples.jpeg(exif=samples.exif_of_a_phone()), removed("metadata", "gps"), "paper"
    ),
}
HUNGRY = {
    "the largest picture allowed": Bad("a.png", largest_picture, "too_complex"),
    "a JPEG of a thousand scans": Bad("a.jpg", many_scans, "too_complex"),
}
