"""Lists as files: what the page shows, all its pages, its filters kept, every cell of its own type."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import BallotKind, ConflictAnswer, PanelRole, Phase, VoteChoice
from app.infra.tables import write_csv, write_json, write_xlsx
from app.models.account import User
from app.models.panel import Assignment
from app.services import complaints, council
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import issued, published
from tests.app.services.world import SHEETS, in_session, judged
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


def test_json_keeps_decimals_exact_days_as_days_and_texts_as_they_are() -> None:
    [line] = json.loads(write_json(list("abcdefghij"), [ROW]))
    assert list(line.values()) == [
        "+84 912 345 678", "0100109106", "001099012345", "=1+1", "@SUM(A1)", 12, "84.5", "2026-11-05", "2026-11-05T01:30:00+00:00", None,
    ]  # fmt: skip


def test_the_secretarys_desk_and_the_progress_of_judging_are_exported_as_numbers(app: Flask, session: Session) -> None:
    world = judged(session)
    session.commit()
    giang = sign_in(app, session.get_one(User, world.giang.user_id))
    desk = rows(giang.get("/to-giup-viec/?xuat=xlsx"))
    assert [line[:2] for line in desk[1:]] == [[world.round.code, world.round.name]]
    assert desk[1][-2:] == [12, 12]
    table = rows(giang.get(f"/to-giup-viec/dot/{world.round.id}/tien-do?xuat=xlsx"))
    assert [line[1] for line in table[1:]] == ["Chi", "Dũng", "Em", "Cả ban"]
    assert [line[4:] for line in table[1:]] == [[4, 4, 4, 4, 0]] * 3 + [[12, 12, 12, 12, 0]]
    chair = sign_in(app, session.get_one(User, world.judges[0].user_id))
    assert rows(chair.get(f"/giam-khao/dot/{world.round.id}/ban-giam-khao?xuat=xlsx")) == table
    member = sign_in(app, session.get_one(User, world.judges[1].user_id))
    assert member.get(f"/giam-khao/dot/{world.round.id}/ban-giam-khao?xuat=xlsx").status_code == 404


def test_a_judge_takes_along_their_own_sheets_and_a_sheets_history_and_nobody_elses(app: Flask, session: Session) -> None:
    world = judged(session, phase=Phase.JUDGING)
    for seat in world.judges:
        seat.answer = ConflictAnswer.NONE
    session.commit()
    dung, em = (sign_in(app, session.get_one(User, seat.user_id)) for seat in world.judges[1:])
    table = rows(dung.get(f"/giam-khao/dot/{world.round.id}?xuat=xlsx"))
    assert sorted((line[0], line[4]) for line in table[1:]) == [
        (entry.code, sum(map(int, points))) for entry, points in zip(world.entries, SHEETS, strict=True)
    ]
    held = session.scalars(select(Assignment).where(Assignment.seat_id == world.judges[1].id)).first()
    assert held is not None
    address = f"/giam-khao/phieu/{held.id}/lich-su?xuat=xlsx"
    assert rows(dung.get(address))[0][:4] == ["Lúc", "Việc", "Người", "Tiêu chí 1"]
    assert em.get(address).status_code == 404


def test_a_ballot_is_exported_with_its_count_only_where_the_count_is_shown(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world, ballot=BallotKind.SECRET)
    session.commit()
    hoa, member = (sign_in(app, session.get_one(User, one.user_id)) for one in (world.hoa, world.members[2]))
    page, decided = f"/hoi-dong/phien-hop/{meeting.id}", f"/hoi-dong/phien-hop/{meeting.id}/quyet-dinh"
    [head, *lines] = rows(member.get(f"{page}?xuat=xlsx"))
    assert head == ["Hạng", "Mã số", "Sản phẩm", "Cơ sở", "Nhóm", "Điểm", "Ban giám khảo"]
    assert [line[5] for line in lines] == [90, 80, 80]
    assert hoa.get(f"{decided}?xuat=xlsx").mimetype == "text/html"
    choices = {entry.id: VoteChoice.FOR for entry in world.entries[:3]}
    for voter in world.members:
        council.cast_ballot(session, voter, session_id=meeting.id, choices=choices, now=make.NOW)
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    session.commit()
    assert rows(member.get(f"{page}?xuat=xlsx"))[1][7:] == [3, 0, 0, 0, 3]
    giang = sign_in(app, session.get_one(User, world.giang.user_id))
    assert rows(giang.get(f"/to-giup-viec/phien-hop/{meeting.id}?xuat=xlsx")) == rows(member.get(f"{page}?xuat=xlsx"))
    assert rows(hoa.get(f"{decided}?xuat=xlsx"))[0][12:] == ["Theo biểu quyết", "Quyết định", "Lý do", "Đề cử lên cấp trên"]
    assert len(rows(hoa.get(f"{decided}?xuat=xlsx"))) == 5
    assert member.get(f"{decided}?xuat=xlsx").status_code == 404


def test_jobs_are_exported_under_their_filter(app: Flask, session: Session) -> None:
    boss = make.user(session, "Quản")
    make.administrator(session, boss)
    issued(session)
    browser = sign_in(app, boss)
    table = rows(browser.get("/quan-tri/viec-nen?state=done&xuat=xlsx"))
    assert {line[4] for line in table[1:]} == {"Đã xong"}
    assert rows(browser.get("/quan-tri/viec-nen?state=failed&xuat=xlsx"))[1:] == []


def test_a_facility_exports_its_own_entries_and_complaints_go_to_the_secretariat(app: Flask, session: Session) -> None:
    world = published(session)
    owner = session.scalars(select(User).where(User.name == "An")).one()
    said = complaints.file_complaint(
        session, make.acting(session, owner), entry_id=world.entries[0].id, text="=Điểm thấp", now=make.NOW
    )
    session.commit()
    table = rows(sign_in(app, owner).get("/co-so/?xuat=xlsx"))
    assert sorted(line[0] for line in table[1:]) == [world.entries[0].code, world.entries[2].code]
    stranger = make.user(session, "Lan")
    make.facility(session, stranger, name="Hộ của Lan")
    session.commit()
    assert rows(sign_in(app, stranger).get("/co-so/?xuat=xlsx"))[1:] == []
    base = f"/to-giup-viec/dot/{world.round.id}/khieu-nai?xuat=xlsx"
    [line] = rows(sign_in(app, session.get_one(User, world.giang.user_id)).get(base))[1:]
    assert (line[0], line[3], line[5][:10]) == (world.entries[0].code, "=Điểm thấp", said.answer_due_at.date().isoformat())
    assert sign_in(app, stranger).get(base).status_code == 404
