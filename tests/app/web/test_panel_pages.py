"""The secretariat's pages of the panel: seats, assignment, progress, paper sheets, and the command."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.cli.sheets import sheets
from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase
from app.infra.database import db
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from tests.app import make
from tests.app.conftest import sign_in


@dataclass
class Office:
    """Giang is secretary of a round in checking, with two accepted entries and one seat."""

    round: Round
    seat: PanelSeat
    giang: FlaskClient
    binh: FlaskClient


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    round_ = make.round_(session, phase=Phase.CHECKING)
    facility = make.facility(session)
    for name in ("Ấm", "Chén"):
        make.entry(session, round_, facility, name=name)
    seat = make.judge(session, round_, make.user(session, "Chi"), answer=ConflictAnswer.NONE)
    giang = make.user(session, "Giang")
    make.secretary(session, giang, round_)
    other = make.user(session, "Bình")
    make.secretary(session, other, make.round_(session))
    session.commit()
    return Office(round_, seat, sign_in(app, giang), sign_in(app, other))


def pages(office: Office) -> list[str]:
    base = f"/to-giup-viec/dot/{office.round.id}"
    return [
        f"{base}/ban-giam-khao",
        f"{base}/phan-cong",
        f"{base}/phan-cong?mode=all",
        f"{base}/tien-do",
        f"{base}/tien-do.json",
    ]


def test_the_pages_open_for_the_rounds_secretary_and_are_not_there_for_another(office: Office) -> None:
    assert [office.giang.get(page).status_code for page in pages(office)] == [200] * 5
    assert [office.binh.get(page).status_code for page in pages(office)] == [404] * 5
    assert office.binh.get(f"/to-giup-viec/ghe/{office.seat.id}").status_code == 404
    assert office.binh.post(f"/to-giup-viec/ghe/{office.seat.id}/bo").status_code == 404


def test_an_account_is_seated_by_its_mail_address_changed_and_taken_away(session: Session, office: Office) -> None:
    make.user(session, "Hoa", email="hoa@example.vn")
    address = f"/to-giup-viec/dot/{office.round.id}/ban-giam-khao"
    fields = {
        "email": "HOA@example.vn",
        "role": "chair",
        "groups": ["TCMN"],
        "maximum_load": "20",
        "position": "Phó Giám đốc",
    }
    assert office.giang.post(address, data=fields).status_code == 303
    row = session.scalars(select(PanelSeat).where(PanelSeat.role == PanelRole.CHAIR)).one()
    seat_id = row.id
    assert (row.groups, row.maximum_load, row.position) == (["TCMN"], 20, "Phó Giám đốc")
    assert office.giang.post(f"/to-giup-viec/ghe/{seat_id}", data={"role": "member"}).status_code == 303
    session.expire_all()
    assert session.get_one(PanelSeat, seat_id).role is PanelRole.MEMBER
    assert office.giang.post(f"/to-giup-viec/ghe/{seat_id}/bo").status_code == 303
    session.expire_all()
    assert session.get(PanelSeat, seat_id) is None


def test_a_wrong_seat_is_told_beside_the_field_and_keeps_what_was_typed(office: Office) -> None:
    address = f"/to-giup-viec/dot/{office.round.id}/ban-giam-khao"
    answer = office.giang.post(address, data={"email": "khong@example.vn", "role": "member", "position": "Kỹ sư"})
    assert answer.status_code == 422
    assert ("Không có tài khoản đang hoạt động" in answer.text, 'value="Kỹ sư"' in answer.text) == (True, True)


def test_a_plan_is_previewed_then_applied_as_it_was_seen(session: Session, office: Office) -> None:
    address = f"/to-giup-viec/dot/{office.round.id}/phan-cong"
    page = office.giang.get(f"{address}?mode=k_per_entry&per_entry=1&seed=5").text
    plan = page.split('name="plan" value="')[1][:64]
    assert session.scalar(select(func.count()).select_from(Assignment)) == 0
    fields = {"mode": "k_per_entry", "per_entry": "1", "seed": "5", "plan": plan}
    assert office.giang.post(address, data={**fields, "plan": "0" * 64}).status_code == 409
    assert office.giang.post(address, data=fields).status_code == 303
    assert session.scalar(select(func.count()).select_from(Assignment)) == 2


def test_what_cannot_be_assigned_is_told_with_the_reason(office: Office) -> None:
    answer = office.giang.get(f"/to-giup-viec/dot/{office.round.id}/phan-cong?mode=k_per_entry&per_entry=3")
    assert (answer.status_code, "cần 3 giám khảo" in answer.text) == (409, True)
    wrong = office.giang.get(f"/to-giup-viec/dot/{office.round.id}/phan-cong?mode=k_per_entry&per_entry=0")
    assert wrong.status_code == 422


def judged(session: Session, office: Office) -> None:
    """Three judges, one entry with totals 60, 75 and 90, the other with 80 each."""
    first, second = session.scalars(select(Entry).order_by(Entry.code))
    office.round.phase, office.round.frozen_digest = Phase.JUDGING, "f" * 64
    for name, points in (
        ("Dũng", ("20", "30", "5", "5")),
        ("Lan", ("30", "30", "8", "7")),
        ("Minh", ("40", "35", "8", "7")),
    ):
        seat = make.judge(session, office.round, make.user(session, name), answer=ConflictAnswer.NONE)
        make.signed_sheet(session, make.assignment(session, seat, first), *points)
        make.signed_sheet(session, make.assignment(session, seat, second), "35", "30", "8", "7")
    make.assignment(session, office.seat, first)
    session.commit()


def test_progress_counts_by_judge_and_group_and_warns_of_gaps(session: Session, office: Office) -> None:
    judged(session, office)
    told = office.giang.get(f"/to-giup-viec/dot/{office.round.id}/tien-do.json").get_json()
    assert (told["cells"]["all"], told["cells"]["g-TCMN"], told["cells"][f"j-{office.seat.code}"]) == (
        [6, 7],
        [6, 7],
        [0, 1],
    )
    assert told["gaps"] == 1
    page = office.giang.get(f"/to-giup-viec/dot/{office.round.id}/tien-do").text
    assert page.count('id="sp-TCMN-001-1"') == 1
    assert "TCMN-002" not in page.split("data-live-gaps")[1]


def test_the_progress_page_asks_the_database_as_often_for_many_judges_as_for_few(
    app: Flask, session: Session, office: Office
) -> None:
    def statements() -> int:
        seen = []
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        office.giang.get(f"/to-giup-viec/dot/{office.round.id}/tien-do")
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    few = statements()
    judged(session, office)
    assert statements() == few


def test_a_judges_blank_sheets_are_one_file(session: Session, office: Office) -> None:
    address = f"/to-giup-viec/ghe/{office.seat.id}/phieu-giay.pdf"
    assert office.giang.post(address).status_code == 404
    judged(session, office)
    made = office.giang.post(address).location.partition("?")[0]
    answer = office.giang.get(f"{made}/tep")
    assert (answer.status_code, answer.data[:5], answer.mimetype) == (200, b"%PDF-", "application/pdf")
    assert [office.binh.post(address).status_code, office.binh.get(f"{made}/tep").status_code] == [404, 404]


def test_the_command_verifies_a_round_and_fails_at_a_broken_chain(app: Flask, session: Session, office: Office) -> None:
    runner, code = app.test_cli_runner(), office.round.code
    good = runner.invoke(sheets, ["verify", code])
    assert (good.exit_code, good.output.splitlines()[-1][:5]) == (0, "root ")
    judged(session, office)
    broken = runner.invoke(sheets, ["verify", code, "--json"])
    assert (broken.exit_code, '"holds": false' in broken.output) == (1, True)
    assert runner.invoke(sheets, ["verify", "KHONG-CO"]).exit_code == 1
