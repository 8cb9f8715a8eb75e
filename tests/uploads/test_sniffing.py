import pytest

from tests.uploads import samples
from tests.uploads.bad_input import zipped
from uploads.errors import EmptyFile, KindNotAllowed, NameContradictsContent, Polyglot, UnknownKind
from uploads.policy import PAPER, PHOTO
from uploads.sniffing import admit, sniff


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("jpeg", samples.jpeg()),
        ("png", samples.encoded(samples.photo(50, 40), "PNG")),
        ("webp", samples.encoded(samples.photo(50, 40), "WEBP")),
        ("heic", samples.encoded(samples.photo(64, 64), "HEIF")),
        ("avif", samples.encoded(samples.photo(64, 64), "AVIF")),
        ("gif", samples.encoded(samples.photo(50, 40), "GIF")),
        ("tiff", samples.encoded(samples.photo(50, 40), "TIFF")),
        ("bmp", samples.encoded(samples.photo(50, 40), "BMP")),
        ("pdf", samples.paper(1)),
        ("zip", zipped()),
        ("svg", b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<!-- x --><SVG>"),
        ("html", b"  <!DOCTYPE html><p>"),
        ("program", b"MZ\x90\x00"),
    ],
)
def test_a_kind_is_told_by_its_bytes(kind, data):
    assert sniff(data) == kind


@pytest.mark.parametrize("data", [b"x", b"\n%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypmp42", "Xin chào".encode()])
def test_what_is_not_known_is_not_guessed(data):
    with pytest.raises(UnknownKind):
        sniff(data)


def test_nothing_is_no_kind():
    with pytest.raises(EmptyFile):
        sniff(b"")


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.png", "a.heic", "a", "Ảnh chụp 2026.07.01"])
def test_a_picture_may_be_named_as_any_picture(name):
    assert admit(samples.jpeg(), name, PHOTO) == "jpeg"


@pytest.mark.parametrize("name", ["a.pdf", "a.html", "a.svg", "a.exe", "a.php"])
def test_a_picture_may_not_be_named_as_something_else(name):
    with pytest.raises(NameContradictsContent) as caught:
        admit(samples.jpeg(), name, PHOTO)
    assert caught.value.values() == {"suffix": name[1:], "kind": "jpeg"}


def test_a_slot_takes_its_own_kinds_only():
    assert admit(samples.paper(1), "a.pdf", PAPER) == "pdf"
    with pytest.raises(KindNotAllowed) as caught:
        admit(samples.paper(1), "a.pdf", PHOTO)
    assert caught.value.sentence == "Mục này không nhận tệp loại PDF. Hãy gửi ảnh JPEG, PNG, WebP hoặc HEIC."


def test_a_pdf_that_is_an_archive_too_is_refused():
    with pytest.raises(Polyglot) as caught:
        admit(samples.paper(1) + zipped(), "a.pdf", PAPER)
    assert caught.value.values() == {"kind": "pdf", "also": "zip"}
