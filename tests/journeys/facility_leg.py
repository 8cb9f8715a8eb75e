"""The facility's legs, on a phone: from the account to the code, the supplement, and at last the certificate."""

from __future__ import annotations

import io
import re
from pathlib import Path

from playwright.sync_api import Page
from weasyprint import HTML

from app.cli.demo.pictures import draw
from tests.app import registering
from tests.journeys.walk import AN, FACILITY, PASSWORD, PRODUCT, Walk, press, text_of


def registers(walk: Walk) -> None:
    """An account, a facility, a product with its dossier; the submitted dossier gets its code."""
    page = walk.guest(phone=True)
    _signs_up(walk, page)
    _founds_facility(page)
    _registers_product(page)
    base = re.sub(r"/(thuyet-minh|san-pham).*", "", page.url).removeprefix(walk.server.url)
    _tells_story(walk, page, base)
    _adds_photos(walk, page, base)
    _adds_paper(page)
    _submits(page)
    assert "TCMN-001" in text_of(page)


def answers_supplement(walk: Walk) -> None:
    """The request waits on the person's desk; the answer goes back with a note."""
    page = walk.sign_in(AN, phone=True)
    page.goto(f"{walk.server.url}/co-so/")
    press(page, PRODUCT)
    assert "Giấy đăng ký cần bản rõ hơn." in text_of(page)
    page.fill("#bo-sung textarea[name=note]", "Đã gửi bản chụp rõ.")
    press(page, "Gửi bổ sung")
    assert "Đã gửi bổ sung." in text_of(page)
    page.context.close()


def fetches_certificate(walk: Walk) -> Path:
    """The result is told, and the certificate can be taken home; the downloaded file."""
    page = walk.sign_in(AN, phone=True)
    page.goto(f"{walk.server.url}/co-so/")
    press(page, PRODUCT)
    told = page.locator("main .notice-title").all_inner_texts()
    assert "Công nhận" in [line.strip() for line in told], told
    walk.open(page, "/co-so/giay-chung-nhan")
    with page.expect_download() as download:
        page.click("main a:has-text('Tải PDF')")
    file = walk.folder / "giay-cua-an.pdf"
    download.value.save_as(file)
    page.context.close()
    return file


def _signs_up(walk: Walk, page: Page) -> None:
    walk.open(page, "/tai-khoan/dang-ky")
    page.fill("#name", "An Minh Họa")
    page.fill("#email", AN)
    page.fill("#password", PASSWORD)
    page.fill("#password_confirm", PASSWORD)
    page.check("#consent")
    page.click("main button[type=submit]")
    page.wait_for_url("**/ban-lam-viec")
    walk.open(page, "/co-so/")
    press(page, "Khai thông tin cơ sở")


def _founds_facility(page: Page) -> None:
    page.fill("input[name=name]", FACILITY)
    page.check("input[name=kind][value=cooperative]")
    _chooses_place(page, "Thành phố Hà Nội", "Phường ")
    told = page.locator("[data-eligibility] .notice")
    told.wait_for()
    assert re.search(r"phường.*\(căn cứ: .*Điều \d+", told.inner_text(), re.S | re.I), told.inner_text()
    _chooses_place(page, "Tỉnh Bắc Ninh", "Xã ")
    told.wait_for(state="detached")
    page.fill("input[name=registration_number]", "01/ĐKKD")
    page.fill("input[name=tax_code]", "0100109106")
    page.fill("input[name=representative_name]", "An Minh Họa")
    page.fill("input[name=phone]", "0912345678")
    press(page, "Lưu thông tin cơ sở")
    assert "cơ sở đủ điều kiện" in text_of(page)


def _chooses_place(page: Page, province: str, commune: str) -> None:
    with page.expect_response(lambda answer: "/co-so/dieu-kien" in answer.url):  # asked once the communes are listed
        page.select_option("select[name=province_id]", label=province)
    option = page.locator("select[name=commune_id] option", has_text=re.compile(f"^{commune}")).first
    page.select_option("select[name=commune_id]", option.get_attribute("value"))


def _registers_product(page: Page) -> None:
    press(page, "Hồ sơ của tôi")
    press(page, "Đăng ký sản phẩm")
    page.fill("input[name=name]", PRODUCT)
    page.check("input[name=form][value=single]")
    page.check("input[name=group_code][value=TCMN]")
    press(page, "Tạo hồ sơ")


def _tells_story(walk: Walk, page: Page, base: str) -> None:
    """Answer question by question, section by section, until another page comes."""
    answers = registering.full_answers("TCMN", "single")
    walk.open(page, f"{base}/thuyet-minh")
    while "/thuyet-minh" in page.url:
        for key, answer in answers.items():
            _answers(page, key, answer)
        before = page.url
        press(page, "Lưu và sang")
        assert page.url != before, text_of(page)


def _answers(page: Page, key: str, answer: object) -> None:
    if isinstance(answer, dict):
        for year, figure in answer.items():
            _types(page, f"q_{key}__{year}", str(figure))
    else:
        _types(page, f"q_{key}", str(answer))


def _types(page: Page, name: str, value: str) -> None:
    control = page.locator(f"[name='{name}']").locator("visible=true")
    if not control.count():
        return
    if control.first.get_attribute("type") == "radio":
        page.check(f"[name='{name}'][value='{value}']")
    else:
        control.first.fill(value)


def _adds_photos(walk: Walk, page: Page, base: str) -> None:
    files = []
    for view in range(3):
        files.append(walk.folder / f"anh-{view}.png")
        files[-1].write_bytes(draw("tea", 0, view, 7))
    walk.open(page, f"{base}/anh")
    page.set_input_files("input[type=file]", [str(file) for file in files])
    page.locator("[data-photo-list] li").nth(2).wait_for()
    press(page, "Sang giấy tờ")


def _adds_paper(page: Page) -> None:
    sink = io.BytesIO()
    HTML(string="<h1>Giấy đăng ký kinh doanh (mẫu)</h1>").write_pdf(sink)
    slot = page.locator("#business_registration")
    paper = {"name": "dang-ky.pdf", "mimeType": "application/pdf", "buffer": sink.getvalue()}
    slot.locator("input[type=file]").set_input_files([paper])
    slot.locator("input[name=number]").fill("01/ĐKKD")
    slot.locator("input[name=issuer]").fill("Phòng đăng ký mẫu")
    slot.locator("input[name=issued_on]").fill("2020-05-04")
    press(page, "Lưu giấy tờ", within="#business_registration")
    slot.get_by_text("dang-ky.pdf").wait_for()
    press(page, "Sang xem lại và nộp")


def _submits(page: Page) -> None:
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    press(page, "Nộp hồ sơ", within="main form")
