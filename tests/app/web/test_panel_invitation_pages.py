"""The pages of an invitation to a panel: a robot that opens the link harms nothing, a person answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import Phase
from app.models.account import User
from app.models.panel import PanelInvitation, PanelSeat
from app.models.record import OutboxMail
from app.models.round import Round
from tests.app import make
from tests.app.conftest import sign_in

FIELDS = {"email": "chi@example.vn", "name": "Phạm Chi", "role": "member", "groups": ["TCMN"], "maximum_load": "20"}
ANSWER = {
    "name": "Phạm Thị Chi",
    "password": "một mật khẩu khá dài 71",
    "consent": "y",
    "available": "yes",
    "groups": ["CB"],
}


@dataclass
class Office:
    round: Round
    giang: FlaskClient
    kim: FlaskClient

    @property
    def panel(self) -> str:
        return f"/to-giup-viec/dot/{self.round.id}/ban-giam-khao"


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    round_ = make.round_(session, phase=Phase.CHECKING)
    officers = [make.user(session, name) for name in ("Giang", "Kim")]
    make.secretary(session, officers[0], round_)
    make.secretary(session, officers[1], make.round_(session))
    return Office(round_, *(sign_in(app, person) for person in officers))


def invited(session: Session, office: Office) -> str:
    """The path in the mail."""
    assert office.giang.post(f"{office.panel}/moi", data=FIELDS).status_code == 303
    body = session.scalars(select(OutboxMail.body).where(OutboxMail.recipient == "chi@example.vn")).one()
    found = re.search(r"http://localhost(/loi-moi-giam-khao/\S+)", body)
    assert found is not None
    return found.group(1)


def seats(session: Session) -> list[PanelSeat]:
    return list(session.scalars(select(PanelSeat)))


def test_a_scanner_opens_the_link_and_the_judge_still_accepts_and_signs_in(
    session: Session, client: FlaskClient, office: Office
) -> None:
    link = invited(session, office)
    for _ in range(3):
        page = client.get(link)
        assert (page.status_code, page.headers["Referrer-Policy"], client.head(link).status_code) == (
            200,
            "no-referrer",
            200,
        )
    assert 'name="password"' in page.text
    assert [client.get(f"{link}/{deed}").status_code for deed in ("nhan", "tu-choi")] == [405, 405]
    assert seats(session) == []
    answer = client.post(f"{link}/nhan", data=ANSWER)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/tai-khoan/dang-nhap")
    [seat] = seats(session)
    assert (seat.groups, seat.maximum_load, seat.available) == (["CB"], None, True)
    signed = client.post("/tai-khoan/dang-nhap", data={"email": "chi@example.vn", "password": ANSWER["password"]})
    assert signed.status_code == 302
    assert client.get(f"/giam-khao/dot/{office.round.id}").status_code == 200
    assert "Lời mời này đã được nhận." in client.get(link).text


def test_a_weak_password_or_no_consent_comes_back_with_what_was_typed(
    session: Session, client: FlaskClient, office: Office
) -> None:
    link = invited(session, office)
    answer = client.post(f"{link}/nhan", data={**ANSWER, "password": "ngan", "consent": "", "maximum_load": "7"})
    assert (answer.status_code, 'value="Phạm Thị Chi"' in answer.text, 'value="7"' in answer.text) == (422, True, True)
    short = client.post(f"{link}/nhan", data={**ANSWER, "password": "ngan"})
    assert (short.status_code, "ngan" in short.text.replace("ngang", "")) == (422, False)
    assert (seats(session), session.scalar(select(User).where(User.email == "chi@example.vn"))) == ([], None)


def test_who_has_an_account_is_asked_to_sign_in_and_another_to_sign_out(
    app: Flask, session: Session, client: FlaskClient, office: Office
) -> None:
    chi = make.user(session, "Chi", email="chi@example.vn")
    link = invited(session, office)
    assert "Đăng nhập để nhận lời" in client.get(link).text
    assert client.post(f"{link}/nhan", data={"available": "yes"}).status_code == 409
    assert "một địa chỉ thư khác" in office.kim.get(link).text
    answer = sign_in(app, chi).post(f"{link}/nhan", data={"available": "no", "maximum_load": "9"})
    assert answer.location == f"/giam-khao/dot/{office.round.id}"
    [seat] = seats(session)
    assert (seat.available, seat.maximum_load) == (False, 9)
    assert "Vắng mặt" in office.giang.get(office.panel).text


def test_the_secretariat_sees_what_waits_sends_it_again_and_takes_it_back(
    session: Session, client: FlaskClient, office: Office
) -> None:
    link = invited(session, office)
    row = session.scalars(select(PanelInvitation)).one()
    assert "Phạm Chi" in office.giang.get(office.panel).text
    deeds = [f"/to-giup-viec/loi-moi-giam-khao/{row.id}/{deed}" for deed in ("gui-lai", "rut")]
    assert [office.kim.post(deed).status_code for deed in deeds] == [404, 404]
    assert office.giang.post(deeds[0]).status_code == 303
    assert client.get(link).status_code == 404
    assert office.giang.post(deeds[1]).status_code == 303
    assert "Phạm Chi" not in office.giang.get(office.panel).text
    assert office.giang.post(f"{office.panel}/moi", data={**FIELDS, "email": "sai"}).status_code == 422


def test_a_judge_declines_by_the_link(session: Session, client: FlaskClient, office: Office) -> None:
    link = invited(session, office)
    assert client.post(f"{link}/tu-choi", data={"answer": "Tôi bận."}).status_code == 303
    assert "không còn hiệu lực" in client.get(link).text
    assert client.post(f"{link}/nhan", data=ANSWER).status_code == 409
