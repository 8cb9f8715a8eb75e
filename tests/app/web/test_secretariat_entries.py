"""The secretariat's pages of entries: the board, its exports, the entry, decisions and files."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.snapshot import SnapshotContent, SnapshotDocument, SnapshotFacility, SnapshotProduct
from app.domain.vocabulary import EntryState, FileKind, Phase
from app.infra.clock import now
from app.infra.toolbox import toolbox
from app.models.account import User
from app.models.dossier import DossierSnapshot
from app.models.entry import EligibilityCheck, Entry, SupplementRequest
from app.models.record import OutboxMail
from app.models.round import Round
from tests.app import make
from tests.app.conftest import sign_in

BASE = "/to-giup-viec"


@pytest.fixture
def giang(session: Session) -> User:
    person = make.user(session, "Giang")
    make.secretary(session, person)
    return person


@pytest.fixture
def round_(session: Session) -> Round:
    return make.round_(session, phase=Phase.CHECKING, code="T-24-2026")


@pytest.fixture
def desk(app: Flask, session: Session, giang: User, round_: Round) -> FlaskClient:
    return sign_in(app, giang)


@pytest.fixture
def entry(session: Session, round_: Round) -> Entry:
    row = make.entry(session, round_, make.facility(session, make.user(session, "An")), state=EntryState.SUBMITTED)
    rewrite(session, row)
    return row


PAPER = SnapshotDocument(
    "food_safety", "a" * 64, id=7, filename="attp.pdf", pages=2, number="12/ATTP", expires_on=date(2020, 1, 1)
)


def content(**changed: Any) -> SnapshotContent:
    return SnapshotContent(
        **{
            "facility": SnapshotFacility(name="Hợp tác xã Mẫu", street="Thôn Mẫu"),
            "product": SnapshotProduct(name="Bộ ấm chén mẫu"),
            "answers": {"summary": "Bộ ấm chén men tro nung củi"},
            "conditions": {"own_make": True},
            "documents": (PAPER,),
            **changed,
        }
    )


def rewrite(session: Session, row: Entry, **changed: Any) -> None:
    """The facility hands in once more; snapshots are never changed."""
    last = session.get_one(DossierSnapshot, row.snapshot_id).number
    written = content(**changed)
    snapshot = DossierSnapshot(
        entry_id=row.id, number=last + 1, content=written.to_dict(), digest=written.digest(), taken_at=make.NOW
    )
    session.add(snapshot)
    session.flush()
    row.snapshot_id = snapshot.id
    session.flush()


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(f"{BASE}{path}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_the_board_finds_by_name_without_marks_and_keeps_the_filter_in_its_links(
    session: Session, desk: FlaskClient, round_: Round, entry: Entry
) -> None:
    make.entry(session, round_, make.facility(session), name="Nước mắm", group="CB")
    text = page(desk, f"/dot/{round_.id}/ho-so?q=am+chen&group=TCMN")
    assert ("Bộ ấm chén mẫu" in text, "Nước mắm" in text) == (True, False)
    assert f"/dot/{round_.id}/ho-so.xlsx?q=am+chen&amp;group=TCMN" in text


@pytest.mark.parametrize("query", ["state=none", "locality=abc", "page=-3", "page=99999999999", "sort=drop", "q=%25_"])
def test_nonsense_in_the_address_does_no_harm(desk: FlaskClient, round_: Round, entry: Entry, query: str) -> None:
    page(desk, f"/dot/{round_.id}/ho-so?{query}")


def exported(desk: FlaskClient, round_: Round, kind: str, query: str = "") -> list[list[Any]]:
    answer = desk.get(f"{BASE}/dot/{round_.id}/ho-so.{kind}{query}")
    assert answer.status_code == 200
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_exactly_what_the_filter_keeps(
    session: Session, desk: FlaskClient, round_: Round, entry: Entry, kind: str
) -> None:
    make.entry(session, round_, make.facility(session), name="Nước mắm", group="CB")
    rows = exported(desk, round_, kind, "?group=CB")
    assert [row[:2] for row in rows] == [["Mã số", "Sản phẩm"], ["CB-001", "Nước mắm"]]
    assert rows[1][5:7] == ["0100109106", "0912345678"]


@pytest.mark.parametrize(("kind", "cell"), [("csv", "'=1+1"), ("xlsx", "=1+1")])
def test_no_name_becomes_a_formula(session: Session, desk: FlaskClient, round_: Round, kind: str, cell: str) -> None:
    make.entry(session, round_, make.facility(session), name="=1+1")
    assert exported(desk, round_, kind)[1][1] == cell


def test_an_entry_is_shown_to_the_secretary_of_its_round_only(
    app: Flask, session: Session, desk: FlaskClient, entry: Entry
) -> None:
    strange = make.user(session, "Hà")
    make.secretary(session, strange, make.round_(session))
    other = sign_in(app, strange)
    for path in ("", "?phan=noi-dung", "/bo-sung", "/loai", "/gia-han"):
        assert (path, desk.get(f"{BASE}/ho-so/{entry.id}{path}").status_code) == (path, 200)
        assert (path, other.get(f"{BASE}/ho-so/{entry.id}{path}").status_code) == (path, 404)
    assert other.post(f"{BASE}/ho-so/{entry.id}/kiem-tra", data={"then": "accept"}).status_code == 404


def test_the_checklist_proposes_what_the_dates_say_and_names_missing_papers(desk: FlaskClient, entry: Entry) -> None:
    text = page(desk, f"/ho-so/{entry.id}")
    assert 'name="verdict:paper:food_safety:7" value="expired" checked' in text
    assert 'name="verdict:slot:business_registration" value="missing" checked' in text
    assert 'name="verdict:photos" value="missing" checked' in text


def test_a_clean_check_accepts_in_one_step_and_the_facility_is_told(
    session: Session, desk: FlaskClient, entry: Entry
) -> None:
    text = page(desk, f"/ho-so/{entry.id}")
    keys = {part.split('"')[0] for part in text.split('name="verdict:')[1:]}
    data = {f"verdict:{key}": "valid" for key in keys} | {"then": "accept", "version": str(entry.version)}
    assert desk.post(f"{BASE}/ho-so/{entry.id}/kiem-tra", data=data).status_code == 303
    assert session.get_one(Entry, entry.id).state is EntryState.ACCEPTED
    assert session.scalars(select(OutboxMail.subject)).all() == ["Hồ sơ TCMN-001 “Bộ ấm chén mẫu” đủ điều kiện"]


def test_a_faulty_check_accepts_nothing_but_is_kept_and_told_on_its_page(
    session: Session, desk: FlaskClient, entry: Entry
) -> None:
    text = page(desk, f"/ho-so/{entry.id}")
    keys = {part.split('"')[0] for part in text.split('name="verdict:')[1:]}
    data = {f"verdict:{key}": "unclear" for key in keys} | {"then": "accept"}
    answer = desk.post(f"{BASE}/ho-so/{entry.id}/kiem-tra", data=data, follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "mục hết hạn, chưa rõ hoặc thiếu" in text) == (200, True)
    assert text.count('value="unclear" checked') == len(keys)
    assert session.get_one(Entry, entry.id).state is EntryState.SUBMITTED
    assert len(session.scalars(select(EligibilityCheck.id)).all()) == 1


def test_a_paper_that_this_round_does_not_ask_for_bars_nobody(session: Session, desk: FlaskClient, entry: Entry) -> None:
    text = page(desk, f"/ho-so/{entry.id}")
    keys = {part.split('"')[0] for part in text.split('name="verdict:')[1:]}
    data = {f"verdict:{key}": "waived" if key.startswith("slot:") else "valid" for key in keys} | {"then": "accept"}
    assert desk.post(f"{BASE}/ho-so/{entry.id}/kiem-tra", data=data).status_code == 303
    assert session.get_one(Entry, entry.id).state is EntryState.ACCEPTED


def test_the_second_officer_is_told_who_decided(session: Session, desk: FlaskClient, app: Flask, entry: Entry) -> None:
    seen = str(entry.version)
    khanh = make.user(session, "Khánh")
    make.secretary(session, khanh)
    data = {"reason": "Sản phẩm độc bản", "version": seen}
    assert sign_in(app, khanh).post(f"{BASE}/ho-so/{entry.id}/loai", data=data).status_code == 303
    answer = desk.post(f"{BASE}/ho-so/{entry.id}/loai", data={"reason": "Thiếu giấy", "version": seen})
    assert (answer.status_code, "Khánh đã xử lý hồ sơ này" in answer.get_data(as_text=True)) == (409, True)
    assert session.get_one(Entry, entry.id).refusal_reason == "Sản phẩm độc bản"


def test_a_request_for_supplements_starts_from_the_check_and_keeps_local_time(
    session: Session, desk: FlaskClient, entry: Entry
) -> None:
    text = page(desk, f"/ho-so/{entry.id}")
    keys = [part.split('"')[0] for part in text.split('name="verdict:')[1:]]
    wrong = "paper:food_safety:7"
    data = {f"verdict:{key}": "expired" if key == wrong else "valid" for key in keys}
    desk.post(f"{BASE}/ho-so/{entry.id}/kiem-tra", data={**data, "then": "supplement"})
    form = page(desk, f"/ho-so/{entry.id}/bo-sung")
    assert "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm: hết hạn" in form
    typed = {"item_other": "Nộp giấy mới", "reason": "Giấy hết hạn", "due_at": "2099-01-05T23:59"}
    assert desk.post(f"{BASE}/ho-so/{entry.id}/bo-sung", data=typed).status_code == 303
    request = session.scalars(select(SupplementRequest)).one()
    assert (request.items, request.due_at.isoformat()) == (
        [{"item": "other", "text": "Nộp giấy mới"}],
        "2099-01-05T16:59:59+00:00",
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"item_other": ""}, "Hãy ghi ít nhất một nội dung cần bổ sung."),
        ({"reason": ""}, "Ô này cần được điền."),
        ({"due_at": "2020-01-05T23:59"}, "giờ Việt Nam"),
        ({"due_at": "mai"}, "Ngày giờ chưa đúng."),
    ],
)
def test_a_wrong_request_is_answered_beside_its_field(
    session: Session, desk: FlaskClient, entry: Entry, changed: dict[str, str], sentence: str
) -> None:
    typed = {"item_other": "Nộp giấy mới", "reason": "Giấy hết hạn", "due_at": "2099-01-05T23:59", **changed}
    answer = desk.post(f"{BASE}/ho-so/{entry.id}/bo-sung", data=typed)
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    assert session.get_one(Entry, entry.id).state is EntryState.SUBMITTED


def ask(session: Session, row: Entry, *, due_at: Any) -> None:
    person = make.user(session, "Giang")
    session.add(
        SupplementRequest(
            entry_id=row.id, items=[], reason="Thiếu", due_at=due_at, requested_at=make.NOW, requested_by_id=person.id
        )
    )
    row.state = EntryState.SUPPLEMENT_REQUESTED
    session.flush()


def test_a_deadline_that_has_passed_says_so_in_local_time(session: Session, desk: FlaskClient, entry: Entry) -> None:
    ask(session, entry, due_at=now() - timedelta(seconds=2))
    assert "Hạn đã hết lúc" in page(desk, f"/ho-so/{entry.id}")


def test_an_extension_needs_a_reason(session: Session, desk: FlaskClient, entry: Entry) -> None:
    ask(session, entry, due_at=now() + timedelta(days=1))
    path = f"{BASE}/ho-so/{entry.id}/gia-han"
    assert desk.post(path, data={"until": "2099-01-05T17:00"}).status_code == 422
    assert desk.post(path, data={"until": "2099-01-05T17:00", "reason": "Bão"}).status_code == 303
    assert str(session.get_one(Entry, entry.id).extended_until) == "2099-01-05 10:00:00+00:00"


def test_a_resubmission_is_shown_as_a_difference(session: Session, desk: FlaskClient, entry: Entry) -> None:
    rewrite(session, entry, answers={"summary": "Bộ ấm chén men lam"}, documents=())
    text = page(desk, f"/ho-so/{entry.id}?phan=thay-doi")
    assert "<del>Bộ ấm chén men tro nung củi</del>" in text
    assert "<ins>Bộ ấm chén men lam</ins>" in text
    assert "có 2 thay đổi" in page(desk, f"/ho-so/{entry.id}")


def test_a_draft_shows_no_content(session: Session, desk: FlaskClient, round_: Round) -> None:
    draft = make.entry(session, round_, make.facility(session), state=EntryState.DRAFT)
    text = page(desk, f"/ho-so/{draft.id}")
    assert "Nội dung chỉ hiện ra sau khi nộp." in text


def test_files_of_an_entry_go_to_its_secretaries_only(app: Flask, session: Session, desk: FlaskClient, entry: Entry) -> None:
    data = b"%PDF-1.4 mau"
    sha256 = toolbox().storage.put(data).sha256
    assert sha256 == hashlib.sha256(data).hexdigest()
    make.stored_file(session, data, kind=FileKind.PAPER).media_type = "application/pdf"
    rewrite(session, entry, documents=(SnapshotDocument("other", sha256, id=1, filename="giấy.pdf"),))
    answer = desk.get(f"{BASE}/ho-so/{entry.id}/tep/{sha256}")
    assert (answer.status_code, answer.get_data(), answer.mimetype) == (200, data, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    strange = make.user(session, "Hà")
    make.secretary(session, strange, make.round_(session))
    assert sign_in(app, strange).get(f"{BASE}/ho-so/{entry.id}/tep/{sha256}").status_code == 404
    unnamed = toolbox().storage.put(b"of somebody else").sha256
    assert desk.get(f"{BASE}/ho-so/{entry.id}/tep/{unnamed}").status_code == 404
    assert desk.get(f"{BASE}/ho-so/{entry.id}/tep/{sha256}/trang/1").status_code == 404
