"""How a server and its worker talk through a pipe: a JSON head and the blobs that it announces.

JSON and plain bytes on purpose: the worker reads hostile files, so nothing that it sends may be able to run here.
"""

from __future__ import annotations

import io
import json
import struct
from typing import Any

_LENGTH = struct.Struct(">I")
MAX_HEAD_BYTES = 4_000_000
MAX_BLOB_BYTES = 256_000_000
"""Most bytes of all blobs of one frame."""
_READ_BYTES = 1 << 20


class BrokenFrame(Exception):
    """The other side stopped in the middle, or announced what is not allowed."""


def write_frame(pipe: io.FileIO, head: dict[str, Any], blobs: list[bytes]) -> None:
    """Write one frame to an unbuffered pipe.

    Raises:
        OSError: the other side has gone.
    """
    text = json.dumps({"head": head, "blobs": [len(blob) for blob in blobs]}).encode()
    for part in (_LENGTH.pack(len(text)) + text, *blobs):
        rest = memoryview(part)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]


def read_frame(pipe: io.FileIO) -> tuple[dict[str, Any], list[bytes]]:
    """Return head and blobs of the next frame of an unbuffered pipe.

    Raises:
        EOFError: the pipe ended before a frame began.
        BrokenFrame: the frame is cut off, too large or no frame.
    """
    start = pipe.read(1)
    if not start:
        raise EOFError
    (length,) = _LENGTH.unpack(start + _read_exactly(pipe, _LENGTH.size - 1))
    if length > MAX_HEAD_BYTES:
        raise BrokenFrame("head too long")
    try:
        frame = json.loads(_read_exactly(pipe, length))
        head, sizes = dict(frame["head"]), [int(size) for size in frame["blobs"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenFrame("no frame") from error
    if any(size < 0 for size in sizes) or sum(sizes) > MAX_BLOB_BYTES:
        raise BrokenFrame("blobs too large")
    return head, [_read_exactly(pipe, size) for size in sizes]


def _read_exactly(pipe: io.FileIO, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        part = pipe.read(min(_READ_BYTES, length - len(data)))
        if not part:
            raise BrokenFrame("cut off")
        data += part
    return bytes(data)
