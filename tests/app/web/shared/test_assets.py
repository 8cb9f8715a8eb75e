"""Static files are one set under one digest, and the screen fonts hold every Vietnamese letter."""

import gzip
import unicodedata
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont

from app.web.shared.assets import YEAR_S, asset_url
from app.web.shared.fonts import build_fonts, figures_name, font_name

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in TONES
] + ["đ", "Đ"]  # fmt: skip


def address(site: Flask, name: str) -> str:
    with site.test_request_context():
        return asset_url(name)


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_every_vietnamese_letter_composed_or_not_is_in_each_font(fonts_home: Path, weight: int) -> None:
    known = TTFont(fonts_home / "static" / "fonts" / font_name(weight)).getBestCmap()
    wanted = {ord(one) for letter in LETTERS for form in ("NFC", "NFD") for one in unicodedata.normalize(form, letter)}
    assert len(LETTERS) == 146
    assert wanted - set(known) == set()


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_figures_of_a_column_are_of_one_width_and_stay_within_it(fonts_home: Path, weight: int) -> None:
    font = TTFont(fonts_home / "static" / "fonts" / figures_name(weight))
    names = font.getBestCmap()
    assert sorted(map(chr, names)) == list("0123456789")
    (width,) = {font["hmtx"][name][0] for name in names.values()}
    for name in names.values():
        shape = font["glyf"][name]
        assert font["hmtx"][name][1] == shape.xMin
        assert 0 < shape.xMin < shape.xMax < width


def test_fonts_that_are_there_are_not_cut_again(fonts_home: Path) -> None:
    folder = fonts_home / "static" / "fonts"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert {path: path.stat().st_mtime_ns for path in build_fonts(folder)} == before


def test_the_four_fonts_the_style_sheet_and_the_first_scripts_fit_in_a_public_page(
    fonts_home: Path, client: FlaskClient, site: Flask
) -> None:
    fonts = sum(path.stat().st_size for path in (fonts_home / "static" / "fonts").iterdir())
    texts = sum(
        len(client.get(address(site, name), headers={"Accept-Encoding": "gzip"}).data)
        for name in (
            "css/tieubieu.css",
            "js/main.js",
            "js/early.js",
            "js/menu.js",
            "img/weave-band.svg",
            "img/favicon.svg",
        )
    )
    assert fonts + texts < 90_000


def test_the_present_address_may_be_kept_for_a_year(client: FlaskClient, site: Flask) -> None:
    answer = client.get(address(site, "css/tieubieu.css"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.cache_control.max_age == YEAR_S
    assert answer.cache_control.immutable is True
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_old_address_still_answers_but_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/000000000000/js/main.js")
    assert answer.status_code == 200
    assert answer.cache_control.max_age == 60
    assert not answer.cache_control.immutable


def test_text_is_sent_packed_to_those_who_can_unpack(client: FlaskClient, site: Flask) -> None:
    plain = client.get(address(site, "css/tieubieu.css"))
    packed = client.get(address(site, "css/tieubieu.css"), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_a_font_stands_where_the_style_sheet_looks_for_it(client: FlaskClient, site: Flask) -> None:
    sheet = address(site, "css/tieubieu.css")
    answer = client.get(sheet.rsplit("/css/", 1)[0] + "/fonts/be-vietnam-pro-400.woff2")
    assert answer.status_code == 200
    assert answer.mimetype == "font/woff2"
    assert answer.data[:4] == b"wOF2"


def test_fonts_are_cut_at_the_first_request_where_setup_did_not(site: Flask, tmp_path: Path) -> None:
    site.instance_path = str(tmp_path)
    assert site.test_client().get("/assets/x/fonts/be-vietnam-pro-700.woff2").status_code == 200
    assert (tmp_path / "static" / "fonts" / "be-vietnam-pro-700.woff2").exists()


@pytest.mark.parametrize(
    "name",
    ["../factory.py", "css/../../factory.py", "%2e%2e/factory.py", "none.css", "fonts/../../x", "fonts/other.woff2", "css"],
)
def test_nothing_outside_the_static_folder_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/x/{name}").status_code == 404


def test_the_same_content_is_answered_with_not_modified(client: FlaskClient, site: Flask) -> None:
    first = client.get(address(site, "js/main.js"))
    again = client.get(address(site, "js/main.js"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_changed_file_changes_the_address_of_all(site: Flask, tmp_path: Path) -> None:
    site.static_folder = str(tmp_path)
    site.debug = True
    (tmp_path / "a.css").write_text("a{}")
    (tmp_path / "b.css").write_text("b{}")
    before = address(site, "b.css")
    (tmp_path / "a.css").write_text("a{color:red}")
    assert address(site, "b.css") != before
