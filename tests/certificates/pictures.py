"""PNG files written by hand: as large as a test wants, without the memory of a picture."""

from __future__ import annotations

import struct
import zlib


def one_colour_png(width_px: int, height_px: int, pixel: bytes = b"\xff\xff\xff\xff") -> bytes:
    """Return a PNG in which every pixel (red, green, blue, opacity) is the same."""
    return png_of([pixel * width_px] * height_px)


def png_of(rows: list[bytes]) -> bytes:
    """Return a PNG of these rows of four bytes a pixel: red, green, blue, opacity."""
    packer = zlib.compressobj(9)
    data = b"".join([packer.compress(b"\0" + row) for row in rows]) + packer.flush()
    header = struct.pack(">IIBBBBB", len(rows[0]) // 4, len(rows), 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
