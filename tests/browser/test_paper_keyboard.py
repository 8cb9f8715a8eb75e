"""Figures are keyed in from paper with the keyboard alone: field to field, the picture larger, saved, on to the next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.domain.vocabulary import ConflictAnswer, FileKind, PaperState, Phase
from app.infra.database import db
from app.models.account import User
from app.models.paper import PaperReading, PaperSheet, ScanBatch
from app.services import paper_scans, score_papers
from app.web.secretariat import paper_keying
from certificates.paperwork.forms.judging import code_of
from tests.app import make
from tests.app.conftest import app, database_url, session, sign_in, template
from tests.app.scanner import KEY
from tests.chromium import CHROMIUM, browser, context
from uploads.intake import Rendition

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")]
__all__ = ["app", "database_url", "session", "template"]

FOCUSED = "() => document.activeElement.id || document.activeElement.name"


@pytest.fixture
def papers(session: Session) -> list[int]:
    """Two sheets of Chi that have come back; the first lacks its second page."""
    round_ = make.round_(session, phase=Phase.JUDGING)
    facility = make.facility(session)
    seat = make.judge(session, round_, make.user(session, "Chi"), answer=ConflictAnswer.NONE)
    giang = make.user(session, "Giang")
    make.secretary(session, giang, round_)
    file = make.stored_file(session, b"a scan", kind=FileKind.PAPER)
    batch = ScanBatch(
        round_id=round_.id, sha256=file.sha256, filename="quet.pdf", pages=2, sent_by_id=giang.id, sent_at=make.NOW
    )
    session.add(batch)
    session.flush()
    for number, name in enumerate(("Ấm", "Chén"), 1):
        held = make.assignment(session, seat, make.entry(session, round_, facility, name=name))
        code = code_of(score_papers.content_of(session, held, key=KEY, blank=True)).of_page(1, 3 - number)
        picture = Rendition(f"{number:064x}", "image/jpeg", 1344, 1900, 1)
        paper_scans.keep_page(
            session, batch_id=batch.id, number=number, texts=[code.text()], picture=picture, keys=[KEY], now=make.NOW
        )
    session.commit()
    return list(session.scalars(select(PaperSheet.id).order_by(PaperSheet.id)))


@pytest.fixture
def page(app: Flask, session: Session, papers: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The first sheet, open before Giang."""
    monkeypatch.setattr(paper_keying, "now", lambda: make.NOW)
    app.config["WTF_CSRF_ENABLED"] = True
    giang = session.get_one(ScanBatch, 1).sent_by_id
    cookie = sign_in(app, session.get_one(User, giang)).get_cookie("session")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = f"http://127.0.0.1:{server.server_port}"
    with browser() as started:
        windows = context(started, viewport={"width": 1440, "height": 900})
        windows.add_cookies([{"name": "session", "value": cookie.value, "url": site}])
        windows.route("**/fonts/**", lambda route: route.abort())
        opened = windows.new_page()
        opened.goto(f"{site}/to-giup-viec/phieu-giay/{papers[0]}/nhap")
        yield opened
    server.shutdown()
    thread.join()


def readings(session: Session) -> list[PaperReading]:
    db.session.rollback()
    session.rollback()
    return list(session.scalars(select(PaperReading)))


def test_a_sheet_is_keyed_in_mended_and_saved_without_the_mouse(page: Any, session: Session, papers: list[int]) -> None:
    assert "Phiếu còn thiếu trang 2" in page.inner_text("form")
    walked = []
    for figure in ("41", "33", "9", "7,5", "84"):
        walked.append(page.evaluate(FOCUSED))
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    assert walked == ["points-1", "points-2", "points-3", "points-4", "total"]
    page.keyboard.type("Men đẹp")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "signature"
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "Điểm 41 vượt điểm tối đa 40." in page.inner_text(".error-summary")
    assert readings(session) == []

    assert page.evaluate(FOCUSED) == "points-1"  # the cursor stands in what is wrong, and typing replaces it
    page.keyboard.press("+")
    assert "is-150" in page.get_attribute("[data-paper-scroll]", "class")
    page.keyboard.type("34,5")
    assert page.inner_text("[data-total]").split() == ["84,0", "/", "100"]
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.url.endswith(f"/phieu-giay/{papers[1]}/nhap")
    [kept] = readings(session)
    assert (kept.sheet_id, kept.points, str(kept.written_total), kept.comment) == (
        papers[0],
        {"1": "34.5", "2": "33", "3": "9", "4": "7.5"},
        "84",
        "Men đẹp",
    )
    states = session.scalars(select(PaperSheet.state).order_by(PaperSheet.id)).all()
    assert states == [PaperState.ONCE, PaperState.WAITING]
