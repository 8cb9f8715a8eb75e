"""The pattern page in a real browser: axe finds nothing, nothing overflows, no script breaks the content policy."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.chromium import CHROMIUM, browser, context

axe = pytest.importorskip("axe_core_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()


def test_the_pattern_page_is_clean_at_three_widths_in_light_and_dark(address: str) -> None:
    with browser() as started:
        for width, scheme in ((1440, "light"), (390, "dark"), (1024, "light")):
            page = context(started, viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert [text for text in said if "405" not in text] == []  # the sample job has nobody to ask
            if width == 1024:
                continue
            found = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in axe.Axe().run(page)["violations"]]
            assert (width, scheme, found) == (width, scheme, [])
            page.close()


def test_a_dialog_opens_closes_and_asks_for_the_typed_name(address: str) -> None:
    with browser() as started:
        page = context(started).new_page()
        page.goto(address)
        page.get_by_role("button", name="Thu hồi").first.click()
        dialog = page.locator("#hoi-huy")
        assert dialog.evaluate("d => d.open") is True
        button = dialog.get_by_role("button", name="Thu hồi")
        assert button.is_disabled()
        dialog.get_by_role("textbox").fill("00017/GCN-2026")
        assert button.is_enabled()
        page.keyboard.press("Escape")
        assert dialog.evaluate("d => d.open") is False


def test_without_scripts_the_dialog_opens_by_its_address(address: str) -> None:
    with browser() as started:
        page = context(started, java_script_enabled=False).new_page()
        page.goto(address + "#hoi-nhac")
        assert page.locator("#hoi-nhac").is_visible()


def test_picking_rows_shows_the_bar_and_counts(address: str) -> None:
    with browser() as started:
        page = context(started).new_page()
        page.goto(address)
        assert page.locator("[data-bulk]").is_hidden()
        page.locator("[data-pick]").nth(0).check()
        page.locator("[data-pick]").nth(2).click(modifiers=["Shift"])
        assert page.locator("[data-bulk-count]").inner_text() == "Đã chọn 3"


def test_a_press_and_a_tick_before_the_scripts_came_are_kept(address: str) -> None:
    with browser() as started:
        page, held = started.new_page(), []  # a page that waits for no script
        page.route("**/dialogs.js", lambda route: held.append(route))
        page.route("**/tables.js", lambda route: held.append(route))
        with page.expect_request("**/dialogs.js"), page.expect_request("**/tables.js"):
            page.goto(address)
        page.locator("[data-pick-all]").check()
        page.locator(".btn[data-dialog=hoi-huy]:visible").first.click()
        assert page.locator("dialog[open]").count() == 0
        for route in held:
            route.continue_()
        page.wait_for_selector("#hoi-huy[open]")
        assert {box.is_checked() for box in page.locator("[data-pick]").all()} == {True}


def test_marks_are_summed_exactly_and_one_over_the_maximum_is_marked(address: str) -> None:
    with browser() as started:
        page = context(started).new_page()
        page.goto(address)
        page.locator("#m1").fill("30,5")
        page.locator("#m21").fill("0,5")
        page.locator("#m3").fill("10")
        assert page.locator("#m2").input_value() == "18,5"
        assert page.locator("[data-total]").inner_text().split()[0] == "59,0"
        page.locator("#m3").fill("10,5")
        assert page.locator("#m3").get_attribute("aria-invalid") == "true"
        page.locator("#m3").fill("9,7")
        assert page.locator("#m3").get_attribute("aria-invalid") == "true"


def test_a_chosen_theme_stays_after_the_page_is_read_again(address: str) -> None:
    with browser() as started:
        page = context(started, color_scheme="light").new_page()
        page.goto(address)
        page.wait_for_selector("[data-theme-choice=auto][aria-pressed=true]")
        page.get_by_role("button", name="Tối").click()
        page.reload()
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 23, 29)"
        page.get_by_role("button", name="Theo máy").click()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
