"""The judge's pages: the gate, the queue, the sheet, its saves by script and by form, and what stays hidden."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase, SheetState
from app.infra.toolbox import toolbox
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.round import Round
from app.models.sheet import ScoreSheet
from tests.app import make
from tests.app.conftest import sign_in

FULL = {"points-1": "34,5", "points-2": "33", "points-3": "9", "points-4": "7,5", "comment": "Men sâu."}
LEAKS = ("Gốm Phù Lãng", "gom phu lang", "0100109106", "bi-mat.jpg", "so-dang-ky", "Trưởng Mẫu", "0987654321", "Ngõ Gốm 5")


@dataclass
class Hall:
    """Chi judges one entry; Hoa chairs; the dossier is full of what must not leak."""

    round: Round
    entry: Entry
    seat: PanelSeat
    held: Assignment
    chi: FlaskClient
    hoa: FlaskClient
    guest: FlaskClient


def content(photo: bytes, page: bytes) -> dict[str, Any]:
    digest = hashlib.sha256
    renditions = {"page_1": {"sha256": digest(page).hexdigest(), "media_type": "image/jpeg"}}
    paper = {"sha256": digest(page).hexdigest(), "filename": "bi-mat.jpg", "number": "so-dang-ky", "renditions": renditions}
    return {
        "facility": {
            "name": "Hợp tác xã Gốm Phù Lãng",
            "tax_code": "0100109106",
            "registration_number": "so-dang-ky",
            "street": "Ngõ Gốm 5",
            "representative_name": "Trưởng Mẫu Một",
            "phone": "0987654321",
            "workers": 18,
        },
        "product": {"name": "Bình GỐM PHÙ LÃNG men tro", "items": "1 bình", "group_name": "Thủ công mỹ nghệ"},
        "answers": {"summary": "Do HTX Gốm Phù Lãng làm; gọi 0987654321 gặp Trưởng Mẫu Một, Ngõ Gốm 5."},
        "photos": [{"sha256": digest(photo).hexdigest(), "caption": "Xưởng gom phu lang", "filename": "bi-mat.jpg"}],
        "documents": [{**paper, "slot": "business_registration"}, {**paper, "slot": "quality_standard", "id": 2}],
    }


@pytest.fixture
def hall(app: Flask, session: Session) -> Hall:
    round_ = make.round_(session, phase=Phase.JUDGING)
    facility = make.facility(session, make.user(session, "An"), name="Hợp tác xã Gốm Phù Lãng")
    entry = make.entry(session, round_, facility, name="Bình Gốm Phù Lãng men tro")
    pictures = [b"\xff\xd8 photo", b"\xff\xd8 page"]
    for picture in pictures:
        toolbox().storage.put(picture)
    snapshot = DossierSnapshot(entry_id=entry.id, number=2, content=content(*pictures), digest="d" * 64, taken_at=make.NOW)
    session.add(snapshot)
    session.flush()
    entry.snapshot_id = snapshot.id
    chi, hoa = make.user(session, "Chi"), make.user(session, "Hoa")
    seat = make.judge(session, round_, chi, answer=ConflictAnswer.NONE)
    make.judge(session, round_, hoa, role=PanelRole.CHAIR, answer=ConflictAnswer.NONE)
    held = make.assignment(session, seat, entry)
    session.commit()
    return Hall(round_, entry, seat, held, sign_in(app, chi), sign_in(app, hoa), app.test_client())


def post(hall: Hall, fields: Any, *, version: Any = 0, operation: Any = "op-1") -> Any:
    body = {"fields": fields, "version": version, "operation_id": operation}
    return hall.chi.post(f"/giam-khao/phieu/{hall.held.id}/luu", json=body)


def submit(hall: Hall, do: str, *, version: int = 0, operation: str = "form-1", **fields: str) -> Any:
    data = {**FULL, **fields, "do": do, "version": str(version), "operation": operation}
    return hall.chi.post(f"/giam-khao/phieu/{hall.held.id}", data=data)


def kept(session: Session, hall: Hall) -> ScoreSheet | None:
    session.expire_all()
    return session.scalars(
        select(ScoreSheet).where(ScoreSheet.assignment_id == hall.held.id).options(selectinload(ScoreSheet.lines))
    ).first()


# --- the gate ---------------------------------------------------------------------------------

SERVED = ("", "/anh/1/lon", "/anh/1/nho", "/anh/1/goc", "/giay-to/2/1", "/in.pdf", "/lich-su")


def test_before_the_gate_is_answered_not_one_byte_of_the_dossier_is_served(session: Session, hall: Hall) -> None:
    hall.seat.answer = None
    session.commit()
    page = hall.chi.get(f"/giam-khao/phieu/{hall.held.id}")
    assert (page.status_code, page.location) == (303, f"/giam-khao/dot/{hall.round.id}/khai-bao")
    assert [hall.chi.get(f"/giam-khao/phieu/{hall.held.id}{part}").status_code for part in SERVED[1:]] == [409] * 6
    assert "men tro" not in hall.chi.get(f"/giam-khao/dot/{hall.round.id}").text


def test_a_declared_entry_is_closed_in_page_and_files(session: Session, hall: Hall) -> None:
    told = {"kind": "family", "reason": "Em trai", "declared_at": make.NOW}
    session.add(ConflictDeclaration(seat_id=hall.seat.id, entry_id=hall.entry.id, **told))
    session.commit()
    assert [hall.chi.get(f"/giam-khao/phieu/{hall.held.id}{part}").status_code for part in SERVED] == [409] * 7


def test_behind_the_gate_all_of_it_opens(hall: Hall) -> None:
    answers = [hall.chi.get(f"/giam-khao/phieu/{hall.held.id}{part}") for part in SERVED]
    assert [answer.status_code for answer in answers] == [200] * 7
    assert answers[1].data == b"\xff\xd8 photo"
    assert answers[5].data.startswith(b"%PDF")


def test_the_declaration_is_taken_by_facility_and_its_entries_close(session: Session, hall: Hall) -> None:
    hall.seat.answer = None
    session.commit()
    facility = hall.entry.facility_id
    address = f"/giam-khao/dot/{hall.round.id}/khai-bao"
    page = hall.chi.get(address).text
    assert "Hợp tác xã Gốm Phù Lãng" in page
    assert hall.entry.code not in page
    wrong = hall.chi.post(address, data={"answer": "conflict", f"facility-{facility}": "1", f"reason-{facility}": "Em trai"})
    assert (wrong.status_code, "Hãy chọn loại xung đột." in wrong.text, "Em trai" in wrong.text) == (422, True, True)
    none = hall.chi.post(address, data={"answer": "conflict"})
    assert none.status_code == 422
    fields = {f"facility-{facility}": "1", f"kind-{facility}": "family", f"reason-{facility}": "Em trai"}
    assert hall.chi.post(address, data={"answer": "conflict", **fields}).status_code == 303
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").status_code == 409


def test_the_chair_rules_and_the_entry_opens_again(session: Session, hall: Hall) -> None:
    told = ConflictDeclaration(
        seat_id=hall.seat.id, entry_id=hall.entry.id, kind="family", reason="Em trai", declared_at=make.NOW
    )
    session.add(told)
    session.commit()
    address = f"/giam-khao/dot/{hall.round.id}/xung-dot"
    assert hall.chi.get(address).status_code == 404
    assert "Em trai" in hall.hoa.get(address).text
    assert hall.hoa.post(f"{address}/{told.id}", data={"ruling": "dismissed"}).status_code == 422
    assert hall.hoa.post(f"{address}/{told.id}", data={"ruling": "dismissed", "note": "Đã chấm dứt"}).status_code == 303
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").status_code == 200


# --- blindness --------------------------------------------------------------------------------


def test_nothing_in_a_blind_round_tells_the_facility(hall: Hall) -> None:
    pages = [f"/giam-khao/dot/{hall.round.id}", *(f"/giam-khao/phieu/{hall.held.id}{part}" for part in ("", "/lich-su"))]
    post(hall, FULL)
    for address in pages:
        text = hall.chi.get(address).text
        assert [leak for leak in LEAKS if leak.casefold() in text.casefold()] == [], address
    files = [hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/{part}") for part in ("anh/1/lon", "giay-to/2/1", "in.pdf")]
    assert [leak for file in files for leak in LEAKS if leak in str(file.headers)] == []


def test_a_paper_that_names_the_facility_is_withheld_in_a_blind_round(session: Session, hall: Hall) -> None:
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/giay-to/1/1").status_code == 404
    hall.round.rules = {**hall.round.rules, "blind": False}
    session.commit()
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/giay-to/1/1").status_code == 200
    assert "Hợp tác xã Gốm Phù Lãng" in hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").text


def test_pictures_that_are_not_there_are_not_found(hall: Hall) -> None:
    parts = ("anh/0/lon", "anh/2/lon", "anh/1/xxl", "giay-to/2/2", "giay-to/3/1")
    assert [hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/{part}").status_code for part in parts] == [404] * 5


def test_another_judge_and_a_guest_get_nothing(app: Flask, hall: Hall) -> None:
    assert [hall.hoa.get(f"/giam-khao/phieu/{hall.held.id}{part}").status_code for part in SERVED] == [404] * 7
    assert hall.hoa.post(f"/giam-khao/phieu/{hall.held.id}/luu", json={}).status_code == 404
    assert [hall.guest.get(f"/giam-khao/phieu/{hall.held.id}{part}").status_code for part in SERVED] == [302] * 7


# --- saves by script --------------------------------------------------------------------------


def test_a_save_is_answered_with_its_version_and_sums(session: Session, hall: Hall) -> None:
    answer = post(hall, {"points-1": "34,5", "points-2": "33.0"})
    assert answer.status_code == 200
    told = answer.get_json()
    assert {key: told[key] for key in ("version", "state", "total", "running", "signed")} == {
        "version": 1,
        "state": "draft",
        "total": None,
        "running": "67,5",
        "signed": False,
    }
    assert post(hall, {"points-1": "34,5", "points-2": "33.0"}).get_json() == told


def test_the_same_operation_with_another_body_is_refused(hall: Hall) -> None:
    post(hall, {"points-1": "34,5"})
    answer = post(hall, {"points-1": "30"})
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["operation"])


def test_a_stale_save_shows_both_versions(hall: Hall) -> None:
    post(hall, {"points-1": "34,5", "comment": "Một"})
    answer = post(hall, {"points-1": "20", "comment": "Hai"}, operation="op-2")
    told = answer.get_json()
    assert (answer.status_code, told["version"], told["error"]["code"]) == (409, 1, "stale")
    assert told["mine"] == {"points-1": "20", "comment": "Hai"}
    assert told["theirs"] == {"points-1": "34,5", "points-2": "", "points-3": "", "points-4": "", "comment": "Một"}


WRONG_BODIES: list[tuple[Any, Any, Any, list[str]]] = [
    ({"points-1": "41"}, 0, "a", ["points-1"]),
    ({"points-1": "33,3"}, 0, "a", ["points-1"]),
    (
        {"points-1": "NaN", "points-2": "1e400", "points-3": "９", "points-4": "-1"},
        0,
        "a",
        [f"points-{n}" for n in range(1, 5)],
    ),
    ({"points-9": "1"}, 0, "a", ["points-9"]),
    ({"points-1": 34.5}, 0, "a", ["points-1"]),
    ({"points-1": None}, 0, "a", ["points-1"]),
    ({"points-1": ["1"]}, 0, "a", ["points-1"]),
    ({"points-1": "1"}, None, "a", ["version"]),
    ({"points-1": "1"}, "0", "a", ["version"]),
    ({"points-1": "1"}, True, "a", ["version"]),
    ({"points-1": "1"}, -1, "a", ["version"]),
    ({"points-1": "1"}, 0, None, ["operation"]),
    ({"points-1": "1"}, 0, "", ["operation"]),
    ({"points-1": "1"}, 0, "x" * 65, ["operation"]),
    ({"comment": "x" * 4001}, 0, "a", ["comment"]),
    (None, 0, "a", ["fields"]),
    ([], 0, "a", ["fields"]),
]


@pytest.mark.parametrize(("fields", "version", "operation", "wrong"), WRONG_BODIES)
def test_a_wrong_save_names_every_wrong_field_and_keeps_nothing(
    session: Session, hall: Hall, fields: Any, version: Any, operation: Any, wrong: list[str]
) -> None:
    answer = post(hall, fields, version=version, operation=operation)
    assert (answer.status_code, sorted(answer.get_json()["errors"])) == (422, sorted(wrong))
    assert kept(session, hall) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null"])
def test_a_body_that_is_no_object_is_refused(hall: Hall, body: bytes) -> None:
    answer = hall.chi.post(f"/giam-khao/phieu/{hall.held.id}/luu", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_a_signed_sheet_answers_a_save_with_a_sentence(hall: Hall) -> None:
    submit(hall, "sign")
    answer = post(hall, {"points-1": "40"}, version=2, operation="late")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "sheet_signed")
    assert answer.get_json()["error"]["message"].startswith("Phiếu đã ký")


# --- the plain form ---------------------------------------------------------------------------


def test_the_form_saves_a_draft_without_any_script(session: Session, hall: Hall) -> None:
    assert submit(hall, "save").status_code == 303
    sheet = kept(session, hall)
    assert sheet is not None
    assert (sheet.state, str(sheet.total), sheet.comment) == (SheetState.DRAFT, "84", "Men sâu.")
    assert 'value="34,5"' in hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").text


def test_the_form_signs_and_sending_it_twice_signs_once(session: Session, hall: Hall) -> None:
    assert [submit(hall, "sign").status_code for _time in range(2)] == [303, 303]
    sheet = kept(session, hall)
    assert sheet is not None
    assert (sheet.state, sheet.version) == (SheetState.SIGNED, 2)
    page = hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").text
    assert "Phiếu đã ký lúc" in page
    assert 'value="sign"' not in page.split('<dialog class="dialog" id="ky-phieu"')[0]


def test_a_gap_keeps_the_draft_and_names_the_field(session: Session, hall: Hall) -> None:
    answer = submit(hall, "sign", **{"points-3": ""})
    assert (answer.status_code, 'href="#points-3"' in answer.text) == (422, True)
    sheet = kept(session, hall)
    assert sheet is not None
    assert (sheet.state, sheet.version) == (SheetState.DRAFT, 1)


def test_a_wrong_field_is_told_beside_it_and_what_was_typed_stays(session: Session, hall: Hall) -> None:
    answer = submit(hall, "save", **{"points-1": "40,25"})
    assert answer.status_code == 422
    assert ('value="40,25"' in answer.text, "không phải là bội số" in answer.text or "vượt điểm" in answer.text) == (
        True,
        True,
    )
    assert kept(session, hall) is None


def test_a_stale_form_shows_both_versions_and_can_be_sent_again(session: Session, hall: Hall) -> None:
    post(hall, {"points-1": "20"})
    answer = submit(hall, "save", version=0)
    assert (answer.status_code, "Bản đã lưu" in answer.text, 'name="version" value="1"' in answer.text) == (409, True, True)
    assert submit(hall, "save", version=1, operation="form-2").status_code == 303
    sheet = kept(session, hall)
    assert sheet is not None
    assert str(sheet.total) == "84"


# --- the chair --------------------------------------------------------------------------------


def test_the_chair_reopens_and_reads_every_earlier_value(session: Session, hall: Hall) -> None:
    submit(hall, "sign")
    sheet = kept(session, hall)
    assert sheet is not None
    sheet_id = sheet.id
    address = f"/giam-khao/phieu-da-ky/{sheet_id}/mo-lai"
    fields = {"reason": "Cộng nhầm", "operation": "o-1", "round_id": str(hall.round.id)}
    assert hall.chi.post(address, data=fields).status_code == 403
    assert hall.hoa.post(address, data=fields).status_code == 303
    sheet = kept(session, hall)
    assert sheet is not None
    assert sheet.state is SheetState.DRAFT
    told = hall.hoa.get(f"/giam-khao/dot/{hall.round.id}/phieu-da-ky/{sheet_id}/lich-su").text
    assert [word in told for word in ("Cộng nhầm", "34,5", "Mở lại phiếu")] == [True, True, True]
    assert "Cộng nhầm" in hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").text
    assert hall.chi.get(f"/giam-khao/dot/{hall.round.id}/ban-giam-khao").status_code == 404


def test_the_secretary_of_the_panel_watches_and_does_not_score(app: Flask, session: Session, hall: Hall) -> None:
    lan = make.user(session, "Lan")
    make.judge(session, hall.round, lan, role=PanelRole.SECRETARY)
    browser = sign_in(app, lan)
    assert browser.get(f"/giam-khao/dot/{hall.round.id}/ban-giam-khao").status_code == 200
    assert "Thư ký không chấm điểm" in browser.get(f"/giam-khao/dot/{hall.round.id}").text
    assert browser.get(f"/giam-khao/phieu/{hall.held.id}").status_code == 404


def test_evidence_of_the_self_assessment_leads_to_photo_and_paper_on_the_page(hall: Hall, session: Session) -> None:
    session.get_one(Round, hall.round.id).rules = {**hall.round.rules, "show_self_assessment": True}
    snapshot = session.get_one(DossierSnapshot, session.get_one(Entry, hall.entry.id).snapshot_id)
    photo = snapshot.content["photos"][0]["sha256"]
    proofs = {"1": [f"photo:{photo}", "paper:2", "answer:summary"]}
    session.add(
        again := DossierSnapshot(
            entry_id=hall.entry.id,
            number=3,
            content={**snapshot.content, "evidence": proofs},
            digest="e" * 64,
            taken_at=make.NOW,
        )
    )
    session.flush()
    session.get_one(Entry, hall.entry.id).snapshot_id = again.id
    session.commit()
    page = BeautifulSoup(hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").text, "html.parser")
    links = {link["href"]: link.get_text() for link in page.select("[data-evidence]")}
    assert list(links) == ["#anh-1", "#giay-to-2"]
    assert links["#giay-to-2"].startswith("Giấy tờ 2: ")
    assert all(page.select_one(address) is not None for address in links), "each link has its place on the page"
    assert not any(secret in str(page) for secret in LEAKS)
