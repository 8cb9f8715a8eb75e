"""A page costs as many statements for thirty entries as for one: no list asks row by row."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import PanelRole, Phase
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.queries.statements import counted

PAGES = {
    "screening board": "/to-giup-viec/dot/{round}/ho-so",
    "screening board, searched and sorted": "/to-giup-viec/dot/{round}/ho-so?q=san&sort=-facility",
    "round dashboard": "/to-giup-viec/dot/{round}",
    "progress": "/to-giup-viec/dot/{round}/tien-do",
    "desk": "/to-giup-viec/",
    "entry": "/to-giup-viec/ho-so/{entry}",
    "regions of the year": "/to-giup-viec/khu-vuc/2026",
    "units": "/quan-tri/don-vi",
    "one unit": "/quan-tri/don-vi/{unit}",
}


@pytest.mark.parametrize("page", PAGES)
def test_thirty_entries_cost_as_many_statements_as_one(app: Flask, session: Session, page: str) -> None:
    costs = []
    for count in (1, 30):
        giang = make.user(session, f"Giang {count}")
        make.administrator(session, giang)
        row = make.round_(session, phase=Phase.JUDGING)
        make.secretary(session, giang, row)
        seat = make.judge(session, row, make.user(session, f"Chi {count}"), role=PanelRole.CHAIR)
        for number in range(count):
            place = make.facility(session, name=f"Cơ sở {count} {number}")
            entry = make.entry(session, row, place, name=f"Sản phẩm {number}", photos=0)
            make.signed_sheet(session, make.assignment(session, seat, entry), "35", "33", "8", "7")
        address = PAGES[page].format(round=row.id, entry=entry.id, unit=make.province(session).id)
        browser = sign_in(app, giang)
        assert browser.get(address).status_code == 200
        with counted(session) as sent:
            browser.get(address)
        costs.append(len(sent))
    assert costs[0] == costs[1]
