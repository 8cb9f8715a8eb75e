"""The manual: every picture, page and word of the screen that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from app.web.shared import manual
from tests.app import make
from tests.app.conftest import sign_in
from tests.manual.__main__ import LARGEST_BYTES
from tests.manual.shots import TABLE

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(manual.FOLDER.glob("*.md"))}
VIETNAMESE = sorted(set(TEXTS) - {"english"})
CATALOGUE = Path("app/translations/en/LC_MESSAGES/messages.po")


def test_the_pages_that_are_offered_are_the_files() -> None:
    assert {*manual.PAGES, manual.START} == set(TEXTS)


def test_every_screenshot_is_there_at_three_widths_and_small() -> None:
    expected = {f"{name}-{width}.webp" for name, _, _ in TABLE for width in manual.SCREENS}
    found = {path.name: path for path in (manual.FOLDER / "images").iterdir()}
    assert set(found) == expected
    assert [name for name, path in found.items() if path.stat().st_size > LARGEST_BYTES] == []
    for name, path in found.items():
        width = int(name.removesuffix(".webp").rsplit("-", 1)[1])
        with Image.open(path) as picture:
            assert (name, picture.size) == (name, (width, manual.SCREENS[width]))


def test_the_texts_show_only_screenshots_that_are_made() -> None:
    made = {f"images/{name}-1440.webp" for name, _, _ in TABLE}
    shown = {target for text in TEXTS.values() for target in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)}
    assert shown - made == set()


def test_every_page_that_is_named_exists(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    for target in {target for text in TEXTS.values() for target in re.findall(r"\]\((/[^)]*)\)", text)}:
        routes.match(target)
    others = {target for text in TEXTS.values() for target in re.findall(r"\]\(([^)/]+)\.md\)", text)}
    assert others - set(TEXTS) == set()


def test_words_in_bold_are_words_of_the_screen() -> None:
    with CATALOGUE.open("rb") as file:
        words = {str(message.id) for message in read_po(file) if message.id}
    bold = {word for name in VIETNAMESE for word in re.findall(r"\*\*([^*]+)\*\*", TEXTS[name])}
    assert sorted(bold - words) == []


@pytest.mark.parametrize("name", list(manual.PAGES))
def test_each_part_opens_for_anybody_under_its_heading(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/tro-giup/{name}")
    assert answer.status_code == 200
    assert f"<h1>{manual.title(name)}</h1>" in answer.get_data(as_text=True)


def test_a_part_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/tro-giup/khong-co").status_code == 404


def test_a_phone_is_given_the_picture_of_a_phone(client: FlaskClient) -> None:
    page = client.get("/tro-giup/giam-khao").get_data(as_text=True)
    assert '<source media="(max-width: 600px)" srcset="/tro-giup/anh/phieu-cham-390.webp" width="390" height="844">' in page
    assert client.get("/tro-giup/anh/phieu-cham-390.webp").mimetype == "image/webp"


def test_whoever_reads_english_begins_with_the_english_page(client: FlaskClient) -> None:
    assert "<h1>English summary</h1>" in client.get("/tro-giup?lang=en").get_data(as_text=True)
    assert "<h1>Changelog</h1>" in client.get("/tro-giup/co-gi-moi?lang=en").get_data(as_text=True)


def test_a_judge_is_led_to_the_judges_page(app: Flask, session: Session) -> None:
    person = make.user(session, "Chi")
    make.judge(session, make.round_(session), person)
    page = sign_in(app, person).get("/giam-khao/").get_data(as_text=True)
    assert 'href="/tro-giup/giam-khao"' in page
