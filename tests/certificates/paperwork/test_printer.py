"""The PDF printer opens nothing but its two faces and embedded data."""

from __future__ import annotations

import pytest

from certificates.paperwork.errors import ForbiddenAddress
from certificates.paperwork.pdf import PaperFetcher, Typesetter


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.css", "https://example.test/a.png", "ftp://example.test/a", "paper:bold"],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="protocol"):
        PaperFetcher().fetch(address)


def test_a_documents_own_pictures_are_served_under_their_names() -> None:
    fetcher = PaperFetcher({"photo:1": b"jpeg"})
    assert fetcher.fetch("photo:1").read() == b"jpeg"
    with pytest.raises(ValueError, match="protocol"):
        fetcher.fetch("photo:2")


def test_embedded_data_and_the_faces_are_served() -> None:
    fetcher = PaperFetcher()
    assert fetcher.fetch("data:text/plain;base64,YQ==").read() == b"a"
    assert fetcher.fetch("paper:regular").read()[:4] == b"\x00\x01\x00\x00"


def test_a_page_that_asks_for_a_file_is_not_printed() -> None:
    with pytest.raises(ForbiddenAddress, match="/etc/hostname"):
        Typesetter().lay_out('<body><img src="file:///etc/hostname" alt="tệp">')
