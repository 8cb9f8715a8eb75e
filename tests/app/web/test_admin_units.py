"""The administrator's pages of units: history, and the next decree with its dry run."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.unit_rows import COLUMNS
from app.domain.vocabulary import Role, UnitTier
from app.models.account import RoleGrant
from app.models.unit import Unit
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.queries.statements import counted


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    person = make.user(session, "Quản")
    session.add(RoleGrant(user_id=person.id, role=Role.ADMINISTRATOR, granted_at=make.NOW))
    return sign_in(app, person)


def send(client: FlaskClient, *lines: str) -> str:
    text = "\n".join((",".join(COLUMNS), *lines))
    answer = client.post("/quan-tri/don-vi/nhap", data={"file": (io.BytesIO(text.encode()), "nd.csv")})
    return answer.get_data(as_text=True)


def commune(code: str, name: str, before: str) -> str:
    return f"xã,{code},xã,{name},,24,,2027-07-01,,Nghị quyết mẫu,{before},"


def table_in(page: str) -> str:
    found = re.search(r'name="table" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_an_old_province_tells_what_it_went_on_as(admin: FlaskClient, session: Session) -> None:
    of_that_name = select(Unit).where(Unit.tier == UnitTier.PROVINCE, Unit.name == "Bắc Giang")
    old = session.scalars(of_that_name).one()
    page = admin.get(f"/quan-tri/don-vi/{old.id}").get_data(as_text=True)
    assert [text in page for text in ("Tỉnh Bắc Giang", "30/06/2025", "Tỉnh Bắc Ninh", "202/2025/QH15")] == [True] * 4


def test_the_list_finds_by_name_and_by_code_in_a_constant_number_of_statements(admin: FlaskClient, session: Session) -> None:
    assert "Tỉnh Bắc Giang" in admin.get("/quan-tri/don-vi?q=bac+giang").get_data(as_text=True)
    found = admin.get("/quan-tri/don-vi?q=24").get_data(as_text=True)
    assert [name in found for name in ("Tỉnh Bắc Giang", "Tỉnh Bắc Ninh")] == [True, True]
    costs = []
    for address in ("/quan-tri/don-vi?q=bac+giang", "/quan-tri/don-vi"):
        with counted(session) as sent:
            admin.get(address)
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_a_dry_run_shows_the_change_and_the_button_makes_it(admin: FlaskClient, session: Session) -> None:
    old = make.commune(session, make.province(session))
    page = send(admin, commune("99001", "Mới", old.code))
    assert ("Xã Mới" in page, session.scalar(select(Unit.id).where(Unit.code == "99001"))) == (True, None)
    answer = admin.post("/quan-tri/don-vi/nhap/ghi", data={"table": table_in(page)})
    assert (answer.status_code, session.scalars(select(Unit.name).where(Unit.code == "99001")).all()) == (303, ["Mới"])


def test_a_split_is_asked_on_the_page_and_not_imported_before_it_is_answered(admin: FlaskClient, session: Session) -> None:
    old = make.commune(session, make.province(session))
    page = send(admin, commune("99001", "Một", old.code), commune("99002", "Hai", old.code))
    name = f"split-{old.code}"
    assert f'name="{name}"' in page
    table = table_in(page)
    unanswered = admin.post("/quan-tri/don-vi/nhap/ghi", data={"table": table, name: ""})
    assert (unanswered.status_code, session.scalar(select(Unit.id).where(Unit.code == "99001"))) == (422, None)
    answered = admin.post("/quan-tri/don-vi/nhap/ghi", data={"table": table, name: "99002"})
    assert (answered.status_code, session.scalars(select(Unit.name).where(Unit.code == "99001")).all()) == (303, ["Một"])


def test_wrong_lines_stand_on_the_page_and_cannot_be_imported(admin: FlaskClient) -> None:
    page = send(admin, commune("99001", "Mới", "00000"))
    assert "Không có đơn vị mã 00000 còn hiệu lực ngày 30/06/2027." in page
    assert 'name="table"' not in page


def test_the_template_is_taken_back_as_it_was_given(admin: FlaskClient) -> None:
    given = admin.get("/quan-tri/don-vi/nhap/mau.csv").data
    answer = admin.post("/quan-tri/don-vi/nhap", data={"file": (io.BytesIO(given), "mau.csv")})
    assert (answer.status_code, "Chưa có dòng nào" in answer.get_data(as_text=True)) == (422, True)


def test_rows_that_were_not_shown_are_not_imported(admin: FlaskClient, session: Session) -> None:
    answer = admin.post("/quan-tri/don-vi/nhap/ghi", data={"table": '[["tier"]]'})
    assert (answer.status_code, answer.location) == (303, "/quan-tri/don-vi/nhap")


def test_a_secretary_finds_no_such_page(app: Flask, session: Session) -> None:
    giang = make.user(session, "Giang")
    make.secretary(session, giang, make.round_(session))
    browser = sign_in(app, giang)
    assert [browser.get(url).status_code for url in ("/quan-tri/don-vi", "/quan-tri/don-vi/nhap")] == [404, 404]
