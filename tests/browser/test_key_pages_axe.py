"""axe-core finds nothing on the pages that people meet first; ./run look is the long form, for every page and role."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.app import make
from tests.app.conftest import app, database_url, session, sign_in, template
from tests.chromium import CHROMIUM, browser
from tests.look.axe import look

__all__ = ["app", "database_url", "session", "template"]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
OPEN = ("/", "/san-pham", "/tra-cuu", "/tro-giup/giam-khao", "/tai-khoan/dang-nhap")


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_axe_finds_nothing_on_the_pages_that_people_meet_first(app: Flask, session: Session, site: str) -> None:
    person, round_ = make.user(session, "Giang"), make.round_(session)
    make.secretary(session, person, round_)
    cookie = sign_in(app, person).get_cookie("session")
    assert cookie is not None
    own = ("/ban-lam-viec", "/to-giup-viec/", f"/to-giup-viec/dot/{round_.id}", f"/to-giup-viec/dot/{round_.id}/ho-so")
    with browser() as started:
        found = [*look(started, site, None, OPEN), *look(started, site, cookie.value, own)]
    assert found == []
