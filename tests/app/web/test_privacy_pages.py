"""Personal data in the browser's eyes: the public register, one's own page, and the administrator's decision."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra.retention import read_schedule
from app.infra.toolbox import toolbox
from app.models.privacy import Consent, ErasureRequest
from app.models.record import Job
from app.services import outbox
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.web.test_account import SIGN_UP


def test_everybody_may_read_what_is_kept_and_why(app: Flask, client: FlaskClient) -> None:
    page = client.get("/du-lieu-ca-nhan").text
    lines = read_schedule(toolbox().settings)
    assert [line.key for line in lines if line.what not in page] == []
    assert 'href="/du-lieu-ca-nhan"' in client.get("/").text


def test_signing_up_keeps_the_consent_as_a_row(client: FlaskClient, session: Session) -> None:
    client.post("/tai-khoan/dang-ky", data=SIGN_UP)
    assert [(row.purpose, row.version) for row in session.scalars(select(Consent))] == [("contest", "2026-11")]
    assert "bản 2026-11" in client.get("/tai-khoan/du-lieu").text


def test_a_link_that_opens_the_account_is_not_among_ones_data(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    outbox.write_to_address(session, an.email, subject="Mật khẩu", body="http://bi-mat", now=make.NOW, secret=True)
    client = sign_in(app, an)
    assert "bi-mat" not in client.get("/tai-khoan/du-lieu.json").text + client.get("/tai-khoan/du-lieu").text


def test_a_person_asks_and_an_administrator_erases(app: Flask, session: Session) -> None:
    an, quan = make.user(session, "An"), make.user(session, "Quân")
    make.administrator(session, quan)
    own, admin = sign_in(app, an), sign_in(app, quan)
    assert own.post("/tai-khoan/du-lieu/yeu-cau-xoa", data={"reason": "Không dùng nữa"}).status_code == 303
    row = session.scalars(select(ErasureRequest)).one()
    assert "Không dùng nữa" in admin.get("/quan-tri/du-lieu-ca-nhan").text
    assert admin.get(f"/quan-tri/du-lieu-ca-nhan/{row.id}").status_code == 200
    assert admin.post(f"/quan-tri/du-lieu-ca-nhan/{row.id}/xoa", data={"answer": ""}).status_code == 303
    assert (own.get("/ban-lam-viec").status_code, an.active) == (302, False)


def test_the_job_lets_go_of_what_is_due(app: Flask, session: Session) -> None:
    quan = make.user(session, "Quân")
    make.administrator(session, quan)
    assert sign_in(app, quan).post("/quan-tri/du-lieu-ca-nhan/het-han").status_code == 303
    [job] = session.scalars(select(Job).where(Job.kind == "retention"))
    assert set(job.result) == {"sessions", "addresses", "mails", "erasure_reasons"}
