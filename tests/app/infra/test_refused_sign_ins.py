"""Who tries to come in and may not: in the audit chain for an account that exists, without what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.infra.database import db
from app.infra.refused_sign_ins import REFUSED
from app.models.account import User
from app.models.record import AuditEvent
from app.services import audit
from tests.app import make
from tests.app.conftest import set_password


@pytest.fixture
def an(session: Session) -> User:
    person = make.user(session, "An", email="an@example.vn")
    set_password(person)
    return person


def tried(app: Flask, email: str, password: str, **more: Any) -> int:
    answer = app.test_client().post("/tai-khoan/dang-nhap", data={"email": email, "password": password}, **more)
    answer.close()  # the server does so once the answer is sent
    return int(answer.status_code)


def kept(session: Session) -> list[tuple[str, str, str, int | None]]:
    db.session.rollback()
    rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "sign_in:refuse").order_by(AuditEvent.number))
    return [(row.subject, row.details["why"], row.actor_name, row.actor_id) for row in rows]


def counted(why: str) -> float:
    return REFUSED.labels(why)._value.get()


def test_a_wrong_password_of_an_account_is_a_link_of_the_chain_by_nobody(app: Flask, session: Session, an: User) -> None:
    assert tried(app, "an@example.vn", "không phải đâu") == 422
    assert kept(session) == [(f"user:{an.id}", "password", "", None)]
    assert audit.verify(session) == []


def test_a_right_password_leaves_none(app: Flask, session: Session, an: User) -> None:
    assert tried(app, "an@example.vn", make.PASSWORD) == 302
    assert kept(session) == []


def test_a_closed_account_is_told_apart(app: Flask, session: Session, an: User) -> None:
    an.active = False
    assert tried(app, "an@example.vn", make.PASSWORD) == 422
    assert kept(session) == [(f"user:{an.id}", "closed", "", None)]


def test_a_name_that_has_no_account_is_a_figure_and_a_line_without_the_name(app: Flask, session: Session, an: User) -> None:
    before = counted("unknown")
    with capture_logs() as logs:
        assert tried(app, "mat-khau-cua-toi@example.vn", "không phải đâu") == 422
    assert kept(session) == []
    assert counted("unknown") - before == 1
    refused = [line for line in logs if line["event"] == "sign-in refused"]
    assert [line["why"] for line in refused] == ["unknown"]
    assert "mat-khau-cua-toi" not in str(logs)


def test_it_is_kept_after_the_answer_so_that_its_time_tells_nothing(app: Flask, session: Session, an: User) -> None:
    answer = app.test_client().post("/tai-khoan/dang-nhap", data={"email": "an@example.vn", "password": "không phải đâu"})
    assert kept(session) == []
    answer.close()
    assert len(kept(session)) == 1
