import io
import json
import os
import struct

import pytest

from uploads.frames import MAX_BLOB_BYTES, MAX_HEAD_BYTES, BrokenFrame, read_frame, write_frame


def read(data: bytes):
    """Read a frame from a real pipe whose other end is closed."""
    reader, writer = os.pipe()
    with io.FileIO(writer, "w") as target:
        target.write(data)
    with io.FileIO(reader, "r") as source:
        return read_frame(source)


def frame(head: object, blobs: object, rest: bytes = b"") -> bytes:
    text = json.dumps({"head": head, "blobs": blobs}).encode()
    return struct.pack(">I", len(text)) + text + rest


def test_a_frame_comes_back_as_it_was_written(tmp_path):
    with io.FileIO(tmp_path / "frame", "w+") as pipe:
        write_frame(pipe, {"task": "ảnh", "n": 1}, [b"", b"abc", b"\0" * 70_000])
        pipe.seek(0)
        assert read_frame(pipe) == ({"task": "ảnh", "n": 1}, [b"", b"abc", b"\0" * 70_000])


def test_a_closed_pipe_is_an_end_not_a_fault():
    with pytest.raises(EOFError):
        read(b"")


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"\0\0\0\x05{}",
        struct.pack(">I", MAX_HEAD_BYTES + 1),
        b"\0\0\0\x02[]",
        b"\0\0\0\x02{}",
        b"\0\0\0\x03\xff\xfe\xfd",
        frame([1], []),
        frame({}, "abc"),
        frame({}, [3], b"ab"),
        frame({}, [-1]),
        frame({}, [MAX_BLOB_BYTES, 1]),
    ],
)
def test_what_is_cut_off_or_announces_nonsense_is_broken(data):
    with pytest.raises(BrokenFrame):
        read(data)
