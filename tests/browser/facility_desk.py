"""A facility at its desk in a real browser: the application served on a free port, the person signed in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.serving import make_server

from app.infra.database import db
from app.models.dossier import DossierDocument, DossierPhoto
from tests import chromium
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.registering import draft

THREE_G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""A 3G line in bytes a second and milliseconds, as browsers' tools understand it."""


class BrowserDesk:
    """The person, the draft and the address that a browser opens."""

    def __init__(self, app: Flask, session: Session, port: int) -> None:
        self.session = session
        self.person = make.user(session, "An")
        self.facility = make.facility(session, self.person)
        self.round = make.round_(session)
        self.entry = draft(session, make.acting(session, self.person), self.round, self.facility)
        client = sign_in(app, self.person)
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.site = f"http://127.0.0.1:{port}"
        self.cookie = {"name": "session", "value": cookie.value, "url": self.site}
        self.base = f"{self.site}/co-so/ho-so/{self.entry.id}"

    def photos(self) -> list[DossierPhoto]:
        """The photos that the dossier holds now."""
        db.session.rollback()
        mine = select(DossierPhoto).where(DossierPhoto.dossier_id == self.entry.dossier_id)
        return list(self.session.scalars(mine.options(joinedload(DossierPhoto.file))))

    def papers(self) -> list[DossierDocument]:
        """The papers that the dossier holds now."""
        db.session.rollback()
        mine = select(DossierDocument).where(DossierDocument.dossier_id == self.entry.dossier_id)
        return list(self.session.scalars(mine.options(joinedload(DossierDocument.file))))


@contextmanager
def serving(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserDesk]:
    """The application with CSRF on, as people meet it, and the tests' clock."""
    from app.web.facility import entries, home, papers, photos, places, profiles, story, submitting, uploading

    for module in (entries, home, papers, photos, places, profiles, story, submitting, uploading):
        monkeypatch.setattr(module, "now", lambda: make.NOW)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield BrowserDesk(app, session, server.server_port)
    finally:
        server.shutdown()
        thread.join()


def open_page(play: Playwright, desk: BrowserDesk, **options: Any) -> Any:
    """A page in a browser of its own in which the person is signed in."""
    windows = chromium.context(chromium.launch(play), **options)
    windows.add_cookies([desk.cookie])
    # Fonts are cut at the first request of an instance, and every test has its own: not what is tested here.
    windows.route("**/fonts/**", lambda route: route.abort())
    return windows.new_page()
