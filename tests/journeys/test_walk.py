"""The main job, end to end, by clicking: register, check, judge, decide, certify, verify.

One facility walks through the browser; two more entries and two of the three judges come through
the services, so that there is something to rank.
"""

from __future__ import annotations

import io
import re
import subprocess
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.demo.pictures import draw
from app.domain.rules import RuleSet
from app.domain.vocabulary import CouncilRole, LevelCode, PanelRole, Phase, Role
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.security import password_digest
from app.models.account import User
from app.models.council import CouncilSeat
from app.models.dossier import DossierPhoto
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.queries.rights import actor_for
from app.services import accounts, checking, conflicts, council, facilities, judging, panels, registration, rounds
from app.services.facilities import FacilityValues
from app.services.round_values import RoundValues
from tests.app import make, registering
from tests.journeys.server import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PASSWORD = "mat-khau-di-het-duong"
PRODUCT = "Bộ ấm chén men tro Ẵng Kđăm"
CRITERIA = ("1", "2", "3", "4")


@dataclass
class People:
    """Who walks, by mail address."""

    secretary: str = "giang@example.vn"
    judges: tuple[str, ...] = ("chi@example.vn", "dung@example.vn", "em@example.vn")
    council: tuple[str, ...] = ("hoa@example.vn", "inh@example.vn")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> object:
    with running(tmp_path_factory.mktemp("walk")) as started:
        yield started


def prepare(server: Server, people: People) -> int:
    """Accounts, and a provincial round that takes dossiers; returns the round's id."""
    with server.app.app_context(), unit_of_work() as session:
        digest = password_digest(PASSWORD)
        for email in (people.secretary, *people.judges, *people.council):
            name = f"{email.split('@')[0].title()} Minh Họa"
            accounts.create_user(session, make_system(), email=email, name=name, password_digest=digest, now=now())
        secretary = session.scalars(select(User.id).where(User.email == people.secretary)).one()
        accounts.grant(session, make_system(), user_id=secretary, role=Role.SECRETARY, now=now())
        start, week = now() - timedelta(days=1), timedelta(days=7)
        phases = (Phase.REGISTRATION, Phase.CHECKING, Phase.JUDGING, Phase.DELIBERATION)
        values = RoundValues(
            year=2026,
            level=LevelCode.PROVINCE,
            code="T-24-2026",
            name="Bình chọn cấp tỉnh năm 2026",
            unit_id=make.province(session).id,
            authority="Ủy ban nhân dân tỉnh Bắc Ninh",
            signer_title="CHỦ TỊCH",
            place="Bắc Ninh",
            windows={phase: (start + week * n, start + week * (n + 1)) for n, phase in enumerate(phases)},
            rules=RuleSet(quota_total=2),
        )
        round_ = rounds.create(session, actor_for(session, secretary, now=now()), values=values, now=now())
        rounds.move(
            session, actor_for(session, secretary, now=now()), round_id=round_.id, to=Phase.REGISTRATION, now=now()
        )
        return round_.id


def make_system() -> object:
    from app.domain.policies import SYSTEM

    return SYSTEM


def add_rivals(server: Server, people: People, round_id: int) -> None:
    """Two more entries, of another facility."""
    with server.app.app_context(), unit_of_work() as session:
        owner = make.user(session, "Bình")
        place = make.province(session)
        values = FacilityValues(
            name="Hợp tác xã Bến Sen (mẫu)",
            kind=make.FacilityKind.COOPERATIVE,
            province_id=place.id,
            commune_id=make.commune(session, place).id,
            registration_number="01",
            representative_name="Bình Minh Họa",
            phone="0912345678",
        )
        facility = facilities.found(session, actor_for(session, owner.id, now=now()), values=values, now=now())
        actor = actor_for(session, owner.id, now=now())
        for name in ("Giỏ cói Bến Sen", "Chiếu cói Bến Sen"):
            entry = registering.draft(session, actor, session.get_one(Round, round_id), facility, name=name)
            registering.fill(session, actor, entry)
            registration.submit(session, actor, entry_id=entry.id, declared_true=True, now=now())


# --- the browser ----------------------------------------------------------------------------------


def sign_in(browser: Browser, server: Server, email: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}/tai-khoan/dang-nhap")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    return page


def entry_of(server: Server) -> Entry:
    with server.app.app_context():
        rows = db.session.scalars(select(Entry).order_by(Entry.id)).all()
        return rows[0]


def facility_registers(browser: Browser, server: Server, photos: list[Path], paper: Path) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{server.url}/tai-khoan/dang-ky")
    page.fill("#name", "An Minh Họa")
    page.fill("#email", "an@example.vn")
    page.fill("#password", PASSWORD)
    page.fill("#password_confirm", PASSWORD)
    page.check("#consent")
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    page.goto(f"{server.url}/co-so/moi")
    fill_facility(page)
    page.click("text=Lưu thông tin cơ sở")
    page.wait_for_load_state()
    page.goto(f"{server.url}/co-so/")
    page.click("main >> text=Đăng ký sản phẩm")
    page.fill("input[name=name]", PRODUCT)
    page.check("input[name=form][value=single]")
    page.check("input[name=group_code][value=TCMN]")
    page.click("text=Tạo hồ sơ")
    page.wait_for_load_state()
    entry_id = entry_of(server).id
    tell_story(page, server, entry_id)
    page.goto(f"{server.url}/co-so/ho-so/{entry_id}/anh")
    page.set_input_files("input[name=photos]", [str(photo) for photo in photos])
    if page.locator("main button:has-text('Tải ảnh lên')").count():
        page.click("main button:has-text('Tải ảnh lên')")
    wait_for_photos(server, 3)
    page.goto(f"{server.url}/co-so/ho-so/{entry_id}/giay-to")
    slot = page.locator("form", has=page.locator("input[type=file]")).first
    slot.locator("input[type=file]").set_input_files(str(paper))
    slot.locator("input[name=number]").fill("01/ĐKKD")
    slot.locator("input[name=issuer]").fill("Phòng đăng ký mẫu")
    slot.locator("input[name=issued_on]").fill("2020-05-04")
    slot.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"{server.url}/co-so/ho-so/{entry_id}/xem-lai")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.click("main button:has-text('Nộp hồ sơ')")
    page.wait_for_load_state()
    return page


def wait_for_photos(server: Server, wanted: int) -> None:
    """Until the server has so many photos: previews in the page come earlier."""
    deadline = time.monotonic() + 60
    with server.app.app_context():
        while time.monotonic() < deadline:
            if db.session.scalar(select(func.count()).select_from(DossierPhoto)) >= wanted:
                return
            db.session.rollback()
            time.sleep(0.3)
    raise AssertionError(f"fewer than {wanted} photos arrived")


def fill_facility(page: Page) -> None:
    page.fill("input[name=name]", "Hợp tác xã Gốm Sông Trăng (mẫu)")
    page.check("input[name=kind][value=cooperative]")
    page.select_option("select[name=province_id]", label="Tỉnh Bắc Ninh")
    page.wait_for_function("document.querySelectorAll('select[name=commune_id] option').length > 10")
    value = page.locator("select[name=commune_id] option", has_text=re.compile("^Xã ")).first.get_attribute("value")
    page.select_option("select[name=commune_id]", value)
    page.fill("input[name=registration_number]", "01/ĐKKD")
    page.fill("input[name=tax_code]", "0100109106")
    page.fill("input[name=representative_name]", "An Minh Họa")
    page.fill("input[name=phone]", "0912345678")


def tell_story(page: Page, server: Server, entry_id: int) -> None:
    """Answer question by question, section by section, until the photos' page comes."""
    answers = registering.full_answers("TCMN", "single")
    page.goto(f"{server.url}/co-so/ho-so/{entry_id}/thuyet-minh")
    for _section in range(20):
        for key, answer in answers.items():
            fill_answer(page, key, answer)
        page.click("button:has-text('Lưu và sang')")
        page.wait_for_load_state()
        if "/thuyet-minh" not in page.url:
            return
    raise AssertionError("the story has no end")


def fill_answer(page: Page, key: str, answer: object) -> None:
    if isinstance(answer, dict):
        for year, figure in answer.items():
            control = page.locator(f"[name='q_{key}_{year}'], [name='q_{key}-{year}'], [name='q_{key}[{year}]']")
            if control.count():
                control.first.fill(str(figure))
        return
    control = page.locator(f"[name=q_{key}]")
    if not control.count() or not control.first.is_visible():
        return
    if control.first.get_attribute("type") == "radio":
        page.check(f"[name=q_{key}][value={answer}]")
    else:
        control.first.fill(str(answer))


def test_a_product_walks_from_a_phone_to_a_verified_certificate(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    people = People()
    round_id = prepare(server, people)
    photos = []
    for view in range(3):
        photo = tmp_path / f"anh-{view}.png"
        photo.write_bytes(draw("tea", 0, view, 7))
        photos.append(photo)
    paper = tmp_path / "dang-ky.pdf"
    paper.write_bytes(pdf("Giấy đăng ký mẫu"))

    page = facility_registers(browser, server, photos, paper)
    assert "TCMN-001" in page.content()


def pdf(text: str) -> bytes:
    """A page of text."""
    from weasyprint import HTML

    sink = io.BytesIO()
    HTML(string=f"<h1>{text}</h1>").write_pdf(sink)
    return sink.getvalue()
