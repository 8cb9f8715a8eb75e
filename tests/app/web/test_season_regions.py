"""The page on which an organiser moves a province to another region for a year."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.models.account import RoleGrant
from tests.app import make
from tests.app.conftest import sign_in

YEAR = local_date(now()).year
URL = f"/to-giup-viec/khu-vuc/{YEAR}"


def test_an_organiser_of_everything_moves_a_province_and_reads_the_decision(app: Flask, session: Session) -> None:
    person = make.user(session, "Tổ chức")
    session.add(RoleGrant(user_id=person.id, role=Role.ORGANISER, granted_at=make.NOW))
    browser = sign_in(app, person)
    assert URL in browser.get("/to-giup-viec/").get_data(as_text=True)
    typed = {"province_code": "68", "region_code": "south", "source": "Quyết định mẫu 5/QĐ"}
    assert browser.post(URL, data=typed | {"source": ""}).status_code == 422
    assert browser.post(URL, data=typed).status_code == 303
    assert "Quyết định mẫu 5/QĐ" in browser.get(URL).get_data(as_text=True)
    assert make.season(session, YEAR).regions == {"68": "south"}
    again = browser.post(URL, data=typed)
    assert (again.status_code, "Tỉnh này đã ở khu vực đó." in again.get_data(as_text=True)) == (422, True)


def test_the_secretary_of_one_round_finds_no_such_page(app: Flask, session: Session) -> None:
    giang = make.user(session, "Giang")
    make.secretary(session, giang, make.round_(session))
    browser = sign_in(app, giang)
    assert browser.get(URL).status_code == 404
    assert URL not in browser.get("/to-giup-viec/").get_data(as_text=True)
