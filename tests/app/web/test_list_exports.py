"""Lists as files: what the page shows, all its pages, its filters kept, every cell of its own type."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import PanelRole
from app.infra.tables import write_csv, write_xlsx
from app.models.account import User
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import issued
from uploads import workbooks

ROW = [
    "+84 912 345 678", "0100109106", "001099012345", "=1+1", "@SUM(A1)", 12, Decimal("84.5"), date(2026, 11, 5),
    datetime(2026, 11, 5, 1, 30, tzinfo=UTC), None,
]  # fmt: skip


def rows(answer: Any) -> list[list[Any]]:
    """The only sheet of a downloaded workbook."""
    assert answer.status_code == 200
    [table] = workbooks.read(io.BytesIO(answer.data), "a.xlsx").values()
    return table


def test_every_cell_of_a_workbook_keeps_its_type() -> None:
    [table] = workbooks.read(io.BytesIO(write_xlsx("Mẫu", list("abcdefghij"), [ROW])), "a.xlsx").values()
    assert table[1] == [
        "+84 912 345 678", "0100109106", "001099012345", "=1+1", "@SUM(A1)", 12, 84.5, "2026-11-05", "2026-11-05T08:30:00", None,
    ]  # fmt: skip


def test_a_csv_holds_no_formula_and_reads_as_people_write() -> None:
    [_head, row] = csv.reader(io.StringIO(write_csv(list("abcdefghij"), [ROW]).decode("utf-8-sig")), delimiter=";")
    assert row == [
        "'+84 912 345 678", "0100109106", "001099012345", "'=1+1", "'@SUM(A1)", "12", "84,5", "05/11/2026", "05/11/2026 08:30", "",
    ]  # fmt: skip


def test_people_are_exported_as_they_are_found_beyond_the_first_page(app: Flask, session: Session) -> None:
    boss = make.user(session, "Quản")
    make.administrator(session, boss)
    for number in range(55):
        make.user(session, f"Mẫu {number:02d}")
    session.commit()
    browser = sign_in(app, boss)
    page = browser.get("/quan-tri/nguoi-dung?q=mau").text
    assert "/quan-tri/nguoi-dung?q=mau&amp;xuat=xlsx" in page
    table = rows(browser.get("/quan-tri/nguoi-dung?q=mau&xuat=xlsx"))
    assert [line[0] for line in table[1:]] == [f"Mẫu {number:02d}" for number in range(55)]
    assert browser.get("/quan-tri/nguoi-dung?q=mau&xuat=gi").mimetype == "text/html"


def test_the_trail_and_the_outbox_are_exported_under_their_filters(app: Flask, session: Session) -> None:
    boss = make.user(session, "Quản")
    make.administrator(session, boss)
    issued(session)
    browser = sign_in(app, boss)
    trail = rows(browser.get("/quan-tri/nhat-ky?action=certificate:issue&xuat=xlsx"))
    assert {line[3] for line in trail[1:]} == {"certificate:issue"}
    waiting = rows(browser.get("/quan-tri/thu-gui-di?state=waiting&xuat=xlsx"))
    assert {line[3] for line in waiting[1:]} <= {"Chờ gửi"}


def test_certificates_are_exported_to_the_secretariat_and_to_their_holder_alone(app: Flask, session: Session) -> None:
    world, certificates = issued(session)
    giang = sign_in(app, session.get_one(User, world.giang.user_id))
    base = f"/to-giup-viec/dot/{world.round.id}/giay-chung-nhan"
    table = rows(giang.get(f"{base}?xuat=xlsx"))
    assert [line[0] for line in table[1:]] == [row.serial for row in certificates]
    assert table[1][4] == "2026-11-21"
    assert len(rows(giang.get(f"{base}?q={certificates[0].code}&xuat=xlsx"))) == 2
    stranger = make.user(session, "Bình")
    make.facility(session, stranger, name="Hộ của Bình")
    session.commit()
    assert sign_in(app, stranger).get(f"{base}?xuat=xlsx").status_code == 404
    assert len(rows(sign_in(app, stranger).get("/co-so/giay-chung-nhan?xuat=xlsx"))) == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_panel_and_the_samples_are_exported_to_their_own_secretariat(app: Flask, session: Session, kind: str) -> None:
    round_ = make.round_(session)
    giang, stranger = make.user(session, "Giang"), make.user(session, "Bình")
    make.secretary(session, giang, round_)
    chi = make.user(session, "Chi", employer="Viện Mẫu")
    make.judge(session, round_, chi, role=PanelRole.CHAIR)
    session.commit()
    base = f"/to-giup-viec/dot/{round_.id}"
    answer = sign_in(app, giang).get(f"{base}/ban-giam-khao?xuat={kind}")
    if kind == "xlsx":
        assert rows(answer)[1][1:6] == ["Chi", chi.email, "Trưởng ban giám khảo", None, "Viện Mẫu"]
    else:
        assert "Viện Mẫu" in answer.data.decode("utf-8-sig")
    assert sign_in(app, giang).get(f"{base}/mau?xuat={kind}").status_code == 200
    assert sign_in(app, stranger).get(f"{base}/ban-giam-khao?xuat={kind}").status_code == 404
