"""Import from a workbook: template, dry run by cell, all or nothing, consent kept."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.dossier_form import QuestionKind
from app.models.dossier import Dossier
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember
from app.models.record import AuditEvent
from app.models.round import RoundGroup
from app.services.importing_answers import offered
from app.services.importing_sheet import COLUMNS, SHEET, cell_name
from tests.app import make
from tests.app.conftest import sign_in
from uploads import workbooks


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.web.secretariat import importing

    monkeypatch.setattr(importing, "now", lambda: make.NOW)


class Desk:
    """Giang of the secretariat, and rows of her workbook."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session = session
        self.round = make.round_(session)
        of_round = select(RoundGroup.name).where(RoundGroup.round_id == self.round.id).order_by(RoundGroup.id)
        self.group = session.scalars(of_round).first() or ""
        giang = make.user(session, "Giang")
        make.secretary(session, giang, self.round)
        self.browser = sign_in(app, giang)
        self.base = f"/to-giup-viec/dot/{self.round.id}/nhap-xlsx"
        self.commune = make.commune(session, make.province(session)).full_name

    def row(self, **changes: str) -> list[str]:
        values = {
            "facility": "Hộ Mẫu Tre",
            "kind": "Hộ kinh doanh",
            "tax_code": "",
            "registration_number": "01/HKD",
            "province_id": "Bắc Ninh",
            "commune_id": self.commune,
            "street": "Thôn Mẫu",
            "craft_village_name": "",
            "representative_name": "Bà Mẫu",
            "phone": "0912345678",
            "email": "",
            "name": "Giỏ tre mẫu",
            "form": "Sản phẩm",
            "items": "",
            "group_code": self.group,
            "given_on": "05/11/2026",
            "consent": "Qua điện thoại",
        }
        assert list(values) == list(COLUMNS)
        return list({**values, **changes}.values())

    def check(self, *rows: list[str], questions: tuple[str, ...] = ()) -> Any:
        data = workbook([[*COLUMNS.values(), *questions], *rows])
        return self.browser.post(self.base, data={"file": (io.BytesIO(data), "Nhập.xlsx")})

    def keep(self, checked: Any, **fields: str) -> Any:
        table = re.search(r'name="table" value="([^"]+)"', checked.get_data(as_text=True))
        assert table is not None
        return self.browser.post(f"{self.base}/nhap", data={"table": html.unescape(table[1]), **fields})

    def counts(self) -> tuple[int, int]:
        return len(self.session.scalars(select(Facility)).all()), len(self.session.scalars(select(Entry)).all())


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def workbook(rows: list[list[str]], sheet: str = SHEET) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write_string(line, column, value)
    return out.getvalue()


def cells(answer: Any) -> list[str]:
    """The cells that the page names as wrong."""
    return re.findall(rf"{SHEET}!([A-Z]+\d+)", answer.get_data(as_text=True))


def test_the_template_has_the_head_that_the_import_wants(desk: Desk) -> None:
    data = desk.browser.get(f"{desk.base}/mau.xlsx").data
    tables = workbooks.read(io.BytesIO(data), "mau.xlsx")
    answers = [column.title for column in offered(make.NOW.year)]
    assert tables[SHEET][0] == [*COLUMNS.values(), *answers]
    assert [line[1] for line in tables["Hướng dẫn"][1:]] == tables[SHEET][0]
    answer = desk.browser.post(desk.base, data={"file": (io.BytesIO(data), "mau.xlsx")})
    assert (answer.status_code, cells(answer)) == (422, ["A2"])


def test_a_dry_run_tells_and_keeps_nothing(desk: Desk) -> None:
    answer = desk.check(desk.row(), desk.row(name="Khay tre mẫu"))
    assert answer.status_code == 200
    assert "2 hồ sơ, trong đó 1 cơ sở mới" in answer.get_data(as_text=True)
    assert desk.counts() == (0, 0)


def test_the_import_keeps_all_with_consent_and_makes_nobody_an_owner(desk: Desk, session: Session) -> None:
    checked = desk.check(desk.row(), desk.row(name="Khay tre mẫu"))
    assert desk.keep(checked, confirmed="y").status_code == 303
    assert desk.counts() == (1, 2)
    assert {entry.on_behalf_of for entry in session.scalars(select(Entry))} == {"Bà Mẫu"}
    assert session.scalars(select(FacilityMember)).all() == []
    consents = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry:consent")).all()
    assert [event.details["kind"] for event in consents] == ["by_phone", "by_phone"]


def test_without_the_confirmation_nothing_is_imported(desk: Desk) -> None:
    assert desk.keep(desk.check(desk.row())).status_code == 422
    assert desk.counts() == (0, 0)


def test_every_fault_is_named_by_its_cell_and_one_stops_all(desk: Desk) -> None:
    answer = desk.check(
        desk.row(),
        desk.row(facility="", kind="Tập đoàn", phone="12"),
        desk.row(name="Rổ", commune_id="Xã Không Có", given_on="31/02/2026"),
        desk.row(name="Mẹt", facility="Hộ khác", phone="12", tax_code="0100109107"),
        desk.row(),
    )
    assert answer.status_code == 422
    assert cells(answer) == ["B3", "A3", "F4", "P4", "C5", "J5", "L6"]
    assert desk.counts() == (0, 0)


def column(key: str) -> str:
    """The head of a question's first column."""
    return next(column.title for column in offered(make.NOW.year) if column.question.key == key)


SUMMARY = "summary"


def test_answers_in_further_columns_are_kept_in_the_dossier(desk: Desk, session: Session) -> None:
    year = make.NOW.year - 1
    figures = next(item for item in offered(make.NOW.year) if item.year == year)
    choice = next(item for item in offered(make.NOW.year) if item.question.options)
    titles = (column(SUMMARY), figures.title, choice.title)
    option = choice.question.options[0]
    checked = desk.check([*desk.row(), "Giỏ tre đan tay", "8500", option.label_vi], questions=titles)
    assert desk.keep(checked, confirmed="y").status_code == 303
    [dossier] = session.scalars(select(Dossier)).all()
    assert dossier.answers == {
        SUMMARY: "Giỏ tre đan tay",
        figures.question.key: {str(year): "8500"},
        choice.question.key: option.value,
    }


def test_a_wrong_answer_is_named_by_its_cell_and_keeps_nothing(desk: Desk) -> None:
    choice = next(item for item in offered(make.NOW.year) if item.question.options)
    number = next(item for item in offered(make.NOW.year) if item.question.kind is QuestionKind.PERCENT)
    titles = (column(SUMMARY), number.title, choice.title)
    answer = desk.check(
        [*desk.row(), "Giỏ", "12.5 phần", "Không rõ"], [*desk.row(name="Rổ"), "x" * 9000, "", ""], questions=titles
    )
    assert (answer.status_code, cells(answer)) == (422, ["S2", "T2", "R3"])
    assert desk.counts() == (0, 0)


def test_a_column_that_is_no_question_and_one_twice_are_named(desk: Desk) -> None:
    answer = desk.check([*desk.row(), "a", "b", "c"], questions=(column(SUMMARY), "Cột lạ", column(SUMMARY)))
    assert cells(answer) == ["S1", "T1"]


def test_columns_behind_z_have_two_letters() -> None:
    assert [cell_name(at, 7) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7", "AAA7"]


def test_a_facility_that_is_known_is_not_founded_again(desk: Desk, session: Session) -> None:
    known = make.facility(session, name="Hộ Mẫu Tre")
    desk.keep(desk.check(desk.row()), confirmed="y")
    assert [entry.facility_id for entry in session.scalars(select(Entry))] == [known.id]


def test_rows_that_were_changed_on_their_way_are_not_imported(desk: Desk) -> None:
    answer = desk.browser.post(f"{desk.base}/nhap", data={"table": "W1tdXQ.forged", "confirmed": "y"})
    assert answer.status_code == 303
    assert desk.counts() == (0, 0)


def test_another_rounds_secretary_and_a_facility_find_no_such_page(desk: Desk, app: Flask, session: Session) -> None:
    person = make.user(session, "An")
    make.facility(session, person)
    assert sign_in(app, person).get(desk.base).status_code == 404
