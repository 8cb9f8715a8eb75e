"""First steps on a role's home: shown until the person puts them away, for that role alone, on every device."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import GUEST
from app.services import tours
from app.web.shared.tours import STEPS
from tests.app import make
from tests.app.conftest import sign_in

PUT_AWAY = "Đã rõ, không hiện nữa"


def judge_and_secretary(app: Flask, session: Session) -> FlaskClient:
    person, round_ = make.user(session, "Chi"), make.round_(session)
    make.judge(session, round_, person)
    make.secretary(session, person, round_)
    return sign_in(app, person)


def test_every_tour_has_a_name_that_the_service_knows() -> None:
    assert tuple(STEPS) == tours.TOURS


def test_every_step_leads_to_a_page_that_is_there(app: Flask) -> None:
    with app.test_request_context():
        for home, chapter, steps in STEPS.values():
            assert url_for(home)
            assert url_for("public.help_page", name=chapter)
            assert all(url_for(target) for _text, target in steps if target)


def test_the_steps_are_shown_until_they_are_put_away_and_only_there(app: Flask, session: Session) -> None:
    browser = judge_and_secretary(app, session)
    assert PUT_AWAY in browser.get("/giam-khao/").get_data(as_text=True)
    answer = browser.post("/lam-quen/judge/xong")
    assert (answer.status_code, answer.location) == (303, "/giam-khao/")
    assert PUT_AWAY not in browser.get("/giam-khao/").get_data(as_text=True)
    assert PUT_AWAY in browser.get("/to-giup-viec/").get_data(as_text=True)


def test_steps_that_were_put_away_come_back_when_asked_for(app: Flask, session: Session) -> None:
    browser = judge_and_secretary(app, session)
    browser.post("/lam-quen/judge/xong")
    assert "Xem lại các bước làm quen" in browser.get("/tai-khoan/cua-toi").get_data(as_text=True)
    browser.post("/lam-quen/xem-lai")
    assert PUT_AWAY in browser.get("/giam-khao/").get_data(as_text=True)


def test_a_tour_that_does_not_exist_is_not_found(app: Flask, session: Session) -> None:
    assert judge_and_secretary(app, session).post("/lam-quen/khac/xong").status_code == 404


def test_a_guest_has_no_steps_to_put_away(session: Session) -> None:
    with pytest.raises(NotFound):
        tours.dismiss(session, GUEST, tour="judge")
