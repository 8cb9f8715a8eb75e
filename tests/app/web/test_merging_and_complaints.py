"""Sets and complaints through their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.vocabulary import ComplaintState
from app.infra.clock import now
from app.models.account import User
from app.models.complaint import Complaint
from app.models.facility import FacilityMember
from app.models.merge import EntryMerge
from app.models.panel import Assignment
from app.models.rescoring import Rescoring
from app.models.round import Round
from app.services import results
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import published
from tests.app.services.world import World, judged

DESK = "/to-giup-viec"


def secretary(session: Session, world: World) -> User:
    return session.get_one(User, world.giang.user_id)


def owner(session: Session, world: World) -> User:
    member = session.query(FacilityMember).where(FacilityMember.facility_id == world.facilities[0].id).one()
    return session.get_one(User, member.user_id)


def test_a_set_is_made_and_taken_apart_on_the_page(app: Flask, session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    browser, url = sign_in(app, secretary(session, world)), f"{DESK}/dot/{world.round.id}/ghep-bo"
    page = browser.get(url).text
    assert "Sản phẩm mẫu 3" in page
    assert "Sản phẩm mẫu 4" not in page  # below the pass mark
    typed = {"entries": [world.entries[0].id, world.entries[2].id], "name": "Bộ quà Mẫu", "rule": "highest"}
    refused = browser.post(url, data=typed)
    assert (refused.status_code, "Ô này cần được điền." in refused.text) == (422, True)
    assert 'value="Bộ quà Mẫu"' in refused.text
    assert browser.post(url, data={**typed, "reason": "Cùng thiết kế"}).status_code == 303
    row = session.query(EntryMerge).one()
    made = browser.get(url).text
    assert ("Bộ quà Mẫu" in made, f"{world.entries[0].code}: 90,00" in made) == (True, True)
    assert browser.post(f"{url}/{row.id}/tach").status_code == 303
    assert session.query(EntryMerge).count() == 0


def file_it(app: Flask, session: Session) -> tuple[World, Complaint, str]:
    world = published(session)
    session.execute(update(Round).values(published_at=now() - timedelta(days=1)))
    url = f"/co-so/ho-so/{world.entries[0].id}/khieu-nai"
    answer = sign_in(app, owner(session, world)).post(url, data={"text": "Điểm chưa đúng."})
    assert answer.status_code == 303
    return world, session.query(Complaint).one(), url


def test_a_complaint_goes_from_the_facility_to_the_officer_and_back_as_a_letter(app: Flask, session: Session) -> None:
    world, row, url = file_it(app, session)
    desk = sign_in(app, secretary(session, world))
    board = desk.get(f"{DESK}/dot/{world.round.id}/khieu-nai").text
    assert ("Điểm chưa đúng." in board, "15 ngày làm việc từ ngày công bố" in board) == (True, True)
    assert desk.post(f"{DESK}/khieu-nai/{row.id}/giao", data={"user_id": world.giang.user_id}).status_code == 303
    said = {
        "findings": "Đã xem lại từng phiếu.", "conclusion": "Giữ nguyên kết quả.", "letter_number": "12/HĐBC",
        "letter_on": local_date(now()).isoformat(),
    }  # fmt: skip
    assert desk.post(f"{DESK}/khieu-nai/{row.id}/tra-loi", data={**said, "conclusion": ""}).status_code == 422
    assert desk.post(f"{DESK}/khieu-nai/{row.id}/tra-loi", data=said).status_code == 303
    assert session.get_one(Complaint, row.id).state is ComplaintState.ANSWERED
    for kind, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert desk.post(f"{DESK}/khieu-nai/{row.id}/cong-van.{kind}").data.startswith(magic)
    household = sign_in(app, owner(session, world))
    assert "Giữ nguyên kết quả." in household.get(url).text
    assert household.post(f"{url}/{row.id}/cong-van.docx").data.startswith(b"PK")


def test_a_late_complaint_stands_on_the_board(app: Flask, session: Session) -> None:
    world, row, _ = file_it(app, session)
    desk = sign_in(app, secretary(session, world))
    board = f"{DESK}/dot/{world.round.id}"
    assert "khiếu nại quá hạn" not in desk.get(board).text
    session.execute(update(Complaint).values(answer_due_at=now() - timedelta(hours=1)))
    assert "1 khiếu nại quá hạn trả lời" in desk.get(board).text
    assert "Quá hạn" in desk.get(f"{DESK}/khieu-nai/{row.id}").text


def test_after_the_term_the_page_says_until_when_it_was(app: Flask, session: Session) -> None:
    world = published(session)
    long_ago = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # fifteen working days end on Monday 26/1
    session.execute(update(Round).values(published_at=long_ago))
    url = f"/co-so/ho-so/{world.entries[0].id}/khieu-nai"
    answer = sign_in(app, owner(session, world)).post(url, data={"text": "Muộn"})
    assert (answer.status_code, "Hạn khiếu nại là 26/01/2026, 23:59:59" in answer.text) == (409, True)


def test_strangers_see_neither_complaint_nor_letter(app: Flask, session: Session) -> None:
    _, row, url = file_it(app, session)
    other = sign_in(app, make.user(session, "Lan"))
    assert [other.get(url).status_code, other.post(f"{url}/{row.id}/cong-van.pdf").status_code] == [404, 404]
    assert other.get(f"{DESK}/khieu-nai/{row.id}").status_code == 404


def test_a_complaint_leads_to_rescoring_and_shows_what_came_of_it(app: Flask, session: Session) -> None:
    world, row, _ = file_it(app, session)
    desk = sign_in(app, secretary(session, world))
    complaint, scoring = f"{DESK}/khieu-nai/{row.id}", f"{DESK}/dot/{world.round.id}/ket-qua/sua-diem"
    assert "Lập đề nghị chấm lại" not in desk.get(complaint).text  # nobody looks into it yet
    desk.post(f"{complaint}/giao", data={"user_id": world.giang.user_id})
    code = world.entries[0].code
    link = f"{scoring}?code={code}&amp;complaint={row.id}"
    assert link in desk.get(complaint).text
    assert "Đề nghị mới" not in desk.get(f"{scoring}?code={code}").text
    assert "Theo khiếu nại ngày" in desk.get(link.replace("&amp;", "&")).text
    sheet = session.query(Assignment).where(Assignment.entry_id == row.entry_id).order_by(Assignment.id).first()
    assert sheet is not None
    typed = {"code": code, "assignment_id": sheet.id, "p-1": "30", "kind": "correction", "reason": "Theo khiếu nại"}
    assert desk.post(scoring, data=typed).status_code == 409  # without the complaint
    assert desk.post(scoring, data={**typed, "complaint": row.id}).status_code == 303
    chair = sign_in(app, session.get_one(User, world.judges[0].user_id))
    address = f"/giam-khao/dot/{world.round.id}/sua-diem"
    seen = chair.get(address).text.partition('name="seen" value="')[2][:64]
    proposal = session.query(Rescoring).one()
    assert chair.post(f"{address}/{proposal.id}", data={"seen": seen, "answer": "approve"}).status_code == 303
    page = desk.get(complaint).text
    assert "điểm đã công bố 90,00, chấm lại 88,00" in page
    assert "Chấm lại theo khiếu nại" in desk.get(f"{DESK}/dot/{world.round.id}/ket-qua").text
