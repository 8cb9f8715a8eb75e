"""English: complete, with the same places to fill in, and on the pages of whoever asks for it."""

from __future__ import annotations

import os
import re
import shutil
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.cli.messages import gather, plain_words
from app.cli.translations import CATALOGUE, brought_up_to_date, compiled, problems, read
from app.web.shared.formats import file_size, number, points, typed_points
from app.web.shared.pictures import vn_number
from tests.app import make
from tests.app.conftest import sign_in

VIETNAMESE = re.compile(r"[^\W\d_a-zA-Z]")
# What is called by its own name in every language: the product, its other language, the money.
NAMES = ("Tiêu Biểu", "Tiêu", "Biểu", "Tiếng Việt", "đồng")
PUBLIC = ("/", "/dot", "/san-pham", "/tra-cuu", "/du-lieu-mo", "/khong-co-trang-nay")
ACCOUNT = ("/tai-khoan/dang-nhap", "/tai-khoan/dang-ky", "/tai-khoan/quen-mat-khau")
SIGNED_IN = ("/ban-lam-viec", "/tin-nhan", "/tai-khoan/cua-toi", "/co-so/", "/tim?q=zzzz")
OFFICE = ("/to-giup-viec/", "/quan-tri/", "/quan-tri/viec", "/quan-tri/thu")


class Words(HTMLParser):
    """The texts of a page, and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        read = {"alt", "title", "placeholder", "aria-label", "content"}
        self.found += [value for name, value in attrs if value and (name in read or name.startswith("data-word"))]

    def handle_data(self, data: str) -> None:
        if self.tag not in ("script", "style"):
            self.found.append(data.strip())


def left_in_vietnamese(page: str) -> list[str]:
    """Texts of a page with letters that English does not have, without what is a name."""
    words = Words()
    words.feed(page)
    left = []
    for text in words.found:
        rest = text
        for name in NAMES:
            rest = rest.replace(name, "")
        if VIETNAMESE.search(rest):
            left.append(text)
    return left


def test_every_message_has_its_english_with_the_same_places_and_none_is_left_over() -> None:
    assert problems(read(), gather()) == []


def test_a_message_that_is_new_or_gone_or_filled_otherwise_is_named() -> None:
    known = Catalog(locale="en")
    known.add("Còn %(n)s", "%(m)s left")
    known.add("Cũ", "Old")
    assert problems(known, {"Còn %(n)s": [], "Mới": []}) == [
        "not in the catalogue: Mới",
        "other places to fill in: Còn %(n)s",
        "no longer used: Cũ",
    ]


def test_extraction_keeps_the_english_that_is_there_and_drops_what_is_no_longer_said() -> None:
    known = Catalog(locale="en")
    known.add("Giữ", "Keep")
    known.add("Cũ", "Old")
    fresh = brought_up_to_date(known, {"Giữ": [("a.py", 1)], "Mới": [("b.py", 2)]})
    assert {entry.id: entry.string for entry in fresh if entry.id} == {"Giữ": "Keep", "Mới": ""}


def test_tables_of_plain_words_are_gathered_without_docstrings_marked_calls_and_functions() -> None:
    source = '"""Chú thích."""\nA = {"a": "Có", "b": _("Đánh dấu"), "c": "plain"}\ndef f():\n    return "Trong hàm"\n'
    assert list(plain_words(source)) == [(2, "Có")]


def test_the_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    copy = Path(shutil.copy(CATALOGUE, folder))
    written = [compiled(copy), compiled(copy)]
    os.utime(copy, (copy.stat().st_atime, copy.with_suffix(".mo").stat().st_mtime + 10))
    assert (written, compiled(copy), sorted(path.name for path in folder.iterdir())) == (
        [True, False],
        True,
        ["messages.mo", "messages.po"],
    )


@pytest.mark.parametrize("address", [*PUBLIC, *ACCOUNT])
def test_a_public_page_is_english_for_whoever_asks(client: FlaskClient, address: str) -> None:
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert ('<html lang="en">' in page, left_in_vietnamese(page)) == (True, [])


def test_the_pages_of_a_person_are_english_when_the_account_says_so(app: Flask, session: Session) -> None:
    an = make.user(session, "An", language="en")
    browser = sign_in(app, an)
    pages = {address: browser.get(address).get_data(as_text=True) for address in SIGNED_IN}
    assert {address: left_in_vietnamese(page) for address, page in pages.items()} == {address: [] for address in SIGNED_IN}
    assert [address for address, page in pages.items() if '<html lang="en">' not in page] == []


def test_the_pages_of_the_office_are_english_too(app: Flask, session: Session) -> None:
    an = make.user(session, "An", language="en")
    make.administrator(session, an)
    make.secretary(session, an)
    browser = sign_in(app, an)
    left = {address: left_in_vietnamese(browser.get(address).get_data(as_text=True)) for address in OFFICE}
    assert left == {address: [] for address in OFFICE}


def test_a_language_that_was_asked_for_is_kept_and_can_be_left_again(client: FlaskClient) -> None:
    def speaks(address: str) -> str:
        return re.findall(r'<html lang="(\w+)">', client.get(address).get_data(as_text=True))[0]

    assert [speaks(a) for a in ("/", "/?lang=en", "/tra-cuu", "/?lang=fr", "/?lang=vi", "/tra-cuu")] == [
        "vi",
        "en",
        "en",
        "en",
        "vi",
        "vi",
    ]


def test_the_profile_sets_the_language_and_refuses_one_that_nobody_wrote(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    browser, user_id = sign_in(app, an), an.id
    refused = browser.post("/tai-khoan/cua-toi", data={"name": "An", "language": "fr"})
    saved = browser.post("/tai-khoan/cua-toi", data={"name": "An", "language": "en"})
    row = session.get(type(an), user_id, populate_existing=True)
    assert (refused.status_code, saved.status_code, row.language if row else "") == (422, 303, "en")
    assert "<h1>Account</h1>" in browser.get("/tai-khoan/cua-toi").get_data(as_text=True)


def test_the_librarys_refusals_of_a_sign_in_are_english_too(client: FlaskClient) -> None:
    client.get("/?lang=en")
    answer = client.post("/tai-khoan/dang-nhap", data={"email": "ai@example.vn", "password": "khong-dung-dau"})
    assert "The email or the password is not right." in answer.get_data(as_text=True)


def test_numbers_follow_the_language_but_a_judge_types_a_comma_in_both(app: Flask) -> None:
    def written() -> list[str]:
        figure = Decimal("34.50")
        return [points(figure), number(1341), file_size(4_400_000), vn_number(1341.5), typed_points(figure)]

    with app.test_request_context(), force_locale("vi"):
        vietnamese = written()
    with app.test_request_context(), force_locale("en"):
        english = written()
    assert (vietnamese, english) == (
        ["34,5", "1.341", "4,2 MB", "1.341,5", "34,5"],
        ["34.5", "1,341", "4.2 MB", "1,341.5", "34,5"],
    )
