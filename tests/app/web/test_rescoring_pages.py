"""The pages of rescoring: the secretariat proposes, everybody sees before and after, the chair settles."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.rules import RuleSet
from app.domain.vocabulary import RescoringState
from app.models.account import User
from app.models.panel import Assignment
from app.models.rescoring import Rescoring
from app.models.result import ResultRun
from app.services import results
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, judged


def computed(session: Session) -> World:
    world = judged(session, rules=RuleSet(quota_total=2))
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    return world


def browser_of(app: Flask, session: Session, user_id: int | None) -> FlaskClient:
    return sign_in(app, session.get_one(User, user_id))


def propose(app: Flask, session: Session, world: World, **changed: str) -> TestResponse:
    """The secretariat proposes 38 for criterion 1 of Dũng's sheet of the third entry."""
    sheet = session.scalars(
        select(Assignment).where(Assignment.seat_id == world.judges[1].id, Assignment.entry_id == world.entries[2].id)
    ).one()
    sent = {
        "code": world.entries[2].code,
        "assignment_id": str(sheet.id),
        "p-1": "38",
        "p-2": "",
        "kind": "correction",
        "reason": "Ghi nhầm so với phiếu giấy",
        **changed,
    }
    return browser_of(app, session, world.giang.user_id).post(
        f"/to-giup-viec/dot/{world.round.id}/ket-qua/sua-diem", data=sent
    )


def test_a_sheet_is_found_by_its_code_and_the_proposal_shows_what_would_follow(app: Flask, session: Session) -> None:
    world = computed(session)
    address = f"/to-giup-viec/dot/{world.round.id}/ket-qua/sua-diem"
    secretary = browser_of(app, session, world.giang.user_id)
    found = secretary.get(f"{address}?code={world.entries[2].code}").text
    assert "Đang ghi 32, tối đa 40, bước 0,5." in found
    assert propose(app, session, world).status_code == 303
    page = secretary.get(address).text
    assert "<del>80,00</del> <ins>82,00</ins>" in page
    assert "<del>Bằng điểm, hội đồng chọn</del> <ins>Đề xuất công nhận</ins>" in page
    assert "Duyệt và tính lại kết quả" not in page


def test_what_was_typed_stays_beside_its_fault(app: Flask, session: Session) -> None:
    answer = propose(app, session, computed(session), **{"p-1": "41"})
    assert answer.status_code == 422
    assert 'value="41"' in answer.text
    assert "vượt điểm tối đa" in answer.text


def test_the_chair_approves_what_the_page_showed(app: Flask, session: Session) -> None:
    world = computed(session)
    propose(app, session, world)
    chair = browser_of(app, session, world.judges[0].user_id)
    address = f"/giam-khao/dot/{world.round.id}/sua-diem"
    page = chair.get(address).text
    seen = page.partition('name="seen" value="')[2][:64]
    row = session.scalars(select(Rescoring)).one()
    answer = chair.post(f"{address}/{row.id}", data={"seen": seen, "answer": "approve"})
    session.refresh(row)
    assert (answer.status_code, row.state) == (303, RescoringState.APPROVED)
    assert [run.number for run in session.scalars(select(ResultRun).order_by(ResultRun.number))] == [1, 2]
    assert "kết quả lần 2" in chair.get(address).text


def test_cancelling_asks_for_the_reason(app: Flask, session: Session) -> None:
    world = computed(session)
    propose(app, session, world)
    chair = browser_of(app, session, world.judges[0].user_id)
    row = session.scalars(select(Rescoring)).one()
    address = f"/giam-khao/dot/{world.round.id}/sua-diem/{row.id}"
    without = chair.post(address, data={"answer": "cancel", "note": ""})
    chair.post(address, data={"answer": "cancel", "note": "Phiếu giấy cũng ghi 32"})
    session.refresh(row)
    assert (without.status_code, row.state, row.note) == (422, RescoringState.CANCELLED, "Phiếu giấy cũng ghi 32")


def test_a_member_a_stranger_and_another_rounds_chair_find_nothing(app: Flask, session: Session) -> None:
    world, other = computed(session), computed(session)
    propose(app, session, world)
    row = session.scalars(select(Rescoring)).one()
    member = browser_of(app, session, world.judges[1].user_id)
    foreign = browser_of(app, session, other.judges[0].user_id)
    assert member.get(f"/giam-khao/dot/{world.round.id}/sua-diem").status_code == 404
    assert foreign.get(f"/giam-khao/dot/{world.round.id}/sua-diem").status_code == 404
    crossed = f"/giam-khao/dot/{other.round.id}/sua-diem/{row.id}"
    assert foreign.post(crossed, data={"answer": "cancel", "note": "không"}).status_code == 404
