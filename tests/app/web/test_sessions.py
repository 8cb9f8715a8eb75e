"""Sessions in the browser's eyes: what was ended is over at the next request, whoever ended it and however."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.factory import create_app
from app.infra import sessions as tie
from app.models.account import User
from app.models.sign_in import UserSession
from app.services import sessions
from tests.app import make
from tests.app.conftest import set_password, settings_for, sign_in

ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def log_in(client: FlaskClient, person: User, **more: str) -> FlaskClient:
    answer = client.post(
        "/tai-khoan/dang-nhap",
        data={"email": person.email, "password": make.PASSWORD, **more},
        headers={"User-Agent": ANDROID},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )
    assert answer.status_code == 302
    return client


@pytest.fixture
def an(session: Session) -> User:
    person = make.user(session, "An")
    set_password(person)
    return person


def rows(session: Session) -> list[UserSession]:
    return list(session.scalars(select(UserSession).order_by(UserSession.id)))


def test_signing_in_lists_the_device_coarsely(app: Flask, session: Session, an: User) -> None:
    log_in(app.test_client(), an)
    [row] = rows(session)
    assert (row.user_id, row.device, row.address) == (an.id, "Chrome, Android", "203.0.113.0/24")


def test_a_session_that_was_ended_elsewhere_is_a_guest_at_once(app: Flask, session: Session, an: User) -> None:
    browser = log_in(app.test_client(), an)
    assert browser.get("/ban-lam-viec").status_code == 200
    sessions.end_all(session, SYSTEM, user_id=an.id, now=make.NOW)
    assert browser.get("/ban-lam-viec").status_code == 302


def test_remember_me_cannot_outlive_the_list(app: Flask, session: Session, an: User) -> None:
    browser = log_in(app.test_client(), an, remember="y")
    assert browser.get_cookie("remember_token") is None
    assert browser.get_cookie("session").expires is not None  # type: ignore[union-attr]
    sessions.end_all(session, SYSTEM, user_id=an.id, now=make.NOW)
    assert browser.get("/ban-lam-viec").status_code == 302


def test_a_cookie_kept_from_before_signing_out_opens_nothing(app: Flask, session: Session, an: User) -> None:
    browser = log_in(app.test_client(), an)
    kept = browser.get_cookie("session")
    assert kept is not None
    browser.post("/tai-khoan/thoat")
    thief = app.test_client()
    thief.set_cookie("session", kept.value)
    assert thief.get("/ban-lam-viec").status_code == 302


def test_a_session_left_alone_is_over(app: Flask, session: Session, an: User) -> None:
    browser = sign_in(app, an)
    [row] = rows(session)
    row.seen_at -= sessions.IDLE
    assert browser.get("/ban-lam-viec").status_code == 302


def test_use_is_noted_now_and_then(app: Flask, session: Session, an: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(app, an)
    [row] = rows(session)
    began = row.seen_at
    seen: list[datetime] = []
    for minutes in (4, 6):
        monkeypatch.setattr(tie, "now", lambda wait=minutes: began + timedelta(minutes=wait))
        browser.get("/ban-lam-viec")
        seen.append(rows(session)[0].seen_at)
    assert seen == [began, began + timedelta(minutes=6)]


def test_a_new_password_ends_every_other_session(app: Flask, session: Session, an: User) -> None:
    here, there = (log_in(app.test_client(), an) for _device in range(2))
    new = "Lụa Vạn Phúc óng ả"
    typed = {"password": make.PASSWORD, "new_password": new, "new_password_confirm": new}
    assert here.post("/tai-khoan/doi-mat-khau", data=typed).status_code == 302
    assert (here.get("/ban-lam-viec").status_code, there.get("/ban-lam-viec").status_code) == (200, 302)
    assert len([row for row in rows(session) if row.ended_at is None]) == 1


def test_the_librarys_tokens_open_nothing(app: Flask, session: Session, an: User) -> None:
    session.commit()
    with app.test_request_context():
        token = an.get_auth_token()
    answer = app.test_client().get("/ban-lam-viec", headers={"Authentication-Token": token})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("unknown", "")],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert tie.coarse_address(address) == network


def test_with_https_the_cookie_is_for_https_alone_and_browsers_are_told(database_url: str, tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path, database_url), base_url="https://tieubieu.example")
    answer = create_app(settings).test_client().get("/tai-khoan/dang-nhap", base_url="https://tieubieu.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
