"""The council's legs: a session, votes entry by entry, the decisions, the order, and publishing."""

from __future__ import annotations

import io

from playwright.sync_api import Page
from sqlalchemy import select
from weasyprint import HTML

from app.domain.deadlines import local_date
from app.domain.vocabulary import CouncilRole
from app.infra.clock import now
from app.models.account import User
from app.services import council_seats
from tests.journeys.walk import GIANG, HOA, INH, ORDER_NUMBER, PRODUCT, ROUND_CODE, Walk, confirm, press, text_of

MEMBERS = ((HOA, CouncilRole.CHAIR), (INH, CouncilRole.MEMBER))


def plans_session(walk: Walk) -> None:
    """Two members are appointed, a session is planned, attendance is taken, the session opens."""
    with walk.services(GIANG) as (session, giang):
        for email, role in MEMBERS:
            user_id = session.scalars(select(User.id).where(User.email == email)).one()
            council_seats.seat(session, giang, round_id=walk.round_id, user_id=user_id, role=role, now=now())
    page = walk.sign_in(GIANG)
    walk.open(page, f"/to-giup-viec/dot/{walk.round_id}/hoi-dong")
    page.fill("[name=on]", local_date(now()).isoformat())
    page.fill("[name=place]", "Hội trường mẫu")
    press(page, "Lập phiên họp", within="main form")
    for box in page.locator("[name=seat_ids]").all():
        box.check()
    press(page, "Ghi điểm danh")
    press(page, "Mở phiên họp")
    assert "Đang họp" in text_of(page)
    page.context.close()


def votes(walk: Walk) -> None:
    """Both members vote on each entry; the chair ends the session."""
    for email, _role in reversed(MEMBERS):
        page = _in_session(walk, email)
        total = page.locator("form[data-vote]").count()
        assert total == 3
        for number in range(total):
            choice = "for" if number < 2 else "against"
            button = page.locator("form[data-vote]").nth(number).locator(f"button[value={choice}]")
            button.click()
            page.wait_for_function(
                "([n, c]) => document.querySelectorAll('form[data-vote]')[n]"
                ".querySelector(`button[value=${c}]`).getAttribute('aria-pressed') === 'true'",
                arg=[number, choice],
            )
        assert "Bạn đã biểu quyết 3/3" in text_of(page)
        if email == HOA:
            _closes_and_decides(page)
        page.context.close()


def _closes_and_decides(page: Page) -> None:
    page.click("[data-dialog=dong-phien]")
    confirm(page, "dong-phien", "Kết thúc")
    if "/quyet-dinh" not in page.url:
        press(page, "Quyết định", within="body")
    while page.locator("main form[action*='/quyet-dinh/'] button:has-text('ông nhận')").locator("visible=true").count():
        press(page, "ông nhận", within="main form[action*='/quyet-dinh/']")
    adopt = page.locator("main form[action$='/thong-qua'] button")
    if adopt.count():
        with page.expect_navigation():
            adopt.first.click()
    row = page.locator("main tr", has_text=PRODUCT)
    row.locator("[name=recognition_ids]").check()
    press(page, "Ghi lựa chọn đề cử")
    assert "Đã chọn đề cử" in page.locator("main tr", has_text=PRODUCT).inner_text()


def _in_session(walk: Walk, email: str) -> Page:
    page = walk.sign_in(email)
    walk.open(page, "/hoi-dong/")
    press(page, "Phiên họp 1")
    return page


def publishes(walk: Walk) -> None:
    """The order with its PDF, attached to what was recognised; then everything becomes public."""
    page = walk.sign_in(GIANG)
    walk.open(page, f"/to-giup-viec/dot/{walk.round_id}/cong-bo")
    assert page.locator("[data-dialog=cong-bo]").count() == 0
    _records_order(page)
    press(page, "Gắn với 2 sản phẩm")
    page.click("[data-dialog=cong-bo]")
    page.fill("#cong-bo [name=confirm_name]", ROUND_CODE)
    confirm(page, "cong-bo", "Công bố")
    assert "Đã công bố lúc" in text_of(page)
    page.context.close()


def _records_order(page: Page) -> None:
    sink = io.BytesIO()
    HTML(string="<h1>QUYẾT ĐỊNH (mẫu)</h1>").write_pdf(sink)
    page.select_option("[name=kind]", "recognition_order")
    page.fill("[name=number]", ORDER_NUMBER)
    page.fill("[name=decided_on]", local_date(now()).isoformat())
    page.fill("[name=signer_name]", "Người Ký Mẫu")
    paper = {"name": "quyet-dinh.pdf", "mimeType": "application/pdf", "buffer": sink.getvalue()}
    page.locator("[name=file]").set_input_files([paper])
    press(page, "Ghi văn bản")
    assert ORDER_NUMBER in text_of(page)
