"""Scanned sheets: each page drawn, its QR codes read, its picture turned the way the code stands.

It runs inside a worker (`uploads.worker`). What the codes mean is the caller's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pypdfium2
import zxingcpp
from numpy.typing import NDArray

from uploads.errors import Damaged
from uploads.images import Encoded, from_raster, raster_of
from uploads.policy import SHEET_EDGE_PX, SHEET_PICTURE_PX

Pixels = NDArray[numpy.uint8]
"""Rows x columns x red, green, blue."""
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_TEXT_LETTERS = 200
"""More of a code than any of ours has is not kept."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The texts of the QR codes on a page, top first, and its picture, upright if there was a code to tell."""

    texts: tuple[str, ...]
    picture: Encoded


def read_pages(data: bytes, kind: str, numbers: Sequence[int]) -> tuple[ReadPage, ...]:
    """Read pages by number from 1 of a PDF that intake has cleaned; of a JPEG made at intake, the one page.

    Raises:
        Damaged: the file cannot be drawn or has no such page.
    """
    if kind != "pdf":
        pixels, (width, height) = raster_of(data, SHEET_EDGE_PX)
        return (_read(numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 3), "page_1"),)
    try:
        with pypdfium2.PdfDocument(data) as document:
            return tuple(_read(_drawn(document[number - 1]), f"page_{number}") for number in numbers)
    except (pypdfium2.PdfiumError, IndexError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Damaged(kind="pdf") from error


def _drawn(page: pypdfium2.PdfPage) -> Pixels:
    bitmap = page.render(scale=SHEET_EDGE_PX / max(page.get_size()), rev_byteorder=True, may_draw_forms=False)
    try:
        return numpy.array(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()
        page.close()


def _read(pixels: Pixels, name: str) -> ReadPage:
    codes = sorted(zxingcpp.read_barcodes(_grey(pixels), formats=_QR), key=_height)
    upright = numpy.ascontiguousarray(numpy.rot90(pixels, round(codes[0].orientation / 90))) if codes else pixels
    rows, columns, _colours = upright.shape
    picture = from_raster(name, upright.tobytes(), (columns, rows), columns * 3, SHEET_PICTURE_PX)
    return ReadPage(tuple(code.text[:_TEXT_LETTERS] for code in codes), picture)


def _grey(pixels: Pixels) -> Pixels:
    """The green of a scan: what is printed black and stamped red stays dark, paper stays light."""
    return numpy.ascontiguousarray(pixels[:, :, 1])


def _height(code: Any) -> int:
    return int(code.position.top_left.y)
