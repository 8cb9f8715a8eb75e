"""Pictures inside a PDF: stripped of camera data, and brought down where a scan wastes bytes.

Office scanners deliver pages of 300 or 600 dpi, phones glue 12-megapixel photos into a PDF. An image that has more than
`SCAN_DPI` dots per inch even if it filled its whole page is brought down to that; one that is drawn smaller keeps more.
Bilevel scans (CCITT, JBIG2) are small already and stay.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Page, Pdf, PdfError, Stream

from uploads import images
from uploads.policy import SCAN_DPI

_WORTH_SCALE = 0.85
"""A smaller reduction is not worth a second encoding."""
_WORTH_BYTES = 0.7
"""The new stream must be at most so large in proportion to the old one."""
_MAX_RASTER_BYTES = 120_000_000
_QUALITY = 75

Key = tuple[int, int]


def clean_pictures(pdf: Pdf) -> set[str]:
    """Strip and shrink the image streams of a document in place; return the codes of what was done."""
    stripped = [_strip(one) for one in pdf.objects if isinstance(one, Stream) and one.get("/Subtype") == Name.Image]
    shrunk = [_shrink(pdf.get_object(key), *inches) for key, inches in _places(pdf).items()]
    return {code for code, done in (("metadata", any(stripped)), ("oversampling", any(shrunk))) if done}


def _places(pdf: Pdf) -> dict[Key, tuple[float, float]]:
    """Return for each image stream the long and short edge, in inches, of the largest page that shows it."""
    places: dict[Key, tuple[float, float]] = {}
    for page in pdf.pages:
        edges = _page_inches(page)
        for image in page.get_images().values():
            key = image.objgen
            places[key] = max(places.get(key, edges), edges)
    return places


def _page_inches(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    unit = float(page.obj.get("/UserUnit", 1)) / 72
    width, height = abs(right - left) * unit, abs(top - bottom) * unit
    return max(width, height), min(width, height)


def _strip(stream: Any) -> bool:
    if _filters(stream) != [Name.DCTDecode]:
        return False
    data = stream.read_raw_bytes()
    bare = without_metadata(data)
    if len(bare) == len(data):
        return False
    _replace(stream, bare)
    return True


def _shrink(stream: Any, long_in: float, short_in: float) -> bool:
    mode = _mode(stream)
    size = (int(stream.get("/Width", 0)), int(stream.get("/Height", 0)))
    if mode is None or min(size) < 1:
        return False
    scale = max(long_in * SCAN_DPI / max(size), short_in * SCAN_DPI / min(size))
    made = _made(stream, mode, size, scale) if scale < _WORTH_SCALE else None
    if made is None or len(made[0]) > _WORTH_BYTES * len(stream.read_raw_bytes()):
        return False
    _replace(stream, made[0])
    stream.Width, stream.Height = made[1]
    return True


def _made(stream: Any, mode: str, size: images.Size, scale: float) -> tuple[bytes, images.Size] | None:
    filters = _filters(stream)
    if filters == [Name.DCTDecode]:
        return images.shrunk_jpeg(stream.read_raw_bytes(), scale, _QUALITY)
    if filters == [Name.FlateDecode] and size[0] * size[1] * len(mode) <= _MAX_RASTER_BYTES:
        try:
            return images.shrunk_raster(stream.read_bytes(), mode, size, scale, _QUALITY)
        except PdfError:
            return None
    return None


def _mode(stream: Any) -> str | None:
    """Return `L` or `RGB` for a plain 8-bit image, `None` for whatever must not be re-encoded blindly."""
    if int(stream.get("/BitsPerComponent", 0)) != 8 or "/Decode" in stream or isinstance(stream.get("/Mask"), Array):
        return None
    space = stream.get("/ColorSpace")
    if isinstance(space, Array) and len(space) == 2 and space[0] == Name.ICCBased and isinstance(space[1], Stream):
        return {1: "L", 3: "RGB"}.get(int(space[1].get("/N", 0)))
    return {"/DeviceGray": "L", "/DeviceRGB": "RGB"}.get(str(space)) if isinstance(space, Name) else None


def _filters(stream: Any) -> list[Any]:
    found = stream.get("/Filter", Array([]))
    return list(found) if isinstance(found, Array) else [found]


def _replace(stream: Any, jpeg: bytes) -> None:
    stream.write(jpeg, filter=Name.DCTDecode, decode_parms=None)
    if isinstance(stream.get("/DecodeParms"), (Array, Dictionary)):
        del stream.DecodeParms


def without_metadata(data: bytes) -> bytes:
    """Return a JPEG without comments and application segments (EXIF, XMP, IPTC), its picture untouched.

    JFIF and Adobe segments stay, since they say how the colours are meant. What is not laid out like a JPEG is returned
    as it came.
    """
    kept, at = bytearray(data[:2]), 2
    while data[:2] == b"\xff\xd8" and at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            return bytes(kept) + data[at:]
        if not (marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)):
            kept += data[at : at + 2 + length]
        at += 2 + length
    return data
