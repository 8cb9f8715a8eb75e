"""Guessing a password is slowed down for the account that is tried, not for a hall behind one address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.factory import create_app
from app.infra.database import db
from app.infra.settings import from_environment
from app.infra.tally import Tally
from app.web.api.access import BY_TOKEN
from tests.app import make
from tests.app.conftest import Browser, set_password, sign_in


@pytest.fixture
def limited(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    settings = from_environment(
        {
            "TIEUBIEU_MODE": "demo",
            "TIEUBIEU_INSTANCE": str(tmp_path / "instance"),
            "TIEUBIEU_DATABASE_URL": database_url,
            "TIEUBIEU_QUEUE_URL": "memory://",
        }
    )
    application = create_app(settings)
    application.config["WTF_CSRF_ENABLED"] = False
    application.test_client_class = Browser
    with application.app_context():
        yield application


def guess(app: Flask, email: str) -> int:
    answer = app.test_client().post("/tai-khoan/dang-nhap", data={"email": email, "password": "không phải đâu"})
    return int(answer.status_code)


def test_the_eleventh_guess_within_a_minute_waits_and_another_account_does_not(limited: Flask) -> None:
    statuses = [guess(limited, "an@example.vn") for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert guess(limited, "binh@example.vn") == 422


def test_an_installation_without_redis_counts_in_its_own_memory(limited: Flask) -> None:
    guess(limited, "an@example.vn")
    store = limited.extensions["limiter"].copy().pop().storage
    assert isinstance(store, Tally)
    assert len(store) == 2  # the account from this address, and the address


def test_guesses_at_a_code_are_counted_for_the_account_wherever_they_come_from(limited: Flask) -> None:
    statuses = []
    for number in range(11):
        client = limited.test_client()
        with client.session_transaction() as cookie:
            cookie.update(tf_user_id="an", tf_state="ready")
        address = {"REMOTE_ADDR": f"203.0.113.{number}"}
        statuses.append(client.post("/tai-khoan/ma-xac-thuc", data={"code": "000000"}, environ_base=address).status_code)
    assert statuses == [302] * 10 + [429]


def test_a_stolen_session_guesses_at_the_password_of_its_owner_ten_times(limited: Flask) -> None:
    person = make.user(db.session(), "An")
    set_password(person)
    guesses = [sign_in(limited, person).post("/tai-khoan/xac-nhan-lai", data={"password": "sai"}) for _ in range(11)]
    assert [answer.status_code for answer in guesses] == [200] * 10 + [429]


def test_a_program_that_asks_too_often_is_told_when_to_come_back_and_another_token_is_not(limited: Flask) -> None:
    client = limited.test_client()

    def ask(word: str) -> Any:
        return client.get("/api/v1/rounds", headers={"Authorization": f"Bearer {word}"})

    allowed = int(BY_TOKEN.split()[0])
    assert {ask("mot").status_code for _ in range(allowed)} == {401}
    refused = ask("mot")
    assert (refused.status_code, refused.mimetype) == (429, "application/json")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert ask("hai").status_code == 401
