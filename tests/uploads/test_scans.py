import pytest

from tests.uploads import samples
from uploads.scans import without_metadata


def test_a_jpeg_loses_its_metadata_without_a_new_encoding():
    data = samples.jpeg(exif=samples.exif_of_a_phone(), comment=b"ghi ch\xc3\xba", xmp=b"<x:xmpmeta/>")
    bare = without_metadata(data)
    assert samples.opened(bare).tobytes() == samples.opened(data).tobytes()
    assert [mark in bare for mark in (b"Exif", b"ghi ch", b"xmpmeta", b"JFIF")] == [False, False, False, True]


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"GIF89a", b"\xff\xd8\xff\xe1\x00\x00" * 3])
def test_what_is_not_laid_out_like_a_jpeg_is_left_alone(data):
    assert without_metadata(data) == data
