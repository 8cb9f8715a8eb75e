"""Pictures and papers made by code: no file of a camera or a scanner lies in the repository."""

import io
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()


@lru_cache(maxsize=32)
def photo(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture with soft light, sharp shapes and a little noise, like a product on a table; the same for the same seed."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3))
    picture = small.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(30):
        x, y = chance.randrange(width), chance.randrange(height)
        box = (x, y, x + width // chance.randrange(6, 14), y + height // chance.randrange(6, 14))
        draw.ellipse(box, fill=tuple(chance.randbytes(3)), outline=tuple(chance.randbytes(3)))
    return picture


def encoded(picture: Image.Image, file_format: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def jpeg(width: int = 800, height: int = 600, seed: int = 1, **options: Any) -> bytes:
    return encoded(photo(width, height, seed), "JPEG", quality=88, **options)


def exif_of_a_phone(orientation: int = 1) -> Image.Exif:
    """What a phone writes: its make, the way it was held and where it stood."""
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh thử"
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (16.0, 3.0, 0.0), "E", (108.0, 12.0, 0.0)
    return exif


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def paper(pages: int = 2, change: Callable[[pikepdf.Pdf], None] | None = None, **save: Any) -> bytes:
    """An A4 paper with a word on each page; `change` may spoil it before it is saved."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(1, pages + 1):
            pdf.add_blank_page(page_size=(595, 842))
            page = pdf.pages[-1]
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(b"BT /F1 40 Tf 72 700 Td (Trang %d) Tj ET" % number)
        if change is not None:
            change(pdf)
        target = io.BytesIO()
        pdf.save(target, **save)
        return target.getvalue()


def scan(pdf: pikepdf.Pdf, picture: bytes, size: tuple[int, int], **entries: Any) -> None:
    """Put a JPEG over the whole of the first page, as a scanner does."""
    values = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": Name.DCTDecode, **entries}
    image = Stream(pdf, picture, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], **values)
    page = pdf.pages[0]
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image)))
    page.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")


def link_to(address: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.URI, URI=address)
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    return change
