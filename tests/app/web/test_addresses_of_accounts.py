"""Mail addresses of accounts: confirmed at sign-up and change, and recovery that does not tell who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import MailState
from app.models.account import User
from app.models.record import AuditEvent, OutboxMail
from app.services import accounts, outbox
from tests.app import make
from tests.app.conftest import set_password, sign_in
from tests.app.web.test_account import SIGN_UP

FORGOT = "/tai-khoan/quen-mat-khau"
# What differs between two answers that say the same: a token tells the second in which it was made.
VARYING = r"\b(an|ai|cuc|binh)@|name=\"csrf_token\" value=\"[^\"]+\""


@pytest.fixture
def strict(app: Flask) -> None:
    """As in production with a mail server: nothing before the address is confirmed."""
    toolbox = app.extensions["toolbox"]
    toolbox.settings = replace(toolbox.settings, confirm_mail="required")


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def link_in(mail: OutboxMail) -> str:
    found = re.search(r"http://localhost(/\S+)", mail.body)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("strict")
def test_a_new_account_waits_for_the_link_in_its_mail(client: FlaskClient, session: Session) -> None:
    client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    led = client.get("/ban-lam-viec")
    assert (led.status_code, led.location) == (302, "/tai-khoan/xac-nhan")
    [mail] = mails(session)
    assert (mail.recipient, mail.user_id, mail.secret) == ("binh@example.vn", None, True)
    assert client.get(link_in(mail)).status_code == 302
    assert client.get("/ban-lam-viec").status_code == 200


@pytest.mark.usefixtures("strict")
def test_the_mail_is_sent_once_more_when_asked_for(client: FlaskClient, session: Session) -> None:
    client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    assert client.post("/tai-khoan/xac-nhan/gui-lai").status_code == 303
    assert [mail.recipient for mail in mails(session)] == ["binh@example.vn"] * 2


def test_an_address_that_an_administrator_typed_is_vouched_for(app: Flask, session: Session) -> None:
    person = accounts.create_user(session, SYSTEM, email="moi@example.vn", name="Mới", password_digest=None, now=make.NOW)
    assert person.confirmed_at == make.NOW


def test_a_new_address_counts_when_its_owner_follows_the_link(app: Flask, session: Session) -> None:
    an = make.user(session, "An", email="cu@example.vn")
    client = sign_in(app, an)
    client.post("/tai-khoan/doi-thu", data={"email": "moi@example.vn"})
    [mail] = mails(session)
    assert (mail.recipient, an.email) == ("moi@example.vn", "cu@example.vn")
    client.get(link_in(mail))
    assert an.email == "moi@example.vn"
    assert "email:change" in set(session.scalars(select(AuditEvent.action)))


def test_the_address_of_somebody_else_gets_the_same_answer_and_no_mail(app: Flask, session: Session) -> None:
    make.user(session, "Bình", email="binh@example.vn")
    client = sign_in(app, make.user(session, "An"))
    pages = [client.post("/tai-khoan/doi-thu", data={"email": f"{name}@example.vn"}).text for name in ("ai", "binh")]
    assert len({re.sub(VARYING, "", page) for page in pages}) == 1
    assert [mail.recipient for mail in mails(session)] == ["ai@example.vn"]


def test_recovery_answers_the_same_whether_there_is_an_account(app: Flask, session: Session) -> None:
    make.user(session, "An", email="an@example.vn")
    closed = make.user(session, "Cúc", email="cuc@example.vn")
    closed.active = False
    answers = [app.test_client().post(FORGOT, data={"email": f"{name}@example.vn"}) for name in ("an", "ai", "cuc")]
    pages = {re.sub(VARYING, "", answer.text) for answer in answers}
    assert (len(pages), {answer.status_code for answer in answers}) == (1, {200})


def test_recovery_works_as_hard_whether_there_is_an_account(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One slow digest either way: what takes long is what an outsider can time."""
    make.user(session, "An", email="an@example.vn")
    slow: list[str] = []
    library = app.extensions["security"]
    for context in (library.pwd_context, library.hashing_context):
        monkeypatch.setattr(context, "hash", _noting(context.hash, slow))
    spent = []
    for name in ("an", "ai"):
        slow.clear()
        app.test_client().post(FORGOT, data={"email": f"{name}@example.vn"})
        spent.append([digest for digest in slow if digest.startswith("$")])
    assert [[digest.split("$")[1] for digest in digests] for digests in spent] == [["argon2id"], ["argon2id"]]


def _noting(digest: Callable[..., str], made: list[str]) -> Callable[..., str]:
    def note(*args: Any, **options: Any) -> str:
        made.append(digest(*args, **options))
        return made[-1]

    return note


def test_recovery_waits_for_no_mail_server(client: FlaskClient, session: Session, app: Flask) -> None:
    """The one difference that an outsider could time is a row in the outbox, never a conversation by SMTP."""
    app.config["MAIL_BACKEND"] = "smtp"
    app.config["MAIL_PORT"] = 9  # nobody listens
    make.user(session, "An", email="an@example.vn")
    assert client.post(FORGOT, data={"email": "an@example.vn"}).status_code == 200
    assert [(mail.recipient, mail.state) for mail in mails(session)] == [("an@example.vn", MailState.WAITING)]


def test_the_link_of_recovery_sets_a_password_once_and_vouches_for_the_address(app: Flask, session: Session) -> None:
    an = make.user(session, "An", email="an@example.vn")
    set_password(an)
    an.confirmed_at = None
    app.test_client().post(FORGOT, data={"email": "an@example.vn"})
    link = link_in(mails(session)[0])
    new = {"password": "thuyền nan qua sông Đuống", "password_confirm": "thuyền nan qua sông Đuống"}
    answers = [app.test_client().post(link, data=new).status_code for _ in range(2)]
    assert (answers[0], an.confirmed_at is not None) == (302, True)
    signed_in = app.test_client().post("/tai-khoan/dang-nhap", data={"email": an.email, "password": new["password"]})
    assert signed_in.location == "/ban-lam-viec"
    old = {"password": "một câu khác hẳn rất dài", "password_confirm": "một câu khác hẳn rất dài"}
    app.test_client().post(link, data=old)
    refused = app.test_client().post("/tai-khoan/dang-nhap", data={"email": an.email, "password": old["password"]})
    assert refused.status_code == 422


def test_the_text_of_a_mail_that_opens_an_account_goes_when_it_is_sent(session: Session) -> None:
    secret = outbox.write_to_address(session, "a@example.vn", subject="x", body="link", now=make.NOW, secret=True)
    other = outbox.write_to_address(session, "a@example.vn", subject="x", body="tin", now=make.NOW)
    for mail in (secret, other):
        outbox.mark_sent(session, mail.id, now=make.NOW)
        session.refresh(mail)
    assert (secret.body, other.body) == ("", "tin")


def test_signing_up_asks_nobody_in_the_inbox(client: FlaskClient, session: Session) -> None:
    client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    assert mails(session)[0].body not in client.get("/tin-nhan").text
    assert session.scalars(select(User)).one().confirmed_at is None
