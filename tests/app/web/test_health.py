"""What machines are told: ready or not and why, figures without people in them, and when to come back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.infra import farewell, readiness
from app.infra.database import db
from app.infra.logging import without_personal_data
from app.infra.slow_statements import init_slow_statements
from app.infra.toolbox import toolbox
from tests.app import make
from tests.app.conftest import sign_in

ALL = {"database": "ok", "migrations": "ok", "storage": "ok", "queue": "ok"}


@pytest.fixture(autouse=True)
def store(app: Flask) -> None:
    """The storage's folder, which its first use makes."""
    assert toolbox().storage is not None


@contextmanager
def unreachable(app: Flask) -> Iterator[None]:
    """The database refuses every connection, as a server that was stopped does."""
    db.session.rollback()
    db.session.remove()
    engine, kept = db.engine, db.engine.pool
    engine.dispose()

    class Gone(Exception):
        sqlite_errorname = "SQLITE_CANTOPEN"

    def refuse(*_: Any) -> Any:
        raise OperationalError("connect", {}, Gone("no such server"))

    engine.pool = type("Nothing", (), {"connect": refuse, "dispose": kept.dispose})()
    try:
        yield
    finally:
        engine.pool = kept


def test_a_server_that_takes_leave_says_so_to_its_proxy_and_answers_everybody_else(client: FlaskClient) -> None:
    farewell.say()
    try:
        answer = client.get("/readyz")
        others = [client.get(page).status_code for page in ("/healthz", "/")]
    finally:
        farewell.take_back()
    assert (answer.status_code, answer.json, others) == (503, {"status": "ending"}, [200, 200])
    assert client.get("/readyz").status_code == 200


def test_it_is_ready_when_every_part_answers(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "parts": ALL})


def test_a_database_behind_this_release_is_not_ready(client: FlaskClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["parts"]) == (503, {**ALL, "migrations": "migrations are not at head"})


def test_a_store_that_is_gone_is_not_ready(client: FlaskClient) -> None:
    shutil.rmtree(toolbox().settings.instance / "files")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["parts"]) == (503, {**ALL, "storage": "unreachable"})


def test_a_store_that_neither_answers_nor_refuses_is_asked_once_and_waited_for_by_nobody(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, speak = [], Event()

    class Silent:
        def exists(self, key: str) -> bool:
            asked.append(key)
            return speak.wait(60)

    monkeypatch.setattr(toolbox(), "settings", replace(toolbox().settings, storage_url="s3://tieubieu"))
    monkeypatch.setitem(vars(toolbox()), "storage", Silent())
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.05)
    told = [client.get("/readyz") for _ in range(3)]
    assert [answer.status_code for answer in told] == [503] * 3
    assert [answer.json["parts"] for answer in told] == [{**ALL, "storage": "unreachable"}] * 3
    assert len(asked) == 1
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 60.0)
    speak.set()
    assert client.get("/readyz").status_code == 200


def test_without_the_queue_requests_are_still_served(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> int:
        raise ConnectionError

    monkeypatch.setattr(app.extensions["queue"], "pending_count", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "degraded", "parts": {**ALL, "queue": "unreachable"}})


def test_without_the_database_it_is_alive_but_not_ready(app: Flask) -> None:
    with unreachable(app):
        browser = FlaskClient(app)
        assert browser.get("/healthz").status_code == 200
        answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["parts"]) == (
        503,
        {"database": "unreachable", "migrations": "unreachable", "storage": "ok", "queue": "ok"},
    )


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_page_without_the_database_says_when_to_come_back(app: Flask, session: Session, is_signed_in: bool) -> None:
    browser = sign_in(app, make.user(session)) if is_signed_in else app.test_client()
    kept = browser.get_cookie("session")
    with unreachable(app):
        plain = FlaskClient(app)
        if kept:
            plain.set_cookie("session", kept.value)
        page, told = plain.get("/dot-binh-chon"), plain.get("/dot-binh-chon", headers={"Accept": "application/json"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Dữ liệu đã lưu vẫn còn nguyên" in page.text
    assert (told.status_code, told.json["error"]["code"]) == (503, "database_down")
    assert browser.get("/dot-binh-chon").status_code == 200


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(app: Flask, client: FlaskClient) -> None:
    def status(**options: Any) -> int:
        return client.get("/metrics", **options).status_code

    assert status() == 200
    assert status(environ_base={"REMOTE_ADDR": "192.0.2.7"}) == 404
    assert status(headers={"X-Forwarded-For": "127.0.0.1"}) == 404
    app.extensions["toolbox"].settings = replace(toolbox().settings, metrics_token="t" * 32)
    assert status() == 404
    assert status(headers={"Authorization": f"Bearer {'t' * 31}"}) == 404
    assert status(headers={"Authorization": f"Bearer {'t' * 32}"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}) == 200


def test_figures_count_endpoints_and_name_nobody(app: Flask, session: Session, client: FlaskClient) -> None:
    person = make.user(session, "Nguyễn Thị Ẩn", email="an-danh@example.vn")
    before = _requests(client)
    sign_in(app, person).get("/gcn/KHONG-CO-MA")
    after = _requests(client)
    told = client.get("/metrics").text
    assert after - before == 1
    assert 'tieubieu_rows{table="users"} 1.0' in told
    assert not [word for word in ("Ẩn", "an-danh", "KHONG-CO-MA") if word in told]


def _requests(client: FlaskClient) -> float:
    sign = 'tieubieu_requests_total{endpoint="public.verify",method="GET",status="404"} '
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.removeprefix(sign)) for line in lines if line.startswith(sign))


def test_a_slow_statement_is_told_without_its_values(
    app: Flask, session: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    init_slow_statements(app, 1)
    search = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n WHERE :word <> ''"
    )
    with capture_logs() as events:
        session.execute(search, {"word": "bí-mật"})
    told = [event for event in events if event["event"] == "slow statement"]
    assert [event["statement"].startswith("WITH RECURSIVE") for event in told] == [True]
    assert "bí-mật" not in json.dumps(told, ensure_ascii=False)


def test_a_faults_words_are_logged_without_people() -> None:
    said = "duplicate key\nDETAIL:  Key (email)=(an@example.vn) already exists.\n[SQL: INSERT] an@example.vn 0912345678 row 12345"
    event = without_personal_data(None, "", {"exception": said})
    assert event == {"exception": "duplicate key\nDETAIL: …\n[SQL: INSERT] … … row 12345"}


def test_the_values_of_a_failed_statement_are_not_in_its_words(app: Flask, session: Session) -> None:
    with pytest.raises(Exception, match="nowhere") as caught:
        session.execute(text("SELECT :word FROM nowhere"), {"word": "bí-mật"})
    assert "bí-mật" not in str(caught.value)
