"""Photos in pieces over HTTP, and what downloads look like: rights, refusals that leave nothing, ranges, names."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import MemberRole
from app.infra.toolbox import toolbox
from app.models.dossier import DossierDocument, DossierPhoto, StoredFile
from app.models.facility import FacilityMember
from app.services import registration
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.registering import draft


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.web.facility import papers, photos, uploading

    for module in (papers, photos, uploading):
        monkeypatch.setattr(module, "now", lambda: make.NOW)


class Sender:
    """A person with a draft, and the pieces that their browser would send."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.person = make.user(session, "An")
        facility = make.facility(session, self.person)
        self.entry = draft(session, make.acting(session, self.person), make.round_(session), facility)
        self.browser = sign_in(app, self.person)
        self.base = f"/co-so/ho-so/{self.entry.id}"

    def begin(self, data: bytes, name: str = "ảnh.jpg", slot: str = "photo") -> str:
        answer = self.browser.post(f"{self.base}/tai-len", json={"name": name, "bytes": len(data), "slot": slot})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["id"])

    def append(self, upload: str, offset: int, piece: bytes, digest: str = "") -> Any:
        headers = {"Upload-Offset": str(offset), "Upload-Digest": digest or hashlib.sha256(piece).hexdigest()}
        return self.browser.patch(f"{self.base}/tai-len/{upload}", data=piece, headers=headers)

    def complete(self, upload: str, data: bytes) -> Any:
        body = {"sha256": hashlib.sha256(data).hexdigest()}
        return self.browser.post(f"{self.base}/tai-len/{upload}/xong", json=body)

    def send(self, data: bytes, name: str = "ảnh.jpg") -> Any:
        upload = self.begin(data, name)
        self.append(upload, 0, data)
        return self.complete(upload, data)


@pytest.fixture
def sender(app: Flask, session: Session) -> Sender:
    return Sender(app, session)


def jpeg(colour: str = "teal") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(target, "JPEG")
    return target.getvalue()


def traces(session: Session) -> tuple[list[Path], int, int]:
    """Files below the instance's uploads, rows of files, rows of photos."""
    instance = toolbox().settings.instance
    files = [path for name in ("files", "partial") for path in (instance / name).rglob("*") if path.is_file()]
    return files, len(session.scalars(select(StoredFile)).all()), len(session.scalars(select(DossierPhoto)).all())


def test_pieces_become_one_photo_and_asking_twice_changes_nothing(sender: Sender) -> None:
    data = jpeg()
    upload = sender.begin(data)
    assert sender.append(upload, 0, data[:500]).get_json()["offset"] == 500
    assert sender.browser.get(f"{sender.base}/tai-len/{upload}").get_json()["offset"] == 500
    assert sender.append(upload, 500, data[500:]).get_json()["offset"] == len(data)
    first, second = sender.complete(upload, data), sender.complete(upload, data)
    assert (first.status_code, second.status_code) == (200, 200)
    assert sender.browser.get(f"{sender.base}/tai-len/{upload}").get_json() == {"id": upload, "done": True}
    [photo] = sender.session.scalars(select(DossierPhoto)).all()
    assert photo.filename == "ảnh.jpg"


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(sender: Sender) -> None:
    data = jpeg()
    upload = sender.begin(data)
    sender.append(upload, 0, data[:500])
    again = sender.append(upload, 0, data[:500])
    assert (again.status_code, again.get_json()["offset"]) == (409, 500)


def test_a_piece_that_was_spoilt_on_its_way_is_not_kept(sender: Sender) -> None:
    data = jpeg()
    upload = sender.begin(data)
    spoilt = sender.append(upload, 0, data[:500], digest="0" * 64)
    assert (spoilt.status_code, spoilt.get_json()["code"]) == (422, "digest_mismatch")
    assert sender.browser.get(f"{sender.base}/tai-len/{upload}").get_json()["offset"] == 0


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (jpeg()[:400], "cụt.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "hinh.svg"),
        (b"GIF89a<html><script>alert(1)</script>", "anh.jpg"),
        (b"%PDF-1.7\n%%EOF", "../../etc/passwd"),
    ],
)
def test_a_refused_file_leaves_nothing_on_disk_or_in_the_database(
    sender: Sender, session: Session, data: bytes, name: str
) -> None:
    before = traces(session)
    in_pieces = sender.send(data, name)
    assert (in_pieces.status_code, bool(in_pieces.get_json()["message"])) == (422, True)
    whole = sender.browser.post(
        f"{sender.base}/anh/them", data={"photos": (io.BytesIO(data), name)}, headers={"Accept": "application/json"}
    )
    assert whole.status_code == 422
    paper = sender.browser.post(
        f"{sender.base}/giay-to/business_registration", data={"file": (io.BytesIO(data), name), "number": "1"}
    )
    assert paper.status_code == 422
    assert traces(session) == before


def test_too_many_bytes_are_refused_before_one_is_sent(sender: Sender, session: Session) -> None:
    before = traces(session)
    answer = sender.browser.post(f"{sender.base}/tai-len", json={"name": "to.jpg", "bytes": 2_000_000_000})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_bytes")
    assert traces(session) == before


def test_the_same_photo_twice_is_told_and_its_pieces_are_gone(sender: Sender) -> None:
    sender.send(jpeg())
    again = sender.send(jpeg())
    assert (again.status_code, again.get_json()["code"]) == (422, "photo_twice")
    assert toolbox().partials.of_owner(f"user-{sender.person.id}/entry-{sender.entry.id}") == []


def test_another_person_can_neither_see_nor_add_nor_complete(sender: Sender, app: Flask, session: Session) -> None:
    data = jpeg()
    upload = sender.begin(data)
    stranger = make.user(session, "Bình")
    make.facility(session, stranger)
    other = sign_in(app, stranger)
    address = f"{sender.base}/tai-len"
    asked = [
        other.post(address, json={"name": "a.jpg", "bytes": 9}),
        other.get(f"{address}/{upload}"),
        other.patch(f"{address}/{upload}", data=b"x", headers={"Upload-Offset": "0"}),
        other.post(f"{address}/{upload}/xong", json={}),
        other.delete(f"{address}/{upload}"),
    ]
    assert {answer.status_code for answer in asked} == {404}
    told = {"Upload-Offset": "0", "Accept": "application/json"}
    guest = app.test_client().patch(f"{address}/{upload}", data=b"x", headers=told)
    assert guest.status_code == 401
    assert sender.browser.get(f"{address}/{upload}").get_json()["offset"] == 0


def test_a_colleague_cannot_go_on_with_an_upload_that_another_began(sender: Sender, app: Flask, session: Session) -> None:
    data = jpeg()
    upload = sender.begin(data)
    colleague = make.user(session, "Chi")
    session.add(
        FacilityMember(
            facility_id=sender.entry.facility_id,
            user_id=colleague.id,
            role=MemberRole.COLLABORATOR,
            joined_at=make.NOW,
        )
    )
    answer = sign_in(app, colleague).get(f"{sender.base}/tai-len/{upload}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "partial_unknown")


def test_nothing_is_taken_once_the_entry_was_withdrawn(sender: Sender, session: Session) -> None:
    data = jpeg()
    upload = sender.begin(data)
    sender.append(upload, 0, data)
    registration.withdraw(
        session, make.acting(session, sender.person), entry_id=sender.entry.id, reason="thôi", now=make.NOW
    )
    assert sender.complete(upload, data).status_code == 409
    assert session.scalars(select(DossierPhoto)).all() == []


PAPER_FACTS = {"number": "01/HKD", "issuer": "Phòng Tài chính", "issued_on": "2024-05-01"}


def save_paper(sender: Sender, upload: str, data: bytes, **facts: str) -> Any:
    typed = {**PAPER_FACTS, "upload_id": upload, "upload_sha256": hashlib.sha256(data).hexdigest(), **facts}
    return sender.browser.post(f"{sender.base}/giay-to/business_registration", data=typed)


def test_a_paper_in_pieces_is_saved_with_its_form_once(sender: Sender, session: Session) -> None:
    data = pdf()
    upload = sender.begin(data, "Giấy đăng ký.pdf", "paper")
    sender.append(upload, 0, data)
    assert [save_paper(sender, upload, data).status_code for _ in range(2)] == [303, 303]
    [paper] = session.scalars(select(DossierDocument)).all()
    assert (paper.slot, paper.filename, paper.number) == ("business_registration", "Giấy đăng ký.pdf", "01/HKD")
    assert toolbox().partials.of_owner(f"user-{sender.person.id}/entry-{sender.entry.id}") == []


def test_a_fault_in_the_form_does_not_cost_the_paper_that_was_sent(sender: Sender, session: Session) -> None:
    data = pdf()
    upload = sender.begin(data, "Giấy đăng ký.pdf", "paper")
    sender.append(upload, 0, data)
    wrong = save_paper(sender, upload, data, number="")
    assert (wrong.status_code, f'value="{upload}"' in wrong.text, "Giấy đăng ký.pdf" in wrong.text) == (422, True, True)
    assert session.scalars(select(DossierDocument)).all() == []
    assert save_paper(sender, upload, data).status_code == 303


def test_a_paper_that_is_refused_or_not_whole_is_told_beside_its_field(sender: Sender, session: Session) -> None:
    data = b"%PDF-1.7 khong phai"
    before = traces(session)
    upload = sender.begin(data, "hỏng.pdf", "paper")
    sender.append(upload, 0, data[:5])
    assert save_paper(sender, upload, data).status_code == 422
    sender.append(upload, 5, data[5:])
    refused = save_paper(sender, upload, data)
    assert (refused.status_code, "has-error" in refused.text) == (422, True)
    assert traces(session) == before


def test_a_paper_cannot_be_completed_as_a_photo_nor_a_photo_as_a_paper(sender: Sender, session: Session) -> None:
    data = jpeg()
    paper, photo = sender.begin(data, "giay.jpg", "paper"), sender.begin(data)
    for upload in (paper, photo):
        sender.append(upload, 0, data)
    assert sender.complete(paper, data).get_json()["code"] == "partial_unknown"
    assert save_paper(sender, photo, data).status_code == 422
    assert session.scalars(select(DossierDocument)).all() == []


def test_a_paper_is_downloaded_under_its_vietnamese_name_never_run_and_in_ranges(sender: Sender, session: Session) -> None:
    name = "Giấy đăng ký hộ kinh doanh.pdf"
    fields = {"number": "01/HKD", "issuer": "Phòng Tài chính", "issued_on": "2024-05-01"}
    answer = sender.browser.post(
        f"{sender.base}/giay-to/business_registration", data={"file": (io.BytesIO(pdf()), name), **fields}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    row = session.scalars(select(StoredFile).where(StoredFile.media_type == "application/pdf")).one()
    address = f"{sender.base}/tep/{row.sha256}"
    whole = sender.browser.get(address)
    assert hashlib.sha256(whole.data).hexdigest() == row.sha256
    assert f"filename*=UTF-8''{quote(name)}" in whole.headers["Content-Disposition"]
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = sender.browser.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{row.bytes}"
    beyond = sender.browser.get(address, headers={"Range": f"bytes={row.bytes + 5}-"})
    assert beyond.status_code == 416


def pdf() -> bytes:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(target)
    return target.getvalue()
