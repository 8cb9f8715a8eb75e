"""Judges from a workbook: a seat for who has an account, a letter for who has none, all of them or nobody."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import PanelRole
from app.infra.tables import write_csv, write_xlsx
from app.models.panel import PanelInvitation, PanelSeat
from app.models.record import Job, OutboxMail
from app.services.importing_judges import COLUMNS, SHEET
from tests.app import make
from tests.app.conftest import sign_in
from uploads import workbooks


class Desk:
    """Giang of the secretariat with a round whose panel is open, and rows of her workbook."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session = session
        self.round = make.round_(session)
        giang = make.user(session, "Giang")
        make.secretary(session, giang, self.round)
        self.chi = make.user(session, "Chi")
        session.commit()
        self.browser = sign_in(app, giang)
        self.base = f"/to-giup-viec/dot/{self.round.id}/ban-giam-khao/nhap-xlsx"

    def row(self, **changes: str) -> list[str]:
        values = {
            "name": "Người Mới", "email": "moi@example.vn", "role": "Giám khảo", "position": "TS", "employer": "Viện Mẫu",
            "groups": "", "maximum_load": "12",
        }  # fmt: skip
        return list({**values, **changes}.values())

    def check(self, *rows: list[str]) -> Any:
        data = write_xlsx(SHEET, list(COLUMNS.values()), rows)
        return self.browser.post(self.base, data={"file": (io.BytesIO(data), "Giám khảo.xlsx")})

    def keep(self, checked: Any) -> Any:
        table = re.search(r'name="table" value="([^"]+)"', checked.text)
        assert table is not None
        return self.browser.post(f"{self.base}/nhap", data={"table": html.unescape(table[1])})

    def panel(self) -> tuple[list[int], list[str]]:
        self.session.expire_all()
        seats = self.session.scalars(select(PanelSeat).order_by(PanelSeat.id)).all()
        invited = self.session.scalars(select(PanelInvitation).order_by(PanelInvitation.id)).all()
        return [seat.user_id for seat in seats], [row.email for row in invited]


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def cells(answer: Any) -> list[str]:
    """The cells that the page names as wrong."""
    return re.findall(rf"{SHEET}!([A-Z]+\d+)", answer.text)


def test_a_dry_run_seats_nobody_writes_to_nobody_and_rings_for_no_mail(desk: Desk, session: Session) -> None:
    answer = desk.check(desk.row(), desk.row(name="Chi", email=desk.chi.email))
    assert answer.status_code == 200
    assert "1 người được mời qua thư điện tử, 1 người đã có tài khoản" in answer.text
    assert desk.panel() == ([], [])
    assert (session.scalars(select(OutboxMail)).all(), session.scalars(select(Job)).all()) == ([], [])


def test_who_has_an_account_is_seated_and_everybody_else_invited_with_their_employer(desk: Desk, session: Session) -> None:
    group = make.GROUPS[0]
    checked = desk.check(
        desk.row(groups=group), desk.row(name="Chi", email=desk.chi.email.upper(), role="Trưởng ban giám khảo")
    )
    assert desk.keep(checked).status_code == 303
    assert desk.panel() == ([desk.chi.id], ["moi@example.vn"])
    [invited] = session.scalars(select(PanelInvitation)).all()
    assert (invited.name, invited.employer, invited.groups, invited.maximum_load) == ("Người Mới", "Viện Mẫu", [group], 12)
    assert session.scalars(select(PanelSeat.role)).all() == [PanelRole.CHAIR]


def test_every_fault_is_named_by_its_cell_and_one_stops_all(desk: Desk) -> None:
    answer = desk.check(
        desk.row(),
        desk.row(email="không phải", name="A"),
        desk.row(email="b mẫu", role="Khách", groups="Nhóm lạ", maximum_load="nhiều"),
        desk.row(),
        desk.row(email="c@example.vn", role="Trưởng ban giám khảo"),
        desk.row(email="d@example.vn", name="", maximum_load="0"),
    )
    assert (answer.status_code, cells(answer)) == (422, ["B3", "B4", "C4", "F4", "G4", "B5", "A7"])
    assert desk.panel() == ([], [])


def test_a_second_chair_is_found_among_the_rows_themselves(desk: Desk) -> None:
    binh = make.user(desk.session, "Bình")
    desk.session.commit()
    chair = "Trưởng ban giám khảo"
    answer = desk.check(desk.row(email=desk.chi.email, role=chair), desk.row(email=binh.email, role=chair))
    assert (answer.status_code, cells(answer)) == (422, ["C3"])


def test_the_template_has_the_head_that_the_import_wants(desk: Desk) -> None:
    data = desk.browser.get(f"{desk.base}/mau.xlsx").data
    assert workbooks.read(io.BytesIO(data), "mau.xlsx")[SHEET][0] == list(COLUMNS.values())
    answer = desk.browser.post(desk.base, data={"file": (io.BytesIO(data), "mau.xlsx")})
    assert (answer.status_code, cells(answer)) == (422, ["A2"])


def test_a_panel_that_is_frozen_takes_no_list_and_rows_of_another_round_are_no_rows(desk: Desk) -> None:
    checked = desk.check(desk.row())
    other = make.round_(desk.session, year=2027)
    giang = desk.session.get(type(desk.chi), desk.chi.id - 1)
    assert giang is not None
    make.secretary(desk.session, giang, other)
    desk.session.commit()
    table = html.unescape(re.findall(r'name="table" value="([^"]+)"', checked.text)[0])
    answer = desk.browser.post(desk.base.replace(f"/{desk.round.id}/", f"/{other.id}/") + "/nhap", data={"table": table})
    assert answer.status_code == 303
    assert desk.panel() == ([], [])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cu.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        ("a.csv", write_csv(["Họ và tên"], [["Mẫu"]])),
        ("a.csv", "Họ và tên;Thư".encode("cp1258", "replace")),
        ("a.ods", write_xlsx(SHEET, ["A"], [])),
    ],
)
def test_a_file_that_is_no_workbook_is_told_how_it_becomes_one(desk: Desk, name: str, data: bytes) -> None:
    answer = desk.browser.post(desk.base, data={"file": (io.BytesIO(data), name)})
    assert (answer.status_code, "chọn Lưu thành, kiểu .xlsx" in answer.text, "JPEG" in answer.text) == (422, True, False)
