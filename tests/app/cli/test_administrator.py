"""`tieubieu administrator`: how the first person gets into an installation that has nobody."""

from __future__ import annotations

from urllib.parse import urlsplit

from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.administrator import administrator
from app.domain.vocabulary import Role
from app.infra.clock import now
from app.infra.database import db
from app.models.account import RoleGrant, User
from app.queries.rights import actor_for
from tests.app import make

EMAIL = "quan@tinh.example"


def run(app: Flask, *arguments: str) -> Result:
    answer = app.test_cli_runner().invoke(administrator, arguments)
    db.session.expire_all()
    return answer


def test_the_first_administrator_sets_a_password_at_the_printed_link_and_signs_in(app: Flask, session: Session) -> None:
    printed = run(app, "Quan@Tinh.example", "--name", "Quân Thử Nghiệm")
    said, link = printed.output.splitlines()
    assert (printed.exit_code, said) == (0, f"{EMAIL} is an administrator. Password, within five days and once:")
    client, password = app.test_client(), "mot-mat-khau-dai-2026"
    typed = {"password": password, "password_confirm": password}
    assert client.post(urlsplit(link).path, data=typed).status_code == 302
    person = session.scalars(select(User).where(User.email == EMAIL)).one()
    assert (person.name, actor_for(session, person.id, now=now()).is_administrator) == ("Quân Thử Nghiệm", True)
    client.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": password})
    assert client.get("/quan-tri/").status_code == 200
    again = app.test_client().post(urlsplit(link).path, data=typed)
    assert again.headers["Location"].endswith("/tai-khoan/quen-mat-khau"), "the link holds once"


def test_an_administrator_is_named_once_however_often_the_command_runs(app: Flask, session: Session) -> None:
    assert [run(app, EMAIL, "--name", "Quân").exit_code, run(app, EMAIL).exit_code] == [0, 0]
    assert session.scalars(select(RoleGrant.role)).all() == [Role.ADMINISTRATOR]


def test_a_closed_account_is_not_made_an_administrator(app: Flask, session: Session) -> None:
    closed = make.user(session, "Quân", email=EMAIL)
    closed.active = False
    session.commit()
    answer = run(app, EMAIL)
    assert (answer.exit_code, answer.output.strip()) == (1, "Error: the account of EMAIL is closed")
    assert session.scalars(select(RoleGrant.id)).all() == []


def test_an_account_that_is_missing_needs_a_name_and_an_address(app: Flask, session: Session) -> None:
    answers = [run(app, EMAIL), run(app, "khong-phai-thu", "--name", "Quân")]
    assert [(answer.exit_code, answer.output.strip()) for answer in answers] == [
        (1, "Error: a new account needs --name"),
        (1, "Error: EMAIL is no mail address"),
    ]
    assert session.scalars(select(User.id)).all() == []
