"""Paper sheets through the pages: printed, scanned, read, keyed in by two, decided by a third, entered."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, PanelRole, PaperState, Phase, ScanFinding, SheetState
from app.models.entry import Entry
from app.models.facility import Product
from app.models.panel import PanelSeat
from app.models.paper import PaperSheet, ScanBatch, ScanPage
from app.models.round import Round
from app.models.sheet import ScoreEvent, ScoreSheet
from app.services import chain
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.scanner import scanned, with_blank

FULL = {"points-1": "34,5", "points-2": "33", "points-3": "9", "points-4": "7,5", "total": "84", "signature": "y"}


@dataclass
class Office:
    """Giang, Khoa and Lan are secretaries; Chi and Hoa (the chair) judge two entries on paper; Minh is elsewhere."""

    round: Round
    entries: list[Entry]
    chi: PanelSeat
    giang: FlaskClient
    khoa: FlaskClient
    lan: FlaskClient
    minh: FlaskClient
    judge: FlaskClient
    chair: FlaskClient

    @property
    def base(self) -> str:
        return f"/to-giup-viec/dot/{self.round.id}/phieu-giay"


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    round_ = make.round_(session, phase=Phase.JUDGING)
    facility = make.facility(session)
    entries = [make.entry(session, round_, facility, name=name) for name in ("Ấm", "Chén")]
    judges = [make.user(session, name) for name in ("Chi", "Hoa")]
    seats = [
        make.judge(session, round_, person, role=role, answer=ConflictAnswer.NONE)
        for person, role in zip(judges, (PanelRole.MEMBER, PanelRole.CHAIR), strict=True)
    ]
    for entry in entries:
        make.assignment(session, seats[0], entry)
    officers = [make.user(session, name) for name in ("Giang", "Khoa", "Lan")]
    for person in officers:
        make.secretary(session, person, round_)
    stranger = make.user(session, "Minh")
    make.secretary(session, stranger, make.round_(session, phase=Phase.JUDGING))
    session.commit()
    clients = [sign_in(app, person) for person in (*officers, stranger, *judges)]
    return Office(round_, entries, seats[0], *clients)


def printed(office: Office) -> list[bytes]:
    """The pack that the secretariat prints for Chi, cut into pages: of its own accord the common sheet is one page."""
    asked = office.giang.post(f"/to-giup-viec/ghe/{office.chi.id}/phieu-giay.pdf")
    pack = office.giang.get(f"{asked.location.split('?')[0]}/tep").data
    document, sheets = pypdfium2.PdfDocument(pack), []
    for number in range(len(document)):
        one, out = pypdfium2.PdfDocument.new(), io.BytesIO()
        one.import_pages(document, [number])
        one.save(out)
        sheets.append(out.getvalue())
    return sheets


def send(office: Office, data: bytes, name: str = "phieu.pdf"):
    return office.giang.post(office.base, data={"files": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def papers(session: Session) -> list[PaperSheet]:
    return list(session.scalars(select(PaperSheet).order_by(PaperSheet.id).execution_options(populate_existing=True)))


def test_a_pack_is_printed_scanned_read_keyed_twice_and_entered(session: Session, office: Office) -> None:
    sheets = printed(office)
    assert len(sheets) == 2
    answer = send(office, scanned([*sheets, sheets[1]], dpi=150, turned=180, noise=20))
    assert answer.status_code == 303
    batch = session.scalars(select(ScanBatch)).one()
    assert (answer.location, batch.read, batch.pages) == (f"/to-giup-viec/lo-quet/{batch.id}", 3, 3)
    found = session.scalars(select(ScanPage.finding).order_by(ScanPage.number)).all()
    assert found == [ScanFinding.SHEET, ScanFinding.SHEET, ScanFinding.DUPLICATE]
    first, second = papers(session)

    opened = office.giang.get(f"{office.base}/nhap")
    assert opened.location == f"/to-giup-viec/phieu-giay/{first.id}/nhap"
    kept = office.giang.post(opened.location, data={**FULL, "comment": "Men đẹp"})
    assert kept.location == f"/to-giup-viec/phieu-giay/{second.id}/nhap"
    page = office.khoa.get(f"/to-giup-viec/phieu-giay/{first.id}/nhap").text
    assert ("34,5" in page, "Men đẹp" in page) == (False, False)
    office.khoa.post(f"/to-giup-viec/phieu-giay/{first.id}/nhap", data=FULL)
    assert papers(session)[0].state is PaperState.ENTERED
    sheet = session.scalars(select(ScoreSheet)).one()
    assert (sheet.state, sheet.comment, str(sheet.total)) == (SheetState.SIGNED, "Men đẹp", "84")
    told = session.scalars(select(ScoreEvent).order_by(ScoreEvent.number.desc())).first()
    assert told is not None
    picture = session.scalars(select(ScanPage.picture).where(ScanPage.sheet_id == first.id)).one()
    assert (told.body["paper"]["scans"], told.body["paper"]["files"]) == ([picture], [batch.sha256])
    assert chain.verify(session, office.round.id).holds
    assert "84" in office.judge.get(f"/giam-khao/phieu/{first.assignment_id}").text


def test_pages_of_a_long_sheet_come_together_and_the_missing_one_is_told(session: Session, office: Office) -> None:
    product = session.get_one(Product, office.entries[0].product_id)
    product.name = "Bộ ấm chén men lam vẽ tay cảnh chùa, sông và làng gốm " * 8
    session.commit()
    first, second, other = printed(office)
    send(office, scanned([second, other]))
    [long, short] = papers(session)
    here = f"/to-giup-viec/phieu-giay/{long.id}/nhap"
    page, listed = office.giang.get(here).text, office.giang.get(office.base).text
    assert ("Phiếu còn thiếu trang 1" in page, "Phiếu thiếu trang" in listed) == (True, True)
    assert "1 phiếu thiếu trang" in office.giang.get(f"{office.base}/con-thieu").text
    onward = office.giang.get(f"{office.base}/nhap?sau={long.id}").location
    assert onward == f"/to-giup-viec/phieu-giay/{short.id}/nhap"
    send(office, scanned([first]), "sau.pdf")
    page, listed = office.giang.get(here).text, office.giang.get(office.base).text
    assert ("thiếu trang" in page, "Phiếu thiếu trang" in listed) == (False, False)
    assert re.findall(r"Trang (\d/\d) của phiếu", page) == ["1/2", "2/2"]
    assert [row.finding for row in session.scalars(select(ScanPage))] == [ScanFinding.SHEET] * 3


def test_a_difference_is_shown_field_by_field_and_decided_by_the_chair(session: Session, office: Office) -> None:
    send(office, scanned(printed(office)[:1]))
    [paper] = papers(session)
    address = f"/to-giup-viec/phieu-giay/{paper.id}"
    assert office.lan.get(f"{address}/xem-lai").status_code == 404
    office.giang.post(f"{address}/nhap", data=FULL)
    office.khoa.post(f"{address}/nhap", data={**FULL, "points-3": "4"})
    look = office.chair.get(f"/giam-khao/phieu-giay/{paper.id}")
    marked = re.findall(r'<tr class="tied"><th scope="row">([^<]*?)\s', look.text)
    assert (look.status_code, marked) == (200, ["3", "Cộng", "Tổng"])
    assert 'value="34,5"' in look.text
    assert not re.search(r'name="points-3" value="[^"]', look.text)
    assert office.khoa.get(f"{address}/xem-lai").text.count("Quyết định và vào sổ") == 0
    without = {**FULL, "reason": ""}
    assert office.chair.post(f"/giam-khao/phieu-giay/{paper.id}", data=without).status_code == 422
    decided = office.chair.post(f"/giam-khao/phieu-giay/{paper.id}", data={**FULL, "reason": "Số 9 viết giống số 4"})
    assert decided.location == f"/giam-khao/dot/{office.round.id}/phieu-giay"
    assert [row.state for row in papers(session)] == [PaperState.ENTERED]


def test_a_page_without_a_code_waits_until_a_person_says_what_it_is(session: Session, office: Office) -> None:
    send(office, with_blank(printed(office)[:1]))
    [blank] = session.scalars(select(ScanPage).where(ScanPage.finding == ScanFinding.NO_CODE)).all()
    assert f"/to-giup-viec/trang-quet/{blank.id}" in office.giang.get(office.base).text
    here = f"/to-giup-viec/trang-quet/{blank.id}"
    picture = office.giang.get(f"{here}/anh")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert "Có thể là trang tiếp của phiếu trước" in office.giang.get(here).text
    wrong = office.giang.post(f"{here}/ghep", data={"entry": office.entries[0].code, "judge": "J999"})
    assert (wrong.status_code, "không được phân công" in wrong.text) == (422, True)
    assert office.giang.post(f"{here}/de-rieng", data={"reason": ""}).status_code == 422
    assert office.giang.post(f"{here}/de-rieng", data={"reason": "Trang trắng"}).status_code == 303
    assert office.giang.post(f"{here}/dua-lai").status_code == 303
    matched = {"entry": office.entries[1].code, "judge": office.chi.code}
    assert office.giang.post(f"{here}/ghep", data=matched).status_code == 303
    assert [row.state for row in papers(session)] == [PaperState.WAITING] * 2


def test_wrong_figures_come_back_beside_their_fields_and_nothing_typed_is_lost(session: Session, office: Office) -> None:
    send(office, scanned(printed(office)[:1]))
    [paper] = papers(session)
    answer = office.giang.post(
        f"/to-giup-viec/phieu-giay/{paper.id}/nhap", data={**FULL, "points-1": "41", "points-2": "", "signature": ""}
    )
    assert answer.status_code == 422
    for text in ("Điểm 41 vượt điểm tối đa 40.", "Chưa nhập điểm.", "không có chữ ký", 'value="7,5"'):
        assert text in answer.text
    assert papers(session)[0].state is PaperState.WAITING


def test_the_same_file_twice_and_a_file_that_is_no_scan_are_refused(session: Session, office: Office) -> None:
    data = scanned(printed(office)[:1])
    send(office, data)
    assert send(office, data).status_code == 409
    refused = send(office, b"%PDF-1.4 nothing", "hong.pdf")
    assert (refused.status_code, "hong.pdf" in refused.text) == (422, True)
    assert len(session.scalars(select(ScanBatch)).all()) == 1


def test_scans_are_for_the_rounds_secretaries_and_what_differs_for_its_chair(session: Session, office: Office) -> None:
    send(office, scanned(printed(office)[:1]))
    [page], [paper] = session.scalars(select(ScanPage)).all(), papers(session)
    batch = session.scalars(select(ScanBatch)).one()
    addresses = [
        office.base,
        f"{office.base}/con-thieu",
        f"/to-giup-viec/lo-quet/{batch.id}",
        f"/to-giup-viec/lo-quet/{batch.id}/tep",
        f"/to-giup-viec/lo-quet/{batch.id}/tien-do.json",
        f"/to-giup-viec/trang-quet/{page.id}",
        f"/to-giup-viec/trang-quet/{page.id}/anh",
        f"/to-giup-viec/phieu-giay/{paper.id}/nhap",
    ]
    assert [office.lan.get(address).status_code for address in addresses] == [200] * 8
    for other in (office.minh, office.judge, office.chair):
        assert [other.get(address).status_code for address in addresses] == [404] * 8
    chairs = [
        f"/giam-khao/dot/{office.round.id}/phieu-giay",
        f"/giam-khao/phieu-giay/{paper.id}",
        f"/giam-khao/trang-quet/{page.id}/anh",
    ]
    assert [office.chair.get(address).status_code for address in chairs] == [200, 404, 404]
    for who, figure in ((office.giang, "9"), (office.khoa, "4")):
        who.post(f"/to-giup-viec/phieu-giay/{paper.id}/nhap", data={**FULL, "points-3": figure})
    assert [office.chair.get(address).status_code for address in chairs] == [200] * 3
    assert [office.judge.get(address).status_code for address in chairs] == [404] * 3
