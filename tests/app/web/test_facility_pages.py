from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain import conditions
from app.domain.vocabulary import EntryState, ProductForm
from app.models.account import User
from app.models.dossier import StoredFile
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Facility
from app.models.round import Round
from app.queries import registration as reads
from app.services import checking, registration
from tests.app import make
from tests.app.conftest import Browser, sign_in
from tests.app.registering import draft, fill
from tests.uploads import samples


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages read the clock of the tests' cast."""
    from app.web.facility import entries, home, papers, photos, places, profiles, story, submitting

    for module in (entries, home, papers, photos, places, profiles, story, submitting):
        monkeypatch.setattr(module, "now", lambda: make.NOW)


class Desk:
    """An at the desk: signed in, with a facility and a draft in an open round."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session = session
        self.person: User = make.user(session, "An")
        self.facility: Facility = make.facility(session, self.person)
        self.round: Round = make.round_(session)
        self.entry: Entry = draft(session, make.acting(session, self.person), self.round, self.facility)
        self.browser: Browser = sign_in(app, self.person)  # type: ignore[assignment]
        self.base = f"/co-so/ho-so/{self.entry.id}"

    def read(self) -> Entry:
        row = reads.entry(self.session, self.entry.id)
        assert row is not None
        return row


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def jpeg(width: int = 640, height: int = 480, colour: str = "teal") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, "JPEG")
    return target.getvalue()


def facility_fields(session: Session, **changes: Any) -> dict[str, Any]:
    place = make.province(session)
    return {
        "name": "Hộ Mẫu",
        "kind": "business_household",
        "province_id": place.id,
        "commune_id": make.commune(session, place).id,
        "registration_number": "01/HKD",
        "representative_name": "Bà Mẫu",
        "phone": "0912345678",
        "average_income_vnd": "7.500.000",
        **changes,
    }


# --- the facility ---------------------------------------------------------------------------------


def test_a_new_person_is_led_to_found_a_facility_and_then_to_open_rounds(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    make.round_(session)
    assert "/co-so/moi" in text(browser.get("/co-so/"))
    answer = browser.post("/co-so/moi", data=facility_fields(session))
    assert answer.status_code == 303
    row = session.scalars(select(Facility)).one()
    assert (row.name, row.average_income_vnd) == ("Hộ Mẫu", 7_500_000)
    assert f"/co-so/{row.id}/dang-ky/" in text(browser.get("/co-so/"))


def test_wrong_fields_answer_422_beside_the_field_and_keep_what_was_typed(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    answer = browser.post("/co-so/moi", data=facility_fields(session, tax_code="0100109107", name="Tên đã gõ"))
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="tax_code-error"' in page
    assert 'value="Tên đã gõ"' in page
    assert session.scalars(select(Facility)).all() == []


def test_a_ward_of_a_city_is_told_at_once_with_the_article(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    hanoi = make.province(session, "Hà Nội")
    ward = make.commune(session, hanoi, "phuong")
    query = {"kind": "sme", "province_id": hanoi.id, "commune_id": ward.id}
    found = browser.get("/co-so/dieu-kien", query_string=query).get_json()["findings"]
    assert ["NĐ 235/2025/NĐ-CP" in item["article"] for item in found] == [True]
    village = browser.get("/co-so/dieu-kien", query_string={**query, "in_craft_village": "y"}).get_json()
    assert village == {"findings": []}
    page = text(browser.post("/co-so/moi", data=facility_fields(session, places="1", **query)))
    assert "NĐ 235/2025/NĐ-CP" in page


def test_communes_come_without_a_script_by_the_button(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    nghe_an = make.province(session, "Nghệ An")
    fields = facility_fields(session, province_id=nghe_an.id, commune_id="", places="1")
    page = text(browser.post("/co-so/moi", data=fields))
    assert make.commune(session, nghe_an).full_name in page
    assert session.scalars(select(Facility)).all() == []


def test_places_are_found_by_old_names(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    found = browser.get("/co-so/dia-danh", query_string={"q": "binh phuoc"}).get_json()["places"]
    assert ("Thành phố Đồng Nai", "trước đây: Tỉnh Bình Phước") in {(item["name"], item["context"]) for item in found}


def test_the_second_to_save_a_facility_sees_both_versions(desk: Desk) -> None:
    row = desk.facility
    loaded = row.version
    fields = facility_fields(desk.session, kind=row.kind.value, name=row.name)
    first = desk.browser.post(f"/co-so/{row.id}/sua", data={**fields, "version": loaded, "workers": "5"})
    second = desk.browser.post(f"/co-so/{row.id}/sua", data={**fields, "version": loaded, "workers": "9"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Đang được lưu" in text(second)
    again = desk.browser.post(f"/co-so/{row.id}/sua", data={**fields, "version": loaded + 1, "workers": "9"})
    assert again.status_code == 303


# --- not yours ------------------------------------------------------------------------------------


def test_nothing_of_another_facility_is_there(app: Flask, desk: Desk) -> None:
    stranger = sign_in(app, make.user(desk.session, "Bình"))
    fid, eid = desk.facility.id, desk.entry.id
    for path in (
        f"/co-so/{fid}", f"/co-so/{fid}/sua", f"/co-so/{fid}/dang-ky/{desk.round.id}", f"/co-so/ho-so/{eid}",
        f"{desk.base}/san-pham", f"{desk.base}/thuyet-minh", f"{desk.base}/thuyet-minh/market", f"{desk.base}/anh",
        f"{desk.base}/giay-to", f"{desk.base}/xem-lai", f"{desk.base}/tep/{'a' * 64}",
    ):  # fmt: skip
        assert (path, stranger.get(path).status_code) == (path, 404)
    for path in ("anh/them", "anh/1/chuyen", "anh/1/bo", "giay-to/other", "nop", "bo-sung", "rut"):
        assert (path, stranger.post(f"{desk.base}/{path}").status_code) == (path, 404)


def test_every_page_of_an_own_entry_answers(desk: Desk) -> None:
    for path in ("", "/san-pham", "/thuyet-minh/product", "/thuyet-minh/production", "/anh", "/giay-to", "/xem-lai"):
        assert (path, desk.browser.get(desk.base + path).status_code) == (path, 200)
    assert desk.browser.get(f"{desk.base}/thuyet-minh/nothing").status_code == 404


# --- the story ------------------------------------------------------------------------------------


def autosave(desk: Desk, version: int, fields: dict[str, str], section: str = "product") -> TestResponse:
    body = {"fields": fields, "version": version, "operation_id": "x"}
    return desk.browser.post(
        f"{desk.base}/thuyet-minh/{section}/luu", data=json.dumps(body), content_type="application/json"
    )


def test_autosave_keeps_answers_and_gives_the_next_version(desk: Desk) -> None:
    start = desk.entry.dossier.version
    answer = autosave(desk, start, {"q_summary": "Giỏ cói", "q_domestic_share": "12,5"})
    assert (answer.status_code, answer.get_json()["version"]) == (200, start + 1)
    assert desk.read().dossier.answers == {"summary": "Giỏ cói", "domestic_share": "12.5"}
    assert 'value="12,5"' in text(desk.browser.get(f"{desk.base}/thuyet-minh/product"))


def test_autosave_shows_both_versions_to_the_second(desk: Desk) -> None:
    start = desk.entry.dossier.version
    autosave(desk, start, {"q_summary": "Của An"})
    answer = autosave(desk, start, {"q_summary": "Của Cúc"})
    assert (answer.status_code, answer.get_json()) == (
        409,
        {"version": start + 1, "mine": {"q_summary": "Của Cúc"}, "theirs": {"q_summary": "Của An"}},
    )


def test_autosave_names_the_wrong_field(desk: Desk) -> None:
    answer = autosave(desk, 1, {"q_output__2025": "1.5"}, section="production")
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["q_output__2025"])


def test_without_a_script_the_form_saves_and_leads_on(desk: Desk) -> None:
    fields = {"version": desk.entry.dossier.version, "q_summary": "Giỏ", "q_use": "Đựng đồ"}
    answer = desk.browser.post(f"{desk.base}/thuyet-minh/product", data=fields)
    assert (answer.status_code, answer.location) == (303, f"{desk.base}/thuyet-minh/market")
    assert desk.read().dossier.answers == {"summary": "Giỏ", "use": "Đựng đồ"}


def test_without_a_script_a_stale_save_shows_both_and_may_be_repeated(desk: Desk) -> None:
    start = desk.entry.dossier.version
    url = f"{desk.base}/thuyet-minh/product"
    desk.browser.post(url, data={"version": start, "q_summary": "Của An"})
    second = desk.browser.post(url, data={"version": start, "q_summary": "Của Cúc"})
    page = text(second)
    assert second.status_code == 409
    assert page.count("Của An") >= 1
    assert desk.read().dossier.answers["summary"] == "Của An"
    desk.browser.post(url, data={"version": start + 1, "q_summary": "Của Cúc"})
    assert desk.read().dossier.answers["summary"] == "Của Cúc"


# --- files ----------------------------------------------------------------------------------------


def test_photos_are_taken_in_shown_and_moved(desk: Desk) -> None:
    sent = [(io.BytesIO(jpeg(colour=colour)), f"{colour}.jpg") for colour in ("teal", "maroon")]
    answer = desk.browser.post(f"{desk.base}/anh/them", data={"photos": sent})
    assert answer.status_code == 303
    first, second = desk.read().dossier.photos
    page = text(desk.browser.get(f"{desk.base}/anh"))
    assert "1181 x 1772" in page
    thumb = desk.browser.get(f"{desk.base}/tep/{first.file.renditions['list']['sha256']}")
    assert (thumb.status_code, thumb.mimetype) == (200, "image/jpeg")
    desk.browser.post(f"{desk.base}/anh/{second.id}/chuyen", data={"position": "0"})
    assert [photo.id for photo in desk.read().dossier.photos] == [second.id, first.id]


def test_a_heic_photo_of_a_phone_is_taken_in_and_kept_as_jpeg_without_its_place(desk: Desk) -> None:
    phone = samples.encoded(samples.photo(1300, 1900), "HEIF", exif=samples.exif_of_a_phone(6))
    assert phone[4:8] == b"ftyp"
    answer = desk.browser.post(f"{desk.base}/anh/them", data={"photos": [(io.BytesIO(phone), "IMG_0001.HEIC")]})
    assert answer.status_code == 303
    [photo] = desk.read().dossier.photos
    assert photo.filename == "IMG_0001.HEIC", "the name by which its owner knows it"
    served = desk.browser.get(f"/co-so/ho-so/{desk.entry.id}/tep/{photo.sha256}")
    assert served.headers["Content-Disposition"] == "inline; filename=IMG_0001.jpg"
    with Image.open(io.BytesIO(served.data)) as kept:
        assert (served.mimetype, kept.format, dict(kept.getexif())) == ("image/jpeg", "JPEG", {})
        assert sorted(kept.size) == [1300, 1900]


def test_a_file_that_is_no_photo_is_refused_with_a_sentence_and_nothing_is_stored(desk: Desk) -> None:
    answer = desk.browser.post(f"{desk.base}/anh/them", data={"photos": [(io.BytesIO(b"khong phai anh"), "a.jpg")]})
    assert answer.status_code == 422
    assert "Không nhận ra loại tệp này" in text(answer)
    assert desk.session.scalars(select(StoredFile)).all() == []


def test_the_pages_script_is_told_in_json(desk: Desk) -> None:
    answer = desk.browser.post(
        f"{desk.base}/anh/them",
        data={"photos": [(io.BytesIO(b""), "a.jpg")]},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.get_json()) == (
        422,
        {"message": "Tệp rỗng, không có nội dung. Hãy chọn lại tệp."},
    )


def test_a_paper_without_its_number_stands_beside_the_field(desk: Desk) -> None:
    data = {"file": (io.BytesIO(jpeg()), "giay.jpg"), "issuer": "Sở Mẫu", "issued_on": "2020-05-04"}
    answer = desk.browser.post(f"{desk.base}/giay-to/business_registration", data=data)
    assert answer.status_code == 422
    assert 'id="business_registration-number-error"' in text(answer)
    assert desk.read().dossier.documents == []


def test_a_paper_is_kept_with_its_dates_and_its_expiry_is_shown(desk: Desk) -> None:
    data = {
        "file": (io.BytesIO(jpeg()), "giay.jpg"),
        "number": "12/ATTP",
        "issuer": "Sở Mẫu",
        "issued_on": "04/05/2020",
        "expires_on": "2026-01-31",
    }
    assert desk.browser.post(f"{desk.base}/giay-to/food_safety", data=data).status_code == 303
    page = text(desk.browser.get(f"{desk.base}/giay-to"))
    assert "hết hạn 31/01/2026" in page
    assert "Hết hạn" in page


# --- submit and after -----------------------------------------------------------------------------


def test_submitting_an_incomplete_dossier_answers_422_and_names_what_is_missing(desk: Desk) -> None:
    answer = desk.browser.post(f"{desk.base}/nop", data={"own_make": "y"})
    page = text(answer)
    assert answer.status_code == 422
    assert "Cần ít nhất 3 ảnh" in page
    assert "Hãy cam đoan" in page
    assert desk.read().dossier.conditions["own_make"] is True


def declared() -> dict[str, str]:
    return {**dict.fromkeys(conditions.conditions_asked(ProductForm.SINGLE), "y"), "declared_true": "y"}


def test_a_complete_dossier_is_submitted_and_then_read_only(desk: Desk) -> None:
    fill(desk.session, make.acting(desk.session, desk.person), desk.entry)
    answer = desk.browser.post(f"{desk.base}/nop", data=declared())
    assert (answer.status_code, answer.location) == (303, desk.base)
    page = text(desk.browser.get(desk.base))
    assert "TCMN-001" in page
    assert "Nộp hồ sơ" in page
    refused = desk.browser.post(f"{desk.base}/anh/them", data={"photos": [(io.BytesIO(jpeg()), "a.jpg")]})
    assert refused.status_code == 409


def test_a_late_submission_is_told_deadline_and_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.web.facility import submitting

    fill(desk.session, make.acting(desk.session, desk.person), desk.entry)
    monkeypatch.setattr(submitting, "now", lambda: make.NOW + timedelta(days=10, seconds=1))
    answer = desk.browser.post(f"{desk.base}/nop", data=declared())
    assert answer.status_code == 409
    assert "01/12/2026, 14:05:00" in text(answer)
    assert desk.read().state is EntryState.DRAFT


STEPS = ("san-pham", "anh", "giay-to", "xem-lai")


def warned(desk: Desk, path: str) -> list[str]:
    notices = BeautifulSoup(text(desk.browser.get(f"{desk.base}/{path}".rstrip("/"))), "html.parser").select(".notice-wrong")
    return [notice.get_text(" ", strip=True) for notice in notices if "đã qua" in notice.get_text()]


def test_after_the_deadline_every_step_of_a_draft_warns_before_anybody_writes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = text(desk.browser.get(f"{desk.base}/thuyet-minh", follow_redirects=True))
    pages = ("", *STEPS, re.search(r"thuyet-minh/(?!luu)[a-z_]+", section)[0])  # type: ignore[index]
    assert [warned(desk, page) for page in pages] == [[]] * 6, "not a second before"
    late(monkeypatch, make.NOW + timedelta(days=10, seconds=1))
    said = "Hạn nộp là 01/12/2026, 14:05 (giờ Việt Nam), đã qua. Hãy liên hệ tổ giúp việc nếu được gia hạn."
    assert [warned(desk, page) for page in pages] == [[said]] * 6
    review = text(desk.browser.get(f"{desk.base}/xem-lai"))
    assert "Cần ít nhất 3 ảnh" in review, "what is missing is still named"
    assert "Hồ sơ đã đủ để nộp" not in review


def late(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    from app.web.facility import entries, home, papers, photos, story, submitting

    for module in (entries, home, papers, photos, story, submitting):
        monkeypatch.setattr(module, "now", lambda: moment)


def test_after_the_day_of_a_supplement_every_step_warns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = make.acting(desk.session, desk.person)
    fill(desk.session, actor, desk.entry)
    row = registration.submit(desk.session, actor, entry_id=desk.entry.id, declared_true=True, now=make.NOW)
    row.state = EntryState.SUPPLEMENT_REQUESTED
    desk.session.add(
        SupplementRequest(
            entry_id=row.id,
            items=[],
            reason="Thiếu ảnh nhãn",
            due_at=make.NOW + timedelta(days=5),
            requested_at=make.NOW,
            requested_by_id=desk.person.id,
        )
    )
    desk.session.flush()
    assert warned(desk, "anh") == []
    late(monkeypatch, make.NOW + timedelta(days=5, seconds=1))
    said = "Hạn bổ sung là 26/11/2026, 14:05 (giờ Việt Nam), đã qua. Hãy liên hệ tổ giúp việc nếu được gia hạn."
    assert [warned(desk, page) for page in STEPS] == [[said]] * 4


def test_a_supplement_request_is_shown_answered_and_its_changes_listed(desk: Desk) -> None:
    actor = make.acting(desk.session, desk.person)
    fill(desk.session, actor, desk.entry)
    row = registration.submit(desk.session, actor, entry_id=desk.entry.id, declared_true=True, now=make.NOW)
    row.state = EntryState.SUPPLEMENT_REQUESTED
    desk.session.add(
        SupplementRequest(
            entry_id=row.id,
            items=[{"item": "photos", "text": "Thêm ảnh nhãn"}],
            reason="Thiếu ảnh nhãn",
            due_at=make.NOW + timedelta(days=5),
            requested_at=make.NOW,
            requested_by_id=desk.person.id,
        )
    )
    page = text(desk.browser.get(desk.base))
    assert "Thêm ảnh nhãn" in page
    assert "26/11/2026, 14:05" in page
    assert desk.browser.post(f"{desk.base}/bo-sung", data={"note": ""}).status_code == 422
    desk.browser.post(f"{desk.base}/anh/them", data={"photos": [(io.BytesIO(jpeg()), "nhan.jpg")]})
    assert desk.browser.post(f"{desk.base}/bo-sung", data={"note": "Đã thêm"}).status_code == 303
    assert "1 thay đổi" in text(desk.browser.get(desk.base))


def test_a_withdrawn_entry_says_so(desk: Desk) -> None:
    assert desk.browser.post(f"{desk.base}/rut", data={"note": "Hết hàng"}).status_code == 303
    assert "Đã rút" in text(desk.browser.get(desk.base))


def test_evidence_is_chosen_by_itself_or_by_the_button_and_read_before_submission(desk: Desk) -> None:
    desk.browser.post(f"{desk.base}/anh/them", data={"photos": [(io.BytesIO(jpeg()), "nhan.jpg")]})
    photo = f"photo:{desk.read().dossier.photos[0].sha256}"
    address = f"{desk.base}/thuyet-minh/self_assessment"
    version = desk.read().dossier.version
    fields = {"evidence": "y", "evidence-2": photo}
    saved = desk.browser.post(f"{address}/luu", json={"fields": fields, "version": version, "operation_id": "1"})
    assert saved.status_code == 200
    assert desk.read().dossier.evidence == {"2": [photo]}
    assert "bằng chứng đã chọn" in text(desk.browser.get(f"{desk.base}/xem-lai"))
    boxes = BeautifulSoup(text(desk.browser.get(address)), "html.parser").select("[name=evidence-2][checked]")
    assert [box["value"] for box in boxes] == [photo]
    plain = {"version": desk.read().dossier.version, "evidence": "y", "evidence-1": [photo], "then": "stay"}
    assert desk.browser.post(address, data=plain).status_code == 303
    assert desk.read().dossier.evidence == {"1": [photo], "2": []}


def test_a_collaborator_is_invited_by_mail_address(app: Flask, desk: Desk) -> None:
    cuc = make.user(desk.session, "Cúc", email="cuc@example.vn")
    url = f"/co-so/{desk.facility.id}/nguoi-cung-soan"
    assert desk.browser.post(url, data={"email": "khong phai thu", "role": "collaborator"}).status_code == 422
    assert desk.browser.post(url, data={"email": cuc.email, "role": "collaborator"}).status_code == 303
    assert sign_in(app, cuc).get(desk.base).status_code == 200


def test_the_submitted_dossier_prints_as_one_pdf(app: Flask, desk: Desk) -> None:
    for colour in ("teal", "maroon", "olive"):
        photo = [(io.BytesIO(jpeg(colour=colour)), f"{colour}.jpg")]
        desk.browser.post(f"{desk.base}/anh/them", data={"photos": photo})
    fill(desk.session, make.acting(desk.session, desk.person), desk.entry, photos=0)
    assert desk.browser.get(f"{desk.base}/ho-so.pdf").status_code == 404
    paper = {"file": (io.BytesIO(jpeg()), "a.jpg"), "number": "1", "issuer": "Sở", "issued_on": "2020-01-02"}
    desk.browser.post(f"{desk.base}/giay-to/business_registration", data=paper)
    assert desk.browser.post(f"{desk.base}/nop", data=declared()).status_code == 303
    waiting = desk.browser.get(f"{desk.base}/ho-so.pdf")
    assert (waiting.status_code, waiting.location) == (303, f"{desk.base}/ban-in")
    assert desk.browser.post(f"{desk.base}/ban-in").status_code == 303
    assert desk.browser.get(f"{desk.base}/ban-in.json").get_json()["state"] == "done"
    answer = desk.browser.get(f"{desk.base}/ho-so.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert "ho-so-TCMN-001.pdf" in answer.headers["Content-Disposition"]
    assert hashlib.sha256(answer.data).hexdigest() in text(desk.browser.get(f"{desk.base}/ban-in"))


def test_the_time_line_tells_that_a_supplement_was_asked_for(app: Flask, session: Session) -> None:
    an, giang = make.user(session, "An"), make.user(session, "Giang")
    round_ = make.round_(session)
    make.secretary(session, giang, round_)
    entry = make.entry(session, round_, make.facility(session, an), state=EntryState.SUBMITTED)
    checking.return_for_supplement(
        session,
        make.acting(session, giang),
        entry_id=entry.id,
        items=[{"item": "photos", "text": "Thêm một ảnh"}],
        reason="Thiếu ảnh",
        due_at=make.NOW + timedelta(days=5),
        now=make.NOW,
    )
    page = BeautifulSoup(sign_in(app, an).get(f"/co-so/ho-so/{entry.id}").text, "html.parser")
    assert "Yêu cầu bổ sung" in page.select_one(".timeline").get_text()
