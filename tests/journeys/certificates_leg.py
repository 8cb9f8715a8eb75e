"""The last legs: certificates by one press, the paper itself, and anybody who checks it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.journeys.walk import FACILITY, GIANG, ORDER_NUMBER, PRODUCT, Walk, press, text_of, tool

RECOGNISED = 2


def issues(walk: Walk) -> dict[str, Path]:
    """One press, a bar that fills, and three downloads: one certificate, all of them, the print file."""
    page = walk.sign_in(GIANG)
    walk.open(page, f"/to-giup-viec/dot/{walk.round_id}/giay-chung-nhan")
    press(page, "Cấp giấy chứng nhận", within="main form")
    page.locator("a:has-text('Tải tất cả (ZIP)')").wait_for()
    row = page.locator("tbody tr", has_text=PRODUCT)
    found = {
        "one": _download(walk, page, row.locator("a:has-text('PDF')").first, "giay.pdf"),
        "zip": _download(walk, page, page.locator("a:has-text('Tải tất cả (ZIP)')"), "tat-ca.zip"),
    }
    press(page, "Tệp cho nhà in")
    found["print"] = _download(walk, page, page.locator("main td a:has-text('Tải PDF')").first, "in.pdf")
    page.context.close()
    return found


def paper_is_right(files: dict[str, Path]) -> None:
    """Every letter, every font, every page."""
    text = " ".join(tool("pdftotext", "-layout", str(files["one"]), "-").split())
    assert PRODUCT in text
    assert ORDER_NUMBER in text
    assert re.search(r"Số: \S+", text)
    for name in ("one", "print"):
        _fonts_are_embedded(files[name])
    assert f"Pages: {RECOGNISED}" in " ".join(tool("pdfinfo", str(files["print"])).split())
    with zipfile.ZipFile(files["zip"]) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(names) == RECOGNISED
        assert files["one"].read_bytes() in [archive.read(name) for name in names]


def guest_verifies(walk: Walk, file: Path) -> None:
    """The QR opens a page with the state and every printed field; the file's bytes are checked in the browser."""
    address = _qr_of(file, walk.folder)
    assert address.startswith(f"{walk.server.url}/gcn/")
    page = walk.guest(phone=True)
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok
    shown = text_of(page)
    assert "CÒN HIỆU LỰC" in shown.upper()
    printed = " ".join(tool("pdftotext", "-layout", str(file), "-").split())
    for term in page.locator("main dl.facts dd").all_inner_texts():
        _is_printed(term, printed)
    for part in (PRODUCT, FACILITY, ORDER_NUMBER):
        assert part in shown
    _bytes_are_checked(page, file)
    page.context.close()


def _bytes_are_checked(page: Page, file: Path) -> None:
    genuine = file.read_bytes()
    altered = genuine[:-1] + bytes([genuine[-1] ^ 1])
    for content, words in ((genuine, "Đúng bản đã phát hành."), (altered, "Không phải bản đã phát hành")):
        page.locator("[data-file-check] input").set_input_files(
            [{"name": "giay.pdf", "mimeType": "application/pdf", "buffer": content}]
        )
        page.locator("[data-file-answer]", has_text=words).wait_for()


def _is_printed(term: str, text: str) -> None:
    """Word by word: a field may stand on two lines, and in capitals."""
    missing = [word for word in term.split() if word.casefold() not in text.casefold()]
    assert not missing, (term, missing)


def _qr_of(file: Path, folder: Path) -> str:
    tool("pdftoppm", "-r", "200", "-png", "-singlefile", str(file), str(folder / "giay"))
    return tool("zbarimg", "--quiet", "--raw", str(folder / "giay.png")).strip()


def _fonts_are_embedded(file: Path) -> None:
    lines = tool("pdffonts", str(file)).splitlines()[2:]
    assert lines
    for line in lines:
        embedded = re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$", line)
        assert embedded, line
        assert embedded[1] == "yes", line


def _download(walk: Walk, page: Page, link: Locator, name: str) -> Path:
    with page.expect_download() as download:
        link.click()
    file = walk.folder / name
    download.value.save_as(file)
    return file
