"""The first day: an installation without a single round, and what its pages say to whoever starts there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import Phase
from app.models.round import Round
from tests.app import make
from tests.app.conftest import sign_in

DAYS = {"registration_opens": "2026-12-01T00:00", "registration_closes": "2027-01-31T23:59"}


@pytest.fixture
def founder(app: Flask, session: Session) -> FlaskClient:
    person = make.user(session, "Quân")
    make.administrator(session, person)
    make.secretary(session, person)
    return sign_in(app, person)


def main_of(client: FlaskClient, address: str) -> Tag:
    answer = client.get(address)
    assert answer.status_code == 200
    found = BeautifulSoup(answer.get_data(as_text=True), "html.parser").main
    assert found is not None
    return found


def link(within: Tag, words: str) -> str:
    """Address of the link that reads so."""
    return next(str(a["href"]) for a in within.select("a[href]") if a.get_text(strip=True) == words)


def steps(board: Tag) -> list[tuple[str, str]]:
    """The first steps of a round: what each is about, and what is said of it."""
    lines = board.select('section[aria-labelledby="truoc-khi-mo"] .rows > li')
    return [(words[0], words[-1]) for words in (list(line.stripped_strings) for line in lines)]


def test_whoever_starts_gets_from_nothing_to_an_open_round_by_the_links_of_the_pages(
    session: Session, founder: FlaskClient
) -> None:
    province = make.province(session)
    session.commit()
    rounds = main_of(founder, link(main_of(founder, "/ban-lam-viec"), "Đợt bình chọn"))
    place = f"{link(rounds, 'Tạo đợt mới')}?year=2026&level=province&province={province.id}"
    form = main_of(founder, place)
    typed = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
    made = founder.post(place, data=typed)
    board = main_of(founder, made.headers["Location"])
    days = link(board, "Đã đặt thời gian nhận hồ sơ")
    assert founder.post(days, data=DAYS).status_code == 303
    opening = link(main_of(founder, made.headers["Location"]), "Mở nhận hồ sơ")
    assert founder.post(opening, data={"confirm": "1"}).status_code == 303
    assert session.scalars(select(Round.phase)).all() == [Phase.REGISTRATION]
    assert main_of(founder, made.headers["Location"]).select("#truoc-khi-mo") == []


def test_a_new_round_says_what_is_missing_what_to_look_through_and_what_may_wait(
    session: Session, founder: FlaskClient
) -> None:
    row = make.round_(session, phase=Phase.DRAFT)
    session.commit()
    assert steps(main_of(founder, f"/to-giup-viec/dot/{row.id}")) == [
        ("Đợt có ít nhất một nhóm sản phẩm", "Đã xong"),
        ("Đã ghi cơ quan công nhận và chức danh người ký", "Đã xong"),
        ("Đã đặt thời gian nhận hồ sơ", "Chưa đạt"),
        ("Quy tắc của đợt", "Nên xem lại"),
        ("Tiêu chí chấm", "Nên xem lại"),
        ("Ban giám khảo", "Có thể làm sau"),
    ]


@pytest.mark.parametrize(
    ("phase", "asked", "words"),
    [
        (Phase.DRAFT, "", "Mở nhận hồ sơ"),
        (Phase.REGISTRATION, "", "Nhập thay cơ sở"),
        (Phase.REGISTRATION, "?group=CB", "Xem tất cả hồ sơ"),
    ],
)
def test_a_list_without_dossiers_names_the_next_step(
    session: Session, founder: FlaskClient, phase: Phase, asked: str, words: str
) -> None:
    row = make.round_(session, phase=phase)
    session.commit()
    empty = main_of(founder, f"/to-giup-viec/dot/{row.id}/ho-so{asked}").select_one(".empty")
    assert empty is not None
    assert [a.get_text(strip=True) for a in empty.select("a")] == [words]


def test_the_first_page_of_the_public_shows_no_row_of_noughts(session: Session, client: FlaskClient) -> None:
    assert main_of(client, "/").select("#con-so") == []


def test_the_administrator_is_led_to_accounts_rights_and_the_first_round_until_there_is_one(
    session: Session, founder: FlaskClient
) -> None:
    def asked() -> list[str]:
        return [str(a["href"]) for a in main_of(founder, "/quan-tri/").select('section[aria-labelledby="bat-dau"] a')]

    assert asked() == ["/quan-tri/nguoi-dung/moi", "/quan-tri/nguoi-dung", "/to-giup-viec/dot/moi"]
    make.round_(session)
    session.commit()
    assert asked() == []
