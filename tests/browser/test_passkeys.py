"""Passkeys in a real browser with a virtual authenticator: as second factor, alone, and to confirm oneself again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.infra.database import db
from app.models.account import User
from tests.app import make
from tests.app.conftest import app, database_url, session, set_password, template
from tests.chromium import CHROMIUM, browser, context

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
__all__ = ["app", "database_url", "session", "template"]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Hall:
    """The person, the address, and what the browser complained about."""

    person: User
    site: str
    faults: list[str]


@pytest.fixture
def hall(app: Flask, session: Session) -> Iterator[Hall]:
    person = make.user(session, "An")
    set_password(person)
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    # Passkeys are bound to a name; an address of numbers is none.
    yield Hall(person, f"http://localhost:{server.server_port}", [])
    server.shutdown()
    thread.join()


@pytest.fixture
def page(hall: Hall) -> Iterator[Any]:
    with browser() as started:
        windows = context(started)
        windows.route("**/fonts/**", lambda route: route.abort())
        opened = windows.new_page()
        opened.on("console", lambda line: hall.faults.append(line.text) if "Content Security" in line.text else None)
        devtools = windows.new_cdp_session(opened)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield opened


def sign_in(page: Any, hall: Hall) -> None:
    page.goto(f"{hall.site}/tai-khoan/dang-nhap")
    page.fill("input[name=email]", hall.person.email)
    page.fill("input[name=password]", make.PASSWORD)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def sign_out(page: Any) -> None:
    page.context.clear_cookies()


def add_passkey(page: Any, hall: Hall, usage: str) -> None:
    page.goto(f"{hall.site}/tai-khoan/khoa-truy-cap")
    page.fill("input[name=name]", "Máy ở cơ quan")
    page.check(f"input[name=usage][value={usage}]")
    page.click("main button[type=submit]")
    page.wait_for_url("**/tai-khoan/bao-ve")


def kept(hall: Hall) -> list[tuple[str, str]]:
    db.session.rollback()
    db.session.refresh(hall.person)
    return [(key.name, key.usage) for key in hall.person.webauthn]


def test_a_passkey_is_the_second_factor_after_the_password(page: Any, hall: Hall) -> None:
    sign_in(page, hall)
    add_passkey(page, hall, "secondary")
    assert kept(hall) == [("Máy ở cơ quan", "secondary")]
    sign_out(page)
    sign_in(page, hall)
    assert page.url.split("?")[0] == f"{hall.site}/tai-khoan/dang-nhap-bang-khoa"
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    assert hall.faults == []


def test_a_passkey_alone_opens_the_desk(page: Any, hall: Hall) -> None:
    sign_in(page, hall)
    add_passkey(page, hall, "first")
    sign_out(page)
    page.goto(f"{hall.site}/tai-khoan/dang-nhap-bang-khoa")
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    assert (kept(hall), hall.faults) == ([("Máy ở cơ quan", "first")], [])


def test_a_browser_without_the_passkey_stays_outside(page: Any, hall: Hall) -> None:
    page.goto(f"{hall.site}/tai-khoan/dang-nhap-bang-khoa")
    page.click("main button[type=submit]")
    page.wait_for_selector("[data-passkey-state]:not(:empty)")
    page.goto(f"{hall.site}/ban-lam-viec")
    assert page.url.split("?")[0] == f"{hall.site}/tai-khoan/dang-nhap"
