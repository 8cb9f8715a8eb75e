"""A whole panel judges in the browser, clicking as judges do: 9 judges and 45 products, the jury of Bình Thuận in 2022.

Every judge signs in, answers the conflict gate, and takes what the queue offers until it is empty:
looks at photo and papers, types the marks with the keyboard, now and then writes a comment, leaves a
sheet and comes back to it, and signs. Afterwards the database must hold exactly what was typed.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select, update

from app.domain.vocabulary import SheetAction, SheetState
from app.infra.database import db
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.sheet import ScoreEvent, ScoreSheet
from app.services import chain
from tests.app import make
from tests.browser.judge_hall import attach_dossier, wait_kept
from tests.chromium import browser, context
from tests.soak.hall import Hall, fill
from tests.soak.serving import on_sqlite

Row = dict[str, Any]
SIZES = {False: (9, 45), True: (2, 4)}
AT_ONCE = 3
"""Browsers at the same time: they and the server share this machine's cores."""
MAXIMA = (40, 40, 10, 10)
COMMENT_EVERY, LEAVE_EVERY, PAPERS_EVERY = 5, 4, 3


@dataclass
class Judged:
    """What one judge did: totals by entry code, seconds a sheet, what the browser complained of."""

    totals: dict[str, Decimal] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def run(quick: bool) -> Iterator[Row]:
    """Rows of the table; the short form is 2 judges with 4 products each."""
    judges, entries = SIZES[quick]
    with tempfile.TemporaryDirectory(prefix="tieubieu-panel-") as folder, on_sqlite(Path(folder)) as (served, app):
        hall = prepare(app, judges=judges, entries=entries)
        served.start()
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = list(pool.map(lambda judge: judge_all(served.url, judge.email, entries), hall.judges))
        took = time.monotonic() - began
        yield from _rows(app, hall, [judge.email for judge in hall.judges], done, took, entries)


def prepare(app: Flask, *, judges: int, entries: int) -> Hall:
    """The hall with dossiers to look at, its judges still before the conflict gate."""
    hall = fill(app, judges=judges, sheets_each=entries)
    with app.app_context():
        session = db.session()
        for number, entry in enumerate(session.scalars(select(Entry).where(Entry.round_id == hall.round_id)).all()):
            attach_dossier(session, entry, number)
        session.execute(update(PanelSeat).where(PanelSeat.round_id == hall.round_id).values(answer=None))
        session.commit()
        db.session.remove()
    return hall


def judge_all(url: str, email: str, entries: int) -> Judged:
    """One judge's day, in a browser of their own."""
    told, draw = Judged(), random.Random(email)
    with browser() as started:
        page = context(started, viewport={"width": 1024, "height": 768}).new_page()
        page.on("pageerror", lambda error: told.complaints.append(str(error)))
        page.on("console", lambda message: told.complaints.append(message.text) if message.type == "error" else None)
        _come_in(page, url, email)
        turn = 0
        while (next_sheet := page.locator("main a.btn-main", has_text="Chấm ")).count():
            turn += 1
            began = time.monotonic()
            _score(page, next_sheet.first, told, draw, turn)
            told.seconds.append(time.monotonic() - began)
            assert turn <= 2 * entries, "the queue does not grow shorter"
    return told


def _come_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/tai-khoan/dang-nhap")
    page.fill("#email", email)
    page.fill("#password", make.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    page.locator(".site-nav a", has_text="Chấm điểm").click()
    page.locator("main a", has_text="Vào chấm").click()
    page.locator("main a.btn", has_text="Khai xung đột lợi ích").click()
    page.get_by_role("button", name="Tôi không có xung đột nào").click()
    page.wait_for_url("**/giam-khao/dot/*")


def _score(page: Page, link: Any, told: Judged, draw: random.Random, turn: int) -> None:
    """One turn at a sheet: it is signed, or left as a draft that the queue offers again first."""
    link.click()
    page.wait_for_selector("#phieu[data-autosaving=on]")
    code = page.locator(".focus-bar strong").inner_text()
    if turn % PAPERS_EVERY == 0:
        page.locator("[data-sheet-tabs] a", has_text="Giấy tờ").click()
        page.locator("#giay-to").wait_for()
    marks = [Decimal(draw.randint(maximum, 2 * maximum)) / 2 for maximum in MAXIMA]
    page.locator("[data-mark]").first.click()
    for mark in marks:
        page.keyboard.type(f"{mark.normalize():f}".replace(".", ","))
        page.keyboard.press("Enter")
    if turn % COMMENT_EVERY == 0:
        page.fill("#comment", f"Nhận xét {turn}: men đều, dáng cân.")
    if turn % LEAVE_EVERY == 0 and code not in told.totals:
        told.totals[code] = Decimal(-1)
        wait_kept(page, "saved")
        page.click(".focus-back")
        page.wait_for_url("**/giam-khao/dot/*")
        return
    page.click("[data-dialog=ky-phieu]")
    page.click("#ky-phieu [data-sign]")
    page.wait_for_url("**/giam-khao/dot/*")
    told.totals[code] = sum(marks, Decimal(0))


def _rows(app: Flask, hall: Hall, emails: list[str], done: list[Judged], took: float, entries: int) -> Iterator[Row]:
    expected = {
        (email, code): total for email, told in zip(emails, done, strict=True) for code, total in told.totals.items()
    }
    with app.app_context():
        session = db.session()
        kept = {
            (row.email, row.code): row.total
            for row in session.execute(
                select(User.email, Entry.code, ScoreSheet.total)
                .select_from(ScoreSheet)
                .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
                .join(Entry, Entry.id == Assignment.entry_id)
                .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
                .join(User, User.id == PanelSeat.user_id)
                .where(ScoreSheet.state == SheetState.SIGNED)
            )
        }
        signatures = session.scalar(
            select(func.count()).select_from(ScoreEvent).where(ScoreEvent.action == SheetAction.SIGN)
        )
        saves = session.scalar(select(func.count()).select_from(ScoreEvent).where(ScoreEvent.action == SheetAction.SAVE))
        broken = sum(seat.broken is not None for seat in chain.verify(session, hall.round_id).seats)
        db.session.remove()
    sheets = len(emails) * entries
    seconds = [one for told in done for one in told.seconds]
    different = sum(kept.get(key) != total for key, total in expected.items()) + len(kept.keys() - expected.keys())
    yield _row("sheets signed by clicking", len(kept), exactly=sheets)
    yield _row("sheets that differ from what was typed", different, exactly=0)
    yield _row("signatures in the chains", signatures or 0, exactly=sheets)
    yield _row("saves in the chains", saves or 0)
    yield _row("chains that do not hold", broken, exactly=0)
    yield _row("complaints of browsers", sum(len(told.complaints) for told in done), exactly=0)
    yield _row("whole panel", round(took, 1), unit="s")
    yield _row("a sheet, median", round(statistics.median(seconds), 2), unit="s")
    yield _row("a sheet, 95th percentile", round(statistics.quantiles(seconds, n=20)[18], 2), unit="s")


def _row(name: str, value: float, *, unit: str = "", exactly: int | None = None) -> Row:
    ok = None if exactly is None else value == exactly
    return {"name": name, "value": value, "unit": unit, "gate": exactly, "target": exactly, "ok": ok}
