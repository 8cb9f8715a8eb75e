"""Products recognised before the system: taken over from a workbook, remembered, public as such, never certified."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import LevelCode
from app.infra.tables import write_xlsx
from app.models.certificate import Certificate
from app.models.past import PastRecognition
from app.models.record import AuditEvent
from app.queries import memory
from app.services.past_recognitions import COLUMNS, SHEET
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.registering import draft
from uploads import workbooks


class Desk:
    """Giang of the secretariat of a provincial round of 2026, and rows of her workbook."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.round = make.round_(session)
        self.giang = make.user(session, "Giang")
        make.secretary(session, self.giang, self.round)
        session.commit()
        self.browser = sign_in(app, self.giang)
        self.base = f"/to-giup-viec/dot/{self.round.id}/truoc-day"

    def row(self, **changes: Any) -> list[Any]:
        values = {
            "year": 2023, "product": "Bình gốm men lam", "facility": "Hộ Mẫu Gốm", "tax_code": "0100109106",
            "group_code": make.GROUPS[0], "province_id": "Bắc Ninh", "commune_id": "", "serial": "017/GCN",
            "order_number": "1234/QĐ-UBND", "decided_on": date(2023, 11, 5), "authority": "", "valid_until": "05/11/2028",
        }  # fmt: skip
        return list({**values, **changes}.values())

    def check(self, *rows: list[Any]) -> Any:
        data = write_xlsx(SHEET, list(COLUMNS.values()), rows)
        return self.browser.post(f"{self.base}/nhap-xlsx", data={"file": (io.BytesIO(data), "Cũ.xlsx")})

    def keep(self, checked: Any) -> Any:
        table = re.search(r'name="table" value="([^"]+)"', checked.text)
        assert table is not None
        return self.browser.post(f"{self.base}/nhap-xlsx/nhap", data={"table": html.unescape(table[1])})

    def rows(self) -> list[PastRecognition]:
        self.session.expire_all()
        return list(self.session.scalars(select(PastRecognition).order_by(PastRecognition.id)))


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def cells(answer: Any) -> list[str]:
    """The cells that the page names as wrong."""
    return re.findall(rf"{SHEET}!([A-Z]+\d+)", answer.text)


def test_a_dry_run_keeps_nothing_and_the_import_all_with_its_record(desk: Desk, session: Session) -> None:
    checked = desk.check(desk.row(), desk.row(year=2021))
    assert (checked.status_code, desk.rows()) == (200, [])
    assert desk.keep(checked).status_code == 303
    row, _other = desk.rows()
    assert (row.level, row.year, row.serial, row.decided_on, row.valid_until, row.tax_code) == (
        LevelCode.PROVINCE, 2023, "017/GCN", date(2023, 11, 5), date(2028, 11, 5), "0100109106",
    )  # fmt: skip
    assert row.authority == desk.round.authority
    record = session.scalars(select(AuditEvent).where(AuditEvent.action == "past:take_over")).one()
    assert (record.chain, record.details["rows"]) == (f"round:{desk.round.id}", 2)


def test_every_fault_is_named_by_its_cell_and_one_stops_all(desk: Desk) -> None:
    answer = desk.check(
        desk.row(),
        desk.row(year=2026, product="A", decided_on="31/02/2023"),
        desk.row(product="B", group_code="Nhóm lạ", province_id="Xứ Lạ", tax_code="01001"),
        desk.row(),
        desk.row(product="", facility="", year="năm ngoái"),
        desk.row(product="C", valid_until="01/01/2020"),
        desk.row(product="D", commune_id="Xã Không Có"),
    )
    assert answer.status_code == 422
    assert sorted(cells(answer)) == ["A3", "A6", "B5", "B6", "C6", "D4", "E4", "F4", "G8", "J3", "L7"]
    assert desk.rows() == []


def test_a_line_that_is_there_already_is_refused_the_second_time(desk: Desk) -> None:
    desk.keep(desk.check(desk.row()))
    answer = desk.check(desk.row(product="BINH GOM men lam", serial="khác"))
    assert (answer.status_code, cells(answer)) == (422, ["B2"])


def test_a_place_beyond_the_rounds_territory_is_refused(desk: Desk, session: Session) -> None:
    assert make.province(session).id == desk.round.unit_id
    assert cells(desk.check(desk.row(province_id="Thành phố Hà Nội"))) == ["F2"]


def test_a_unit_that_a_decree_ended_is_found_under_its_old_name_and_shown_by_it(desk: Desk, client: Any) -> None:
    desk.keep(desk.check(desk.row(province_id="Tỉnh Bắc Giang")))
    [row] = desk.rows()
    assert row.locality_id != desk.round.unit_id
    assert "Tỉnh Bắc Giang" in client.get("/san-pham/truoc-day").text


def test_what_was_exported_comes_back_the_same(desk: Desk, session: Session) -> None:
    desk.keep(desk.check(desk.row(), desk.row(year=2021, product="=1+1", decided_on=None, valid_until="")))
    data = desk.browser.get(f"{desk.base}.xlsx").data
    for row in desk.rows():
        session.delete(row)
    session.commit()
    sent = {"file": (io.BytesIO(data), "Cũ.xlsx")}
    assert desk.keep(desk.browser.post(f"{desk.base}/nhap-xlsx", data=sent)).status_code == 303
    assert desk.browser.get(f"{desk.base}.xlsx").data[:2] == b"PK"
    assert [(row.year, row.product, row.decided_on) for row in desk.rows()] == [
        (2023, "Bình gốm men lam", date(2023, 11, 5)), (2021, "=1+1", None),
    ]  # fmt: skip


def test_the_product_is_remembered_when_its_facility_registers_later(desk: Desk, session: Session) -> None:
    desk.keep(desk.check(desk.row()))
    an = make.user(session, "An")
    facility = make.facility(session, an, name="Hộ Mẫu Gốm mới", tax_code="0100109106")
    entry = draft(session, make.acting(session, an), desk.round, facility, name="Bình gốm men lam")
    [line] = memory.before(session, entry, on=make.TODAY)
    assert (line.taken_over, line.is_same, line.year, line.serial, line.code, line.verdict) == (
        True, True, 2023, "017/GCN", "", None,
    )  # fmt: skip
    assert memory.of_facilities(session, [facility.id], on=make.TODAY)[facility.id][0].taken_over
    page = desk.browser.get(f"/to-giup-viec/ho-so/{entry.id}").text
    assert "Tiếp nhận từ hồ sơ giấy · số trên giấy cũ 017/GCN" in page
    assert session.scalars(select(Certificate)).all() == []


def test_everybody_sees_it_as_taken_over_and_nobody_its_tax_code(desk: Desk, client: Any) -> None:
    assert "/san-pham/truoc-day" not in client.get("/san-pham").text
    desk.keep(desk.check(desk.row(), desk.row(year=2021, product="Khay tre")))
    assert 'href="/san-pham/truoc-day"' in client.get("/san-pham").text
    page = client.get("/san-pham/truoc-day?nam=2023").text
    assert "Tiếp nhận từ hồ sơ giấy" in page
    assert ("Bình gốm men lam" in page, "Khay tre" in page, "0100109106" in page) == (True, False, False)
    assert "/du-lieu-mo/san-pham-truoc-day.json?nam=2023" in page
    [item] = client.get("/du-lieu-mo/san-pham-truoc-day.json?nam=2023").get_json()["items"]
    assert (item["name"], item["taken_over"], item["paper_serial"]) == ("Bình gốm men lam", True, "017/GCN")
    assert "0100109106" not in client.get("/du-lieu-mo/san-pham-truoc-day.csv").text


def test_a_line_is_taken_back_by_its_own_secretariat_alone_and_the_chain_keeps_it(desk: Desk, session: Session) -> None:
    desk.keep(desk.check(desk.row()))
    [row] = desk.rows()
    other = make.round_(session, year=2027)
    stranger = make.user(session, "Bình")
    make.secretary(session, stranger, other)
    session.commit()
    away = f"/to-giup-viec/dot/{other.id}/truoc-day/{row.id}/bo"
    assert sign_in(desk.app, stranger).post(away).status_code == 404
    assert len(desk.rows()) == 1
    assert sign_in(desk.app, desk.giang).post(f"{desk.base}/{row.id}/bo").status_code == 303
    assert desk.rows() == []
    record = session.scalars(select(AuditEvent).where(AuditEvent.action == "past:take_back")).one()
    assert record.details["product"] == "Bình gốm men lam"


def test_the_template_has_the_head_that_the_import_wants(desk: Desk) -> None:
    data = desk.browser.get(f"{desk.base}/nhap-xlsx/mau.xlsx").data
    assert workbooks.read(io.BytesIO(data), "mau.xlsx")[SHEET][0] == list(COLUMNS.values())
