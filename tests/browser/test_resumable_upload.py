"""Photos over a 3G line in a real browser: a broken line or a reload costs a piece, never the photo."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from app.infra.toolbox import toolbox
from tests.app.conftest import app, database_url, session, template
from tests.browser.facility_desk import THREE_G, BrowserDesk, open_page, serving
from tests.chromium import CHROMIUM
from uploads.intake import receive
from uploads.policy import PHOTO

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
__all__ = ["app", "database_url", "session", "template"]
TIMED_UPLOAD = """async () => {
  const bytes = new Uint8Array(120_000), body = new FormData();
  body.append("photos", new Blob([bytes]), "a.jpg");
  const begun = performance.now(), answer = await fetch(location.href + "/them", { method: "POST", body });
  return [answer.status, bytes.length, (performance.now() - begun) / 1000];
}"""
"""A form without its token: it is read to its end before it is refused. Status, bytes sent, seconds until the answer."""
PIECES = "**/tai-len/*"
COMPLETION = "**/tai-len/*/xong"


@pytest.fixture
def desk(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserDesk]:
    with serving(app, session, monkeypatch) as made:
        yield made


@pytest.fixture
def page(desk: BrowserDesk) -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        opened = open_page(play, desk, viewport={"width": 390, "height": 844})
        opened.goto(f"{desk.base}/anh")
        yield opened
        opened.context.browser.close()


def photo(width: int, height: int, *, orientation: int = 1) -> bytes:
    """A picture with so much detail that it takes some 3G seconds."""
    grain = Image.effect_noise((width // 8, height // 8), 90).resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    grain.save(target, "JPEG", quality=85, exif=exif)
    return target.getvalue()


def choose(page: Any, data: bytes, name: str = "Ảnh giỏ cói.jpg") -> None:
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "image/jpeg", "buffer": data})


def throttle(page: Any) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", THREE_G)


def wait_until_sent(page: Any) -> None:
    page.wait_for_selector(".file-list .is-sent")


class Line:
    """The line to the server: counts the pieces and breaks where it is told."""

    def __init__(self, *, breaks_before: set[int], loses_answer_of: set[int]) -> None:
        self.pieces: list[int] = []
        self.completions: list[str] = []
        self.breaks_before = breaks_before
        self.loses_answer_of = loses_answer_of

    def carry(self, route: Any) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        number = len(self.pieces)
        self.pieces.append(int(route.request.headers["upload-offset"]))
        if number in self.breaks_before:
            return route.abort("connectionreset")
        if number in self.loses_answer_of:
            route.fetch()
            return route.abort("connectionreset")
        return route.continue_()

    def complete(self, route: Any) -> None:
        self.completions.append(route.request.post_data_json["sha256"])
        if len(self.completions) > 1:
            return route.continue_()
        route.fetch()
        return route.abort("connectionreset")


def test_the_throttled_line_is_a_throttled_line(page: Any) -> None:
    throttle(page)
    status, size, took = page.evaluate(TIMED_UPLOAD)
    assert status == 400
    assert took >= 0.8 * size / THREE_G["uploadThroughput"], "a second and more; without the profile, hundredths of it"


def test_an_upload_on_3g_goes_on_after_the_line_broke_and_is_stored_once(desk: BrowserDesk, page: Any) -> None:
    data = photo(1600, 1200)
    line = Line(breaks_before={1}, loses_answer_of={2})
    page.route(PIECES, line.carry)
    page.route(COMPLETION, line.complete)
    throttle(page)
    choose(page, data)
    wait_until_sent(page)
    assert line.completions == [hashlib.sha256(data).hexdigest()] * 2, "the first answer was lost on its way"
    assert line.pieces[0] == 0
    assert line.pieces[1] == line.pieces[2] > 0
    assert len(set(line.pieces)) == len(line.pieces) - 1
    [stored] = desk.photos()
    expected = receive(io.BytesIO(data), "anh.jpg", PHOTO, toolbox().storage)
    assert (stored.sha256, stored.filename) == (expected.sha256, "Ảnh giỏ cói.jpg")
    assert toolbox().partials.of_owner(f"user-{desk.person.id}/entry-{desk.entry.id}") == []


def test_a_reload_in_the_middle_goes_on_by_itself_from_the_last_piece(desk: BrowserDesk, page: Any) -> None:
    data = photo(1600, 1200)
    page.route(PIECES, Line(breaks_before=set(range(1, 99)), loses_answer_of=set()).carry)
    choose(page, data)
    page.wait_for_selector(".file-list button")
    page.goto("about:blank")  # so that no piece goes out while the line is mended
    page.unroute(PIECES)
    line = Line(breaks_before=set(), loses_answer_of=set())
    page.route(PIECES, line.carry)
    page.go_back()
    wait_until_sent(page)
    assert line.pieces[0] == 128 * 1024
    [stored] = desk.photos()
    expected = receive(io.BytesIO(data), "anh.jpg", PHOTO, toolbox().storage)
    assert stored.sha256 == expected.sha256
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator(".file-list li").count() == 0


def scan(megabytes: float) -> bytes:
    """A PDF of one scanned page, about so large: some 3G seconds."""
    side = int((megabytes * 500_000) ** 0.5)
    target = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(target, "PDF", quality=95, resolution=72.0)
    return target.getvalue()


def test_a_paper_on_3g_goes_on_after_a_break_and_is_saved_with_its_form(desk: BrowserDesk, page: Any) -> None:
    data = scan(0.6)
    line = Line(breaks_before={1}, loses_answer_of={2})
    page.goto(f"{desk.base}/giay-to")
    page.route(PIECES, line.carry)
    throttle(page)
    form = page.locator("#business_registration form").last
    chosen = {"name": "Giấy đăng ký.pdf", "mimeType": "application/pdf", "buffer": data}
    form.locator("input[type=file]").set_input_files(chosen)
    form.locator("progress").wait_for()
    for name, typed in (("number", "01/HKD"), ("issuer", "Phòng Tài chính"), ("issued_on", "2024-05-01")):
        form.locator(f"[name={name}]").fill(typed)
    form.get_by_role("button", name="Lưu giấy tờ").click()
    page.wait_for_url("**/giay-to#business_registration")
    assert line.pieces[1] == line.pieces[2] > 0
    [stored] = desk.papers()
    assert (stored.filename, stored.number, stored.file.pages) == ("Giấy đăng ký.pdf", "01/HKD", 1)


def test_a_paper_that_was_sent_waits_for_its_form_over_a_reload(desk: BrowserDesk, page: Any) -> None:
    page.goto(f"{desk.base}/giay-to")
    form = page.locator("#business_registration form").last
    chosen = {"name": "Giấy đăng ký.pdf", "mimeType": "application/pdf", "buffer": scan(0.2)}
    form.locator("input[type=file]").set_input_files(chosen)
    form.locator(".is-sent").wait_for()
    page.reload()
    form.locator(".is-sent").wait_for()
    assert form.locator("[name=upload_id]").input_value() != ""
    assert page.locator(".file-list li").count() == 1


def test_a_large_photo_is_brought_down_upright_before_it_is_sent(desk: BrowserDesk, page: Any) -> None:
    data = photo(4000, 3000, orientation=6)
    announced: list[int] = []
    page.on("request", lambda sent: sent.url.endswith("/tai-len") and announced.append(sent.post_data_json["bytes"]))
    choose(page, data)
    wait_until_sent(page)
    assert announced[0] < len(data)
    [stored] = desk.photos()
    assert (stored.file.width, stored.file.height) == (2250, 3000)


def test_what_cannot_be_decoded_here_is_sent_as_it_is_and_refused_with_a_sentence(desk: BrowserDesk, page: Any) -> None:
    files = toolbox().settings.instance / "files"
    before = sorted(path for path in files.rglob("*") if path.is_file())
    choose(page, b"\xff\xd8\xff\xe0 not a picture at all", "hong.jpg")
    page.wait_for_selector(".file-list .has-error")
    assert "JPEG" in page.locator(".file-list .has-error").inner_text()
    assert desk.photos() == []
    assert sorted(path for path in files.rglob("*") if path.is_file()) == before
    partial = toolbox().settings.instance / "partial"
    assert [path for path in partial.rglob("*") if path.is_file()] == []


def test_the_plain_form_adds_a_photo_without_scripts(desk: BrowserDesk) -> None:
    with playwright.sync_playwright() as play:
        opened = open_page(play, desk, java_script_enabled=False)
        opened.goto(f"{desk.base}/anh")
        choose(opened, photo(640, 480))
        opened.get_by_role("button", name="Thêm ảnh", exact=True).click()
        opened.wait_for_selector("[data-photo-list] li")
        opened.context.browser.close()
    assert len(desk.photos()) == 1
