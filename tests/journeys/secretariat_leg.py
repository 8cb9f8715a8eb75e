"""The secretariat's legs: check and return, accept, panel, assignment, the phases."""

from __future__ import annotations

import io

from playwright.sync_api import Page
from sqlalchemy import select

from app.cli.demo.pictures import draw
from app.domain.vocabulary import EntryState, FacilityKind, PanelRole
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.models.account import User
from app.models.entry import Entry
from app.models.round import Round
from app.services import checking, facilities, panels, registration
from app.services.facilities import FacilityValues
from tests.app import make, registering
from tests.journeys.walk import CHI, DUNG, EM, FACILITY, GIANG, PRODUCT, Walk, acting, press, text_of
from uploads.intake import receive
from uploads.policy import PHOTO

RIVALS = ("Giỏ cói Bến Sen", "Chiếu cói Bến Sen")


def returns_dossier(walk: Walk) -> None:
    """What came in is listed; one paper is unclear, so the dossier goes back with that item."""
    page = _at_entry(walk)
    assert FACILITY in text_of(page)
    _finds(page, "Giấy", "unclear")
    press(page, "Lưu và yêu cầu bổ sung")
    page.fill("[name=reason]", "Giấy đăng ký cần bản rõ hơn.")
    assert page.get_by_label("Giấy đăng ký kinh doanh").input_value() != ""  # what was found unclear is asked for
    page.get_by_label("Giấy chứng nhận sản phẩm CNNT tiêu biểu cấp dưới").fill("")
    press(page, "Gửi yêu cầu bổ sung")
    assert "Đã gửi yêu cầu bổ sung cho cơ sở." in text_of(page)
    page.context.close()


def accepts_dossier(walk: Walk) -> None:
    """Document by document, then the decision."""
    page = _at_entry(walk)
    _finds(page, "Giấy", "valid")
    page.check("input[name='verdict:slot:lower_level_certificate'][value=waived]")
    press(page, "Đủ điều kiện", within="main form")
    assert "Đã ghi nhận hồ sơ đủ điều kiện" in text_of(page)
    page.context.close()


def adds_rivals(walk: Walk) -> None:
    """Two more entries, of another facility, submitted and accepted without a browser."""
    with walk.server.app.app_context():
        photos = [
            receive(io.BytesIO(draw("tea", 1, view, 11)), f"anh-{view}.png", PHOTO, toolbox().storage) for view in range(3)
        ]
    with walk.server.app.app_context(), unit_of_work() as session:
        owner = make.user(session, "Bình")
        place = make.province(session)
        values = FacilityValues(
            name="Hợp tác xã Bến Sen (mẫu)",
            kind=FacilityKind.COOPERATIVE,
            province_id=place.id,
            commune_id=make.commune(session, place).id,
            registration_number="02/ĐKKD",
            representative_name="Bình Minh Họa",
            phone="0912345679",
        )
        facility = facilities.found(session, acting(session, owner.email), values=values, now=now())
        actor = acting(session, owner.email)
        for name in RIVALS:
            entry = registering.draft(session, actor, session.get_one(Round, walk.round_id), facility, name=name)
            registering.fill(session, actor, entry, photos=0)
            for photo in photos:
                registration.add_photo(
                    session, actor, entry_id=entry.id, received=photo, filename=photo.safe_filename, now=now()
                )
            registration.submit(session, actor, entry_id=entry.id, declared_true=True, now=now())
    with walk.services(GIANG) as (session, giang):
        for entry_id in session.scalars(select(Entry.id).where(Entry.state == EntryState.SUBMITTED)).all():
            checking.accept(session, giang, entry_id=entry_id, now=now())


def seats_panel(walk: Walk) -> None:
    """The chair by the form, two members without it."""
    page = _at_round(walk)
    press(page, "Ban giám khảo")
    seat = page.locator("form", has=page.get_by_role("button", name="Thêm vào ban giám khảo"))
    seat.locator("[name=email]").fill(CHI)
    seat.locator("[name=role]").select_option("chair")
    press(page, "Thêm vào ban giám khảo")
    assert "Chi Minh Họa" in text_of(page)
    with walk.services(GIANG) as (session, giang):
        for email in (DUNG, EM):
            user_id = session.scalars(select(User.id).where(User.email == email)).one()
            panels.seat(session, giang, round_id=walk.round_id, user_id=user_id, role=PanelRole.MEMBER, now=now())
    page.context.close()


def assigns_and_opens_judging(walk: Walk) -> None:
    """Registration closes, every judge gets every entry, and the rules freeze under a digest."""
    page = _at_round(walk)
    _moves(page, "Đóng nhận, kiểm tra hồ sơ")
    press(page, "Ban giám khảo")
    press(page, "Phân công chấm")
    assert page.locator("#mode").input_value() == "all"
    press(page, "Xem trước")
    press(page, "Áp dụng phân công này")
    assert page.locator("table.matrix tfoot td.num").all_inner_texts() == ["3", "3", "3"]
    _moves(page, "Mở chấm điểm")
    press(page, "Quy tắc")
    with walk.services(GIANG) as (session, _giang):
        digest = session.get_one(Round, walk.round_id).frozen_digest
    assert digest is not None
    assert digest in text_of(page)
    page.context.close()


def watches_and_closes_judging(walk: Walk) -> None:
    """Progress tells that all nine sheets are signed; the round goes to the council."""
    page = _at_round(walk)
    press(page, "Tiến độ chấm")
    assert "9" in text_of(page)
    press(page, "Tổng quan")
    _moves(page, "Đóng chấm điểm, trình hội đồng")
    page.context.close()


def computes_result(walk: Walk) -> None:
    """The result by one press; the ranking says who is where, and why."""
    page = _at_round(walk)
    press(page, "Kết quả")
    press(page, "Tính kết quả", within="main form")
    press(page, "Xếp hạng")
    rows = page.locator("tbody tr:not(.cut)").all_inner_texts()
    assert PRODUCT in rows[0]
    assert "90" in rows[0]
    assert sum("cùng hạng" in row for row in rows) == 2, rows
    page.context.close()


def _at_round(walk: Walk) -> Page:
    page = walk.sign_in(GIANG)
    walk.open(page, "/to-giup-viec/")
    press(page, "Bình chọn cấp tỉnh, đợt mẫu")
    return page


def _at_entry(walk: Walk) -> Page:
    page = _at_round(walk)
    press(page, "Hồ sơ", within="main nav")
    press(page, PRODUCT)
    return page


def _finds(page: Page, title: str, verdict: str) -> None:
    """Mark all papers that were handed in (they carry a download link) as found."""
    papers = page.locator("form .card", has=page.locator("a[href*='/tep/']"))
    assert papers.count() >= 1
    for paper in papers.all():
        assert title in paper.locator("h3").inner_text()
        paper.locator(f"input[value={verdict}]").check()


def _moves(page: Page, words: str) -> None:
    """The step's own page with its checklist, then the button."""
    press(page, words)
    press(page, words, within="main form")
