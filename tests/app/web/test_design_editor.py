"""The design editor on the web: a picture of what is typed, refusals with reasons, versions that stay, hostile text."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.infra import design_turns
from app.infra.design_turns import turn
from app.models.certificate import CertificateDesign
from app.models.record import AuditEvent
from app.web.secretariat import certificates_editor
from app.web.secretariat.certificates_editor_form import pictures_sent
from certificates.checking import DesignReport
from certificates.design import load_design
from tests.app import make
from tests.app.conftest import sign_in
from tests.certificates.test_designs import HOSTILE, PLAIN, Listener

BASE = "/to-giup-viec/mau-giay"
PLAIN_FORM: dict[str, Any] = {
    "label": "Mẫu khung gỗ", "html": PLAIN.html, "css": PLAIN.css, "faces": list(PLAIN.faces), "version": "0",
    "sample": "usual",
}  # fmt: skip


@pytest.fixture
def secretary(app: Flask, session: Session) -> FlaskClient:
    """Giang, secretary of one round."""
    person = make.user(session, "Giang")
    make.secretary(session, person, make.round_(session))
    return sign_in(app, person)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's check, whose seconds other tests spend, finds nothing."""
    monkeypatch.setattr(certificates_editor, "check_in_child", lambda *_given, **_named: DesignReport((), ()))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def png(colour: str = "teal") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (240, 240), colour).save(out, "PNG")
    return io.BytesIO(out.getvalue())


def saved(session: Session) -> list[CertificateDesign]:
    session.expire_all()
    return list(
        session.scalars(select(CertificateDesign).where(~CertificateDesign.shipped).order_by(CertificateDesign.version))
    )


def test_a_shipped_design_is_the_start_with_all_its_drawings_and_fields(secretary: FlaskClient) -> None:
    page = secretary.get(f"{BASE}/soan?tu=national").text
    assert 'value="Cấp quốc gia (bản sao)"' in page
    assert page.count('name="asset"') == len(load_design("national").assets)
    assert 'data-insert="&lt;p class=&#34;product-name&#34; data-field=&#34;product_name&#34;' in page
    assert f"{BASE}/soan" in secretary.get(BASE).text


def test_the_picture_follows_the_text_and_a_fault_is_said(secretary: FlaskClient) -> None:
    picture = secretary.post(f"{BASE}/xem-thu", data=PLAIN_FORM)
    narrow = secretary.post(f"{BASE}/xem-thu", data={**PLAIN_FORM, "css": PLAIN.css + "p{width:15mm}", "sample": "long"})
    assert (picture.status_code, picture.data[1:4]) == (200, b"PNG")
    assert (narrow.status_code, "Trường “" in narrow.json["message"]) == (422, True)


def test_the_check_names_what_is_missing_and_what_to_know(secretary: FlaskClient) -> None:
    told = secretary.post(f"{BASE}/kiem-tra", data=PLAIN_FORM).json
    bad = secretary.post(f"{BASE}/kiem-tra", data={**PLAIN_FORM, "html": PLAIN.html.replace("serial", "notice")}).json
    assert told["errors"] == []
    assert any("chữ ký số" in text for text in told["warnings"])
    assert bad == {"errors": ["Mẫu giấy thiếu trường bắt buộc: serial."], "warnings": []}


@pytest.mark.usefixtures("trusting")
def test_every_saving_is_a_version_and_the_chain_says_who_changed_what(secretary: FlaskClient, session: Session) -> None:
    first = secretary.post(f"{BASE}/soan", data={**PLAIN_FORM, "do": "save", "source": "commune"})
    assert (first.status_code, first.location) == (303, f"{BASE}/mau-khung-go/soan")
    again = {**PLAIN_FORM, "do": "save", "version": "1", "css": PLAIN.css + "\np{margin:3mm 0}"}
    assert secretary.post(first.location, data=again).status_code == 303
    assert [(row.name, row.version, row.css == PLAIN.css) for row in saved(session)] == [
        ("mau-khung-go", 1, True),
        ("mau-khung-go", 2, False),
    ]
    links = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == "design:mau-khung-go").order_by(AuditEvent.id)
    ).all()
    assert [(link.actor_name, link.details["version"]) for link in links] == [("Giang", 1), ("Giang", 2)]
    assert (links[0].details["copied_from"], links[1].details["css"]) == ("commune", {"added": 1, "removed": 0})
    assert "CSS: thêm 1, bớt 0 dòng" in text_of(secretary.get(first.location).text)


def test_what_the_press_cannot_print_is_not_saved_and_nothing_typed_is_lost(
    secretary: FlaskClient, session: Session
) -> None:
    html = PLAIN.html.replace("</body>", "<script>1</script></body>")
    answer = secretary.post(f"{BASE}/soan", data={**PLAIN_FORM, "do": "save", "html": html})
    assert answer.status_code == 422
    assert "Mẫu giấy chưa dùng được" in answer.text
    assert "&lt;script&gt;1&lt;/script&gt;" in answer.text
    assert saved(session) == []


@pytest.mark.usefixtures("trusting")
def test_a_second_window_does_not_write_over_the_first(secretary: FlaskClient, session: Session) -> None:
    where = secretary.post(f"{BASE}/soan", data={**PLAIN_FORM, "do": "save"}).location
    newer = {**PLAIN_FORM, "do": "save", "version": "1", "css": PLAIN.css + "\n"}
    assert secretary.post(where, data=newer).status_code == 303
    older = secretary.post(where, data={**newer, "css": PLAIN.css + "\n\n"})
    assert (older.status_code, "đã có phiên bản 2" in older.text) == (422, True)
    assert len(saved(session)) == 2


@pytest.mark.usefixtures("trusting")
def test_a_design_is_changed_by_its_maker_only_and_copied_by_others(
    app: Flask, secretary: FlaskClient, session: Session
) -> None:
    where = secretary.post(f"{BASE}/soan", data={**PLAIN_FORM, "do": "save"}).location
    other = make.user(session, "Lan")
    make.secretary(session, other, make.round_(session))
    browser = sign_in(app, other)
    assert browser.get(where).status_code == 409
    assert browser.post(where, data={**PLAIN_FORM, "do": "save", "version": "1"}).status_code == 409
    assert browser.get(f"{BASE}/soan?tu=mau-khung-go").status_code == 200
    assert sign_in(app, make.user(session, "Người ngoài")).get(f"{BASE}/soan").status_code == 404


@pytest.mark.usefixtures("trusting")
def test_a_picture_comes_in_through_the_door_and_is_printed(secretary: FlaskClient, session: Session) -> None:
    sent = secretary.post(f"{BASE}/hinh", data={"file": (png(), "Lô gô xã.png")}).json
    assert sent["name"] == "lo-go-xa.jpg"
    html = PLAIN.html.replace("</body>", '<img src="lo-go-xa.jpg" alt=""></body>')
    form = {**PLAIN_FORM, "html": html, "asset": [sent["token"]]}
    assert secretary.post(f"{BASE}/xem-thu", data={**form, "asset": []}).status_code == 422
    assert secretary.post(f"{BASE}/soan", data={**form, "do": "save"}).status_code == 303
    assert list(saved(session)[0].assets) == ["lo-go-xa.jpg"]


def test_a_seal_whose_ground_is_see_through_stays_so_as_png(secretary: FlaskClient) -> None:
    seal = io.BytesIO()
    Image.new("RGBA", (240, 240), (155, 28, 31, 120)).save(seal, "PNG")
    sent = secretary.post(f"{BASE}/hinh", data={"file": (io.BytesIO(seal.getvalue()), "Dấu.webp.png")}).json
    assert sent["name"] == "dau-webp.png"
    with secretary.application.test_request_context(method="POST", data={"asset": [sent["token"]]}):
        (picture,) = pictures_sent()
        assert Image.open(io.BytesIO(picture.data())).getpixel((120, 120)) == (155, 28, 31, 120)


def test_a_file_is_not_named_by_its_digest_and_what_is_no_picture_is_refused(secretary: FlaskClient) -> None:
    forged = secretary.post(f"{BASE}/xem-thu", data={**PLAIN_FORM, "asset": ["WyJhLmpwZyIsImFiYyJd.x"]})
    refused = secretary.post(f"{BASE}/hinh", data={"file": (io.BytesIO(b"<svg onload='x()'/>"), "a.png")})
    assert (forged.status_code, refused.status_code) == (404, 422)
    assert refused.json["message"].endswith(".")


WEB_HOSTILE = ("picture from the network", "style from the network", "file", "deep nesting", "huge page", "endless pages")


@pytest.mark.parametrize("why", WEB_HOSTILE)
def test_hostile_text_ends_in_time_with_a_sentence_and_reaches_nothing(secretary: FlaskClient, why: str) -> None:
    listener, design = Listener(), HOSTILE[why]
    html, css = (text.replace("{port}", str(listener.port)) for text in (design.html, design.css))
    began = time.monotonic()
    answer = secretary.post(f"{BASE}/xem-thu", data={**PLAIN_FORM, "html": html, "css": css})
    listener.close()
    assert time.monotonic() - began < 90  # the product's own limit, and a busy machine
    assert (answer.status_code, answer.json["message"][-1], listener.called) == (422, ".", False)


def test_whoever_asks_again_gives_the_old_question_up_and_others_keep_theirs(tmp_path: Path) -> None:
    with turn(1, tmp_path) as old, turn(1, tmp_path) as new:
        assert (old(), new()) == (False, True)
    with turn(1, tmp_path) as mine, turn(2, tmp_path) as another:
        assert (mine(), another()) == (True, True)


def test_no_more_than_two_designs_are_laid_out_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(design_turns, "PATIENCE_SECONDS", 0.1)
    with turn(1, tmp_path), turn(2, tmp_path), pytest.raises(Refused, match="preview_busy"), turn(3, tmp_path):
        pass


@pytest.mark.usefixtures("trusting")
def test_without_a_script_the_page_is_drawn_and_checked_by_its_button(secretary: FlaskClient) -> None:
    page = secretary.post(f"{BASE}/soan", data={**PLAIN_FORM, "do": "try"}).text
    assert 'src="data:image/png;base64,' in page
    assert "In được với mọi nội dung thử." in text_of(page)
