"""The public site: home, rounds, gallery, product pages, open data, and how they travel."""

from __future__ import annotations

import csv
import gzip
import io
import xml.etree.ElementTree as ET

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.vocabulary import Phase
from app.models.entry import Entry
from app.models.unit import Unit
from app.queries import public
from tests.app import make
from tests.app.queries.statements import counted
from tests.app.services.certified import crowd, issued
from tests.app.web.published import shown

LARGEST_PAGE_BYTES = 100_000


def test_the_first_page_offers_rounds_products_and_the_look_up(client: FlaskClient, session: Session) -> None:
    shown(session)
    make.round_(session, code="MO-2026", phase=Phase.REGISTRATION)
    text = client.get("/").get_data(as_text=True)
    assert 'action="/tra-cuu"' in text
    assert "/dot-binh-chon/MO-2026" in text
    assert text.count('class="product"') == 2


def test_an_empty_installation_says_what_comes_next(client: FlaskClient) -> None:
    assert [client.get(address).status_code for address in ("/", "/san-pham", "/dot-binh-chon")] == [200, 200, 200]


def test_a_round_shows_its_result_only_once_published(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    closed = make.round_(session, code="DANG-CHAM", phase=Phase.JUDGING)
    published = client.get(f"/dot-binh-chon/{found.world.round.code}").get_data(as_text=True)
    waiting = client.get(f"/dot-binh-chon/{closed.code}").get_data(as_text=True)
    assert "3 sản phẩm được công nhận" in published
    assert "01/QĐ-MẪU" in published
    assert "Chưa có kết quả" in waiting
    assert "sản phẩm được công nhận" not in waiting


def test_drafts_and_practice_rounds_have_no_page(client: FlaskClient, session: Session) -> None:
    make.round_(session, code="NHAP", phase=Phase.DRAFT)
    make.round_(session, code="TAP", phase=Phase.REGISTRATION, practice=True)
    assert [client.get(f"/dot-binh-chon/{code}").status_code for code in ("NHAP", "TAP", "KHONG-CO")] == [404, 404, 404]


def test_products_are_found_without_marks_and_by_group_level_and_year(client: FlaskClient, session: Session) -> None:
    shown(session)

    def count(query: str) -> int:
        return client.get(f"/san-pham?{query}").get_data(as_text=True).count('class="product"')

    found = {
        query: count(query)
        for query in (
            "q=san+pham+MAU",
            "q=mau+1",
            "nhom=TCMN",
            "nhom=CB",
            "cap=province",
            "cap=nation",
            "nam=2026",
            "nam=2021",
            "cap=x&nam=y",
        )
    }
    assert found == {
        "q=san+pham+MAU": 3, "q=mau+1": 1, "nhom=TCMN": 3, "nhom=CB": 0, "cap=province": 3, "cap=nation": 0,
        "nam=2026": 3, "nam=2021": 0, "cap=x&nam=y": 3,
    }  # fmt: skip


def test_a_place_is_found_by_its_old_and_its_new_name(session: Session) -> None:
    found = shown(session)
    old = session.query(Unit).filter_by(name="Bình Phước", tier="province").one()
    row = session.get(Entry, found.entries[0].id)
    assert row is not None
    row.locality_id = old.id
    session.flush()
    counts = {
        place: public.gallery(session, public.Wanted(place=place)).total
        for place in ("binh phuoc", "Đồng Nai", "tỉnh bắc giang", "Bắc Ninh", "Cà Mau")
    }
    # Two entries lie in today's Bắc Ninh, which took in Bắc Giang; one in the former Bình Phước, now Đồng Nai.
    assert counts == {"binh phuoc": 1, "Đồng Nai": 1, "tỉnh bắc giang": 2, "Bắc Ninh": 2, "Cà Mau": 0}


def test_a_product_page_links_to_the_check_of_its_certificate(client: FlaskClient, session: Session) -> None:
    world, certificates = issued(session)
    text = client.get(f"/san-pham/{world.entries[0].id}").get_data(as_text=True)
    codes = [row.code for row in certificates if f"/gcn/{row.code}" in text]
    assert len(codes) == 1
    assert "Giấy chứng nhận còn hiệu lực" in text or "chưa đến ngày hiệu lực" in text


def test_a_product_is_found_by_the_codes_of_round_and_entry(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    entry = found.entries[0]
    answer = client.get(f"/san-pham/{found.world.round.code}/{entry.code}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/san-pham/{entry.id}")


def test_open_data_says_the_same_as_csv_and_json_under_stable_ids(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    items = client.get("/du-lieu-mo/san-pham.json").get_json()["items"]
    table = client.get("/du-lieu-mo/san-pham.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [item["id"] for item in items] == [f"{found.world.round.code}/{entry.code}" for entry in found.entries]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    assert [row["name"] for row in rows] == [item["name"] for item in items]


def test_a_name_that_looks_like_a_formula_stays_text_in_csv(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    found.world.round.name = "=cmd()"
    session.commit()
    assert "'=cmd()" in client.get("/du-lieu-mo/dot-binh-chon.csv").get_data(as_text=True)


def test_the_site_map_lists_products_and_rounds(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    tree = ET.fromstring(client.get("/sitemap.xml").get_data())
    places = [node.text for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    expected = [f"http://localhost/san-pham/{entry.id}" for entry in found.entries]
    assert [place for place in places if place and "/san-pham/" in place] == expected
    assert f"http://localhost/dot-binh-chon/{found.world.round.code}" in places
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)


def test_the_gallery_sends_the_same_statements_for_few_and_many_products(session: Session) -> None:
    shown(session)
    session.commit()
    public.gallery(session, public.Wanted())
    with counted(session) as few:
        public.gallery(session, public.Wanted(), size=1)
    with counted(session) as many:
        page = public.gallery(session, public.Wanted())
    assert (len(page.cards), len(many)) == (3, len(few))


def test_pages_travel_packed_and_small(client: FlaskClient, session: Session) -> None:
    found = shown(session)
    crowd(session, found.world, 40)
    sizes = {}
    for address in ("/", "/san-pham", f"/dot-binh-chon/{found.world.round.code}"):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "<h1>" in gzip.decompress(answer.get_data()).decode()
        sizes[address] = len(answer.get_data())
    assert max(sizes.values()) < LARGEST_PAGE_BYTES / 4


def test_sign_in_pages_and_reflected_addresses_of_a_session_are_never_packed(app: Flask, client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip"}
    sign_in_page = client.get("/tai-khoan/dang-nhap", headers=asked, follow_redirects=True)
    reflected = app.test_client().get("/san-pham?q=abc", headers=asked)
    assert "Content-Encoding" not in sign_in_page.headers
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "x" * 40
    assert reflected.headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get("/san-pham?q=abc", headers=asked).headers


def test_the_pattern_page_stands_outside_production(client: FlaskClient) -> None:
    assert client.get("/mau-giao-dien").status_code == 200
