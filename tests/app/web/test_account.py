"""Accounts in the browser's eyes: sign up, sign in, sign out, and what a wrong field is answered with."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra.security_words import MESSAGES
from app.models.account import User
from tests.app import make
from tests.app.conftest import set_password, sign_in

SIGN_UP = {
    "name": "Bình Mẫu",
    "email": "binh@example.vn",
    "password": "men gốm bát tràng",
    "password_confirm": "men gốm bát tràng",
    "consent": "y",
}


def test_signing_up_opens_the_desk_and_keeps_the_consent(client: FlaskClient, session: Session) -> None:
    answer = client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    person = session.scalars(select(User)).one()
    assert (answer.status_code, answer.location) == (302, "/ban-lam-viec")
    assert (person.name, person.consent_version) == ("Bình Mẫu", "2026-11")
    assert client.get("/ban-lam-viec").status_code == 200


def test_a_short_password_is_refused_in_vietnamese_and_the_name_is_kept(client: FlaskClient, session: Session) -> None:
    answer = client.post("/tai-khoan/dang-ky", data={**SIGN_UP, "password": "ngắn", "password_confirm": "ngắn"})
    assert answer.status_code == 422
    assert "Mật khẩu cần ít nhất 10 ký tự." in answer.text
    assert 'value="Bình Mẫu"' in answer.text
    assert session.scalars(select(User)).all() == []


def test_an_address_that_has_an_account_is_told_so(client: FlaskClient, session: Session) -> None:
    make.user(session, "An", email="binh@example.vn")
    answer = client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    assert answer.status_code == 422
    assert "Địa chỉ này đã có tài khoản. Hãy đăng nhập." in answer.text


def test_without_consent_there_is_no_account(client: FlaskClient, session: Session) -> None:
    answer = client.post("/tai-khoan/dang-ky", data={key: value for key, value in SIGN_UP.items() if key != "consent"})
    assert answer.status_code == 422
    assert session.scalars(select(User)).all() == []


def test_a_vietnamese_passphrase_set_by_a_program_opens_the_door(client: FlaskClient, session: Session) -> None:
    person = make.user(session, "An")
    set_password(person, "Lụa Vạn Phúc óng ả")
    answer = client.post("/tai-khoan/dang-nhap", data={"email": person.email, "password": "Lụa Vạn Phúc óng ả"})
    assert (answer.status_code, answer.location) == (302, "/ban-lam-viec")


def without_token(page: str) -> str:
    """The form's token names the second in which it was made."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", page)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, session: Session) -> None:
    person = make.user(session, "An")
    set_password(person)
    wrong = client.post("/tai-khoan/dang-nhap", data={"email": person.email, "password": "không phải đâu"})
    unknown = client.post("/tai-khoan/dang-nhap", data={"email": "ai@example.vn", "password": "không phải đâu"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert MESSAGES["GENERIC_AUTHN_FAILED"][0] in wrong.text
    assert without_token(wrong.text).replace(person.email, "") == without_token(unknown.text).replace("ai@example.vn", "")


def test_signing_out_by_post_closes_the_desk(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    assert browser.post("/tai-khoan/thoat").status_code == 302
    assert browser.get("/ban-lam-viec").status_code == 302


def test_a_closed_account_is_a_guest_at_once(app: Flask, session: Session) -> None:
    person = make.user(session, "An")
    browser = sign_in(app, person)
    person.active = False
    assert browser.get("/ban-lam-viec").status_code == 302


def test_every_message_key_is_one_of_the_library(app: Flask) -> None:
    known = {key.removeprefix("SECURITY_MSG_") for key in app.config if key.startswith("SECURITY_MSG_")}
    from flask_security.core import _default_messages

    assert set(MESSAGES) <= set(_default_messages)
    assert set(MESSAGES) <= known
