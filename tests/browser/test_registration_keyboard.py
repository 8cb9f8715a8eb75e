"""A product is registered on a 390 px screen with the keyboard alone, from the first field to the submission."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState
from app.infra.database import db
from app.models.entry import Entry
from tests.app import make
from tests.app.conftest import app, database_url, session, template
from tests.app.registering import draft, fill
from tests.browser.facility_desk import BrowserDesk, open_page, serving
from tests.chromium import CHROMIUM

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
__all__ = ["app", "database_url", "session", "template"]

FOCUSED = """() => { const at = document.activeElement; return {
  tag: at.tagName, type: at.type || "", name: at.name || "", id: at.id, text: (at.textContent || "").trim(),
  value: at.value || "", mode: at.inputMode || "", checked: !!at.checked,
  inForm: !!at.closest("main form"), seen: at.checkVisibility({ visibilityProperty: true }),
} }"""
STEPS_AT_MOST = 150


@pytest.fixture
def desk(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserDesk]:
    with serving(app, session, monkeypatch) as made:
        yield made


@pytest.fixture
def page(desk: BrowserDesk) -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        opened = open_page(play, desk, viewport={"width": 390, "height": 844})
        # A listener from the start: one that comes with the key press may come too late on a busy machine.
        opened.on("filechooser", lambda _chooser: None)
        yield opened
        opened.context.browser.close()


def picture(number: int) -> dict[str, Any]:
    target = io.BytesIO()
    Image.effect_noise((1300, 1900), 40 + 30 * number).save(target, "JPEG", quality=60)
    return {"name": f"ảnh {number}.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def focused(page: Any) -> dict[str, Any]:
    return dict(page.evaluate(FOCUSED))


def tab_to(page: Any, **wanted: str) -> dict[str, Any]:
    """Press Tab until the focus is on what is wanted; what is focused must be seen."""
    for _step in range(STEPS_AT_MOST):
        page.keyboard.press("Tab")
        at = focused(page)
        if all(at[name] == value for name, value in wanted.items()):
            assert at["seen"], f"{at} has the focus and is hidden"
            return at
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Any, button: str) -> None:
    """Go to a button and press Enter, which opens another page."""
    tab_to(page, text=button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill_by_tab(page: Any, button: str) -> None:
    """Answer whatever the focus meets in the form, then press its button."""
    for _step in range(STEPS_AT_MOST):
        page.keyboard.press("Tab")
        at = focused(page)
        if at["text"] == button:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if at["inForm"]:
            answer(page, at)
    raise AssertionError(f"the keyboard does not reach {button}")


def answer(page: Any, at: dict[str, Any]) -> None:
    if at["type"] == "radio":
        page.keyboard.press("Space")
    elif at["type"] in ("text", "textarea") and not at["value"]:
        page.keyboard.type("12" if at["mode"] else "Câu trả lời mẫu của cơ sở")


def pick_files(page: Any, files: Any, **wanted: str) -> None:
    tab_to(page, type="file", **wanted)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(files)


def entry_of(desk: BrowserDesk, name: str) -> Entry:
    db.session.rollback()
    return desk.session.scalars(select(Entry).join(Entry.product).where(Entry.product.has(name=name))).one()


def test_a_product_is_registered_from_the_first_field_to_the_submission(desk: BrowserDesk, page: Any) -> None:
    page.goto(f"{desk.site}/co-so/{desk.facility.id}/dang-ky/{desk.round.id}")
    tab_to(page, name="name")
    page.keyboard.type("Khay mây mẫu")
    tab_to(page, name="form")
    page.keyboard.press("Space")
    tab_to(page, name="group_code")
    page.keyboard.press("Space")
    press(page, "Tạo hồ sơ")
    base = f"{desk.site}/co-so/ho-so/{entry_of(desk, 'Khay mây mẫu').id}"
    page.goto(f"{base}/thuyet-minh")
    while "/thuyet-minh/" in page.url:
        before = page.url
        fill_by_tab(page, "Lưu và sang phần tiếp")
        assert page.url != before, page.locator(".error-summary").inner_text()
    assert page.url == f"{base}/anh"
    pick_files(page, [picture(number) for number in range(3)])
    page.wait_for_selector(".file-list .is-sent:nth-child(3)")
    page.wait_for_selector("[data-sortable] > li:nth-child(3)")
    press(page, "Sang giấy tờ")
    pick_files(page, picture(7), id="business_registration-file")
    for name, value in (("number", "01/HKD"), ("issuer", "Phòng Tài chính"), ("issued_on", "05042024")):
        tab_to(page, id=f"business_registration-{name}")
        page.keyboard.type(value)
    press(page, "Lưu giấy tờ")
    assert page.locator("#business_registration .rows li").count() == 1
    press(page, "Sang xem lại và nộp")
    for box in page.locator("main input[type=checkbox]").all():
        tab_to(page, id=box.get_attribute("id"))
        page.keyboard.press("Space")
    press(page, "Nộp hồ sơ")
    handed_in = entry_of(desk, "Khay mây mẫu")
    assert (handed_in.state, bool(handed_in.code)) == (EntryState.SUBMITTED, True)


def test_photos_change_places_by_keyboard_and_the_focus_stays_with_the_photo(desk: BrowserDesk, page: Any) -> None:
    session = desk.session
    entry = draft(session, make.acting(session, desk.person), desk.round, desk.facility, name="Rổ tre mẫu")
    fill(session, make.acting(session, desk.person), entry)
    session.commit()
    page.goto(f"{desk.site}/co-so/ho-so/{entry.id}/anh")
    first, second, third = page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)")
    tab_to(page, text="Ra sau")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{second}:first-child")
    page.wait_for_selector(f"#{first} button:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{first}:last-child")
    page.reload()
    order = page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)")
    assert order == [second, third, first]


def test_nothing_is_wider_than_the_phone(desk: BrowserDesk, page: Any) -> None:
    for path in ("san-pham", "thuyet-minh", "anh", "giay-to", "xem-lai"):
        page.goto(f"{desk.base}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def test_photos_change_places_by_dragging(desk: BrowserDesk, page: Any) -> None:
    session = desk.session
    entry = draft(session, make.acting(session, desk.person), desk.round, desk.facility, name="Rổ tre mẫu")
    fill(session, make.acting(session, desk.person), entry)
    session.commit()
    page.set_viewport_size({"width": 1440, "height": 1800})
    page.goto(f"{desk.site}/co-so/ho-so/{entry.id}/anh")
    first, second, third = page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)")
    drag(page, f"#{first} img", f"#{third} img", over=third)
    page.wait_for_selector(f"#{first}:last-child")
    page.reload()
    order = page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)")
    assert order == [second, third, first]


def drag(page: Any, source: str, target: str, *, over: str) -> None:
    """Take a photo by its picture and let it go on another, which is marked while it is pointed at."""
    begin, end = (page.locator(where).bounding_box() for where in (source, target))
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    for step in range(STEPS_AT_MOST):  # the browser may skip moves while it is busy
        page.mouse.move(end["x"] + end["width"] / 2 + step % 5, end["y"] + end["height"] / 2)
        if page.locator(f"#{over}.is-over").count():
            break
    page.mouse.up()


def test_a_move_on_a_broken_line_is_told_and_changes_nothing(desk: BrowserDesk, page: Any) -> None:
    session = desk.session
    entry = draft(session, make.acting(session, desk.person), desk.round, desk.facility, name="Rổ tre mẫu")
    fill(session, make.acting(session, desk.person), entry)
    session.commit()
    page.goto(f"{desk.site}/co-so/ho-so/{entry.id}/anh")
    page.route("**/chuyen", lambda route: route.abort("connectionreset"))
    before = page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)")
    page.get_by_role("button", name="Ra sau").first.click()
    page.get_by_text("Chưa đổi được thứ tự ảnh").wait_for()
    assert page.locator("[data-sortable] > li").evaluate_all("rows => rows.map((row) => row.id)") == before


def test_a_phone_offers_its_camera_and_a_desk_does_not(desk: BrowserDesk) -> None:
    with playwright.sync_playwright() as play:
        seen = []
        for has_touch in (True, False):
            opened = open_page(play, desk, viewport={"width": 390, "height": 844}, has_touch=has_touch, is_mobile=has_touch)
            opened.goto(f"{desk.base}/anh")
            seen.append(opened.locator("label[for=photos-camera]").is_visible())
            if has_touch:
                opened.set_input_files("input[capture=environment]", picture(1))
                opened.wait_for_selector(".file-list .is-sent")
            opened.context.browser.close()
    assert seen == [True, False]
    assert len(desk.photos()) == 1


def test_the_pieces_of_a_set_are_asked_for_only_where_a_set_is_chosen_even_without_scripts(desk: BrowserDesk) -> None:
    with playwright.sync_playwright() as play:
        opened = open_page(play, desk, java_script_enabled=False)
        opened.goto(f"{desk.base}/san-pham")
        seen = [opened.get_by_label("Các món trong bộ").is_visible()]
        for word in ("Bộ sản phẩm", "Sản phẩm"):
            opened.get_by_label(word, exact=True).check()
            seen.append(opened.get_by_label("Các món trong bộ").is_visible())
        opened.context.browser.close()
    assert seen == [False, True, False]
