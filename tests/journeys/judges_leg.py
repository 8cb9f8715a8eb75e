"""The judges' legs: Chi in the browser, Dũng and Em without."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page
from sqlalchemy import select

from app.infra.clock import now
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.services import conflicts, judging
from tests.browser.judge_hall import wait_kept
from tests.journeys.walk import CHI, DUNG, EM, PRODUCT, Walk, press, text_of

# By place of the entry: the first is best, the other two are equal in every criterion.
MARKS = (("36", "36", "9", "9"), ("32", "32", "8", "8"), ("32", "32", "8", "8"))


def chi_judges(walk: Walk) -> None:
    """No dossier opens before the declaration; three sheets are typed, saved and signed."""
    page = walk.sign_in(CHI)
    walk.open(page, "/giam-khao/")
    press(page, "Vào chấm")
    assert page.locator("main a[href*='/giam-khao/phieu/']").count() == 0
    press(page, "Khai xung đột lợi ích")
    press(page, "Tôi không có xung đột nào")
    addresses = _addresses(page)
    assert len(addresses) == len(MARKS)
    for address, marks in zip(addresses, MARKS, strict=True):
        walk.open(page, address)
        _types_marks(page, marks)
        _signs(page, address)
    _cannot_change(walk, page, addresses[0])
    page.context.close()


def others_judge(walk: Walk) -> None:
    """The same marks from two more judges."""
    for email in (DUNG, EM):
        with walk.services(email) as (session, judge):
            conflicts.declare(session, judge, round_id=walk.round_id, conflicts={}, now=now())
        with walk.services(email) as (session, judge):
            mine = (
                select(Assignment.id)
                .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
                .join(User, User.id == PanelSeat.user_id)
                .join(Entry, Entry.id == Assignment.entry_id)
                .where(User.email == email)
                .order_by(Entry.code)
            )
            for assignment_id, marks in zip(session.scalars(mine).all(), MARKS, strict=True):
                points = {str(number): mark for number, mark in enumerate(marks, start=1)}
                saved = judging.save_draft(
                    session, judge, assignment_id=assignment_id, points=points, comment="", version=0,
                    operation=uuid.uuid4().hex, now=now(),
                )  # fmt: skip
                judging.sign(
                    session, judge, assignment_id=assignment_id, version=saved.version, operation=uuid.uuid4().hex, now=now()
                )


def _addresses(page: Page) -> list[str]:
    links = page.locator("main th a[href*='/giam-khao/phieu/']")
    found = {link.inner_text(): str(link.get_attribute("href")) for link in links.all()}
    assert PRODUCT in min(found)
    return [found[code] for code in sorted(found)]


def _types_marks(page: Page, marks: tuple[str, ...]) -> None:
    boxes = page.locator("[data-mark]:not([readonly])")
    assert boxes.count() == len(marks)
    boxes.first.click()
    for mark in marks:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")  # the next box
    wait_kept(page, "saved")
    assert _total(page) == sum(int(mark) for mark in marks)


def _signs(page: Page, address: str) -> None:
    page.locator("[data-dialog=ky-phieu]").click()
    with page.expect_navigation():
        page.click("#ky-phieu [data-sign]")
    assert "Đã ký" in text_of(page)


def _cannot_change(walk: Walk, page: Page, address: str) -> None:
    """The page offers nothing to type into, and the server refuses what a script sends."""
    walk.open(page, address)
    assert "Phiếu không sửa được nữa." in text_of(page)
    assert page.locator("[data-mark]:not([readonly])").count() == 0
    answer = page.request.post(
        f"{walk.server.url}{address}/luu",
        headers={"X-CSRFToken": page.locator("form#phieu [name=csrf_token]").input_value(), "Referer": page.url},
        data={"fields": {"points-1": "40"}, "version": 2, "operation_id": uuid.uuid4().hex},
    )
    assert answer.status == 409, answer.text()
    page.reload()
    assert _total(page) == sum(int(mark) for mark in MARKS[0])


def _total(page: Page) -> float:
    return float(page.locator("[data-total]").inner_text().split()[0].replace(",", "."))
