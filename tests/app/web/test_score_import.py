"""Scores of paper sheets from a workbook: one person's reading each, two people must agree, what is signed stays."""

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

from app.domain.vocabulary import ConflictAnswer, PaperState, Phase, SheetState
from app.models.paper import PaperReading, PaperSheet
from app.models.sheet import ScoreSheet
from app.web.secretariat.score_import import OWNER
from tests.app import make
from tests.app.conftest import sign_in
from uploads import workbooks

FULL = ["34,5", "33", "9", "7,5", "84", "Có", "Men đẹp"]


class Office:
    """Giang and Khoa are secretaries; Chi's sheets of two entries came back on paper and were scanned."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.round = make.round_(session, phase=Phase.JUDGING)
        facility = make.facility(session)
        self.entries = [make.entry(session, self.round, facility, name=name) for name in ("Ấm", "Chén")]
        self.seat = make.judge(session, self.round, make.user(session, "Chi"), answer=ConflictAnswer.NONE)
        self.assignments = [make.assignment(session, self.seat, entry) for entry in self.entries]
        session.add_all(PaperSheet(assignment_id=one.id, arrived_at=make.NOW) for one in self.assignments)
        self.people = {name: make.user(session, name) for name in ("Giang", "Khoa")}
        for person in self.people.values():
            make.secretary(session, person, self.round)
        session.commit()
        self.group = self.entries[0].group_code
        self.base = f"/to-giup-viec/dot/{self.round.id}/phieu-giay/nhap-xlsx"

    def template(self, name: str) -> dict[str, Any]:
        data = sign_in(self.app, self.people[name]).get(f"{self.base}/mau.xlsx").data
        return workbooks.read(io.BytesIO(data), "mau.xlsx")

    def filled(self, name: str, *rows: list[str]) -> bytes:
        """The person's template with these figures in its rows, in order."""
        tables = self.template(name)
        lines = [[*line[:2], *row] for line, row in zip(tables[self.group][1:], rows, strict=False)]
        return book({self.group: [tables[self.group][0], *lines], OWNER: tables[OWNER]})

    def check(self, name: str, data: bytes) -> Any:
        return sign_in(self.app, self.people[name]).post(self.base, data={"file": (io.BytesIO(data), "Điểm.xlsx")})

    def send(self, name: str, *rows: list[str]) -> Any:
        """Check and keep."""
        checked = self.check(name, self.filled(name, *rows))
        table = re.search(r'name="table" value="([^"]+)"', checked.text)
        assert table is not None
        sent = {"table": html.unescape(table[1])}
        return sign_in(self.app, self.people[name]).post(f"{self.base}/nhap", data=sent)

    def states(self) -> list[PaperState]:
        self.session.expire_all()
        return list(self.session.scalars(select(PaperSheet.state).order_by(PaperSheet.id)))


def book(tables: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, table in tables.items():
            page = made.add_worksheet(name)
            for line, row in enumerate(table):
                for column, value in enumerate(row):
                    page.write(line, column, "" if value is None else value)
    return out.getvalue()


def cells(answer: Any) -> list[str]:
    """The cells that the page names as wrong."""
    return re.findall(r">(\S[^<>!]*![A-Z]+\d+)<", answer.text)


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    return Office(app, session)


def test_the_template_holds_the_codes_of_what_the_person_may_key_in_and_no_figure(office: Office) -> None:
    table = office.template("Giang")[office.group]
    assert [row[:2] for row in table[1:]] == [[entry.code, office.seat.code] for entry in office.entries]
    assert {cell for row in table[1:] for cell in row[2:]} == {None}
    office.send("Giang", FULL)
    assert [row[0] for row in office.template("Giang")[office.group][1:]] == [office.entries[1].code]
    assert {cell for row in office.template("Khoa")[office.group][1:] for cell in row[2:]} == {None}


def test_a_dry_run_keeps_nothing_and_tells_nothing_of_the_other_reading(office: Office, session: Session) -> None:
    office.send("Giang", FULL)
    same = office.check("Khoa", office.filled("Khoa", FULL))
    other = office.check("Khoa", office.filled("Khoa", ["30", *FULL[1:4], "79,5", "Có", ""]))

    def said(answer: Any) -> str:
        return re.sub(r'name="(table|csrf_token)" value="[^"]*"', "", answer.text.split("<h2>", 1)[1])

    assert (same.status_code, other.status_code) == (200, 200)
    assert said(same) == said(other)
    assert (len(session.scalars(select(PaperReading)).all()), office.states()) == (1, [PaperState.ONCE, PaperState.WAITING])


def test_two_people_who_agree_enter_the_sheet_and_two_who_differ_do_not(office: Office, session: Session) -> None:
    office.send("Giang", FULL, FULL)
    office.send("Khoa", FULL, ["30", *FULL[1:4], "79,5", "Có", ""])
    assert office.states() == [PaperState.ENTERED, PaperState.DIFFERS]
    [sheet] = session.scalars(select(ScoreSheet)).all()
    assert (sheet.assignment_id, sheet.state, sheet.total) == (office.assignments[0].id, SheetState.SIGNED, 84)


def test_nobody_is_both_readings_by_sending_anothers_workbook(office: Office, session: Session) -> None:
    data = office.filled("Giang", FULL)
    answer = office.check("Khoa", data)
    assert (answer.status_code, cells(answer)) == (422, [f"{OWNER}!A2"])
    assert session.scalars(select(PaperReading)).all() == []


def test_every_fault_is_named_by_its_cell_and_one_stops_all(office: Office, session: Session) -> None:
    answer = office.check("Giang", office.filled("Giang", FULL, ["41", "", "9", "7,5", "x", "", ""]))
    assert answer.status_code == 422
    assert sorted(cells(answer)) == [f"{office.group}!{cell}" for cell in ("C3", "D3", "G3", "H3")]
    assert session.scalars(select(PaperReading)).all() == []


def test_a_sheet_without_a_scan_and_one_that_is_signed_are_refused(office: Office, session: Session) -> None:
    tables = office.template("Giang")
    session.execute(PaperSheet.__table__.delete().where(PaperSheet.assignment_id == office.assignments[1].id))
    make.signed_sheet(session, office.assignments[0], "35", "33", "8", "7")
    session.commit()
    rows = [tables[office.group][0], *([*line[:2], *FULL] for line in tables[office.group][1:])]
    answer = office.check("Giang", book({office.group: rows, OWNER: tables[OWNER]}))
    assert cells(answer) == [f"{office.group}!A3"]
    office.send("Giang", FULL)
    office.send("Khoa", FULL)
    assert office.states() == [PaperState.HELD]
    assert [sheet.total for sheet in session.scalars(select(ScoreSheet))] == [83]
