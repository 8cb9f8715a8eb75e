"""The secretariat's pages of results, council and publication."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import CouncilRole, LevelCode, Phase, SheetState, VoteChoice
from app.models.account import User
from app.models.council import CouncilSeat, CouncilSession, LegalDocument
from app.models.record import AuditEvent
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.queries import statistics
from app.services import council, decisions, publication, results
from scoring.bundle import verify_bytes
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, in_session, judged, order, vote_all
from tests.app.web.tables import rows_of


def secretary(app: Flask, session: Session, world: World) -> FlaskClient:
    return sign_in(app, session.get_one(User, world.giang.user_id))


def base(world: World) -> str:
    return f"/to-giup-viec/dot/{world.round.id}"


def decided(session: Session, world: World) -> CouncilSession:
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    return meeting


def test_what_is_not_signed_is_named_with_who_is_waited_for(app: Flask, session: Session) -> None:
    world = judged(session)
    sheet = session.scalars(select(ScoreSheet)).first()
    assert sheet is not None
    sheet.state, sheet.signed_at = SheetState.DRAFT, None
    page = secretary(app, session, world).get(f"{base(world)}/ket-qua").text
    assert "Còn 1 phiếu chưa ký" in page
    assert "Đang chờ: Chi." in page


def test_computing_leads_to_the_ranking_with_its_reasons(app: Flask, session: Session) -> None:
    world = judged(session, rules=RuleSet(quota_total=2))
    browser = secretary(app, session, world)
    answer = browser.post(f"{base(world)}/ket-qua/tinh", follow_redirects=True)
    first, second = (entry.code for entry in world.entries[:2])
    assert f"{first} đứng trên vì điểm bình quân cao hơn" in answer.text
    assert f"Bằng {second} ở mọi quy tắc: cùng hạng" in answer.text
    assert "chỉ tiêu chung 2 sản phẩm" in answer.text


def test_the_download_is_the_proof_that_verifies(app: Flask, session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    data = secretary(app, session, world).get(f"{base(world)}/ket-qua/lan-1/result.json").data
    assert list(verify_bytes(data).order) == [entry.code for entry in world.entries]


def test_the_table_is_what_the_page_shows(app: Flask, session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    browser = secretary(app, session, world)
    rows = rows_of(browser.get(f"{base(world)}/ket-qua/xep-hang.xlsx").data)
    text = browser.get(f"{base(world)}/ket-qua/xep-hang.csv").data.decode("utf-8-sig")
    assert [(row[0], row[1], row[11]) for row in rows[1:]] == [
        (place, entry.code, points)
        for place, entry, points in zip((1, 2, 2, 4), world.entries, (90, 80, 80, 60), strict=True)
    ]
    assert len(text.splitlines()) == 5


def test_another_secretary_finds_none_of_it(app: Flask, session: Session) -> None:
    world = judged(session)
    other = make.user(session, "Thư Ký Khác")
    make.secretary(session, other, make.round_(session))
    browser = sign_in(app, other)
    paths = ("/ket-qua", "/ket-qua/xep-hang", "/ket-qua/do-tin-cay", "/thong-ke", "/hoi-dong", "/cong-bo", "/van-ban")
    assert {browser.get(base(world) + path).status_code for path in paths} == {404}


def test_the_advice_says_that_it_is_advice(app: Flask, session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    page = secretary(app, session, world).get(f"{base(world)}/ket-qua/do-tin-cay").text
    assert "Tham khảo, không phải kết quả" in page
    assert "Kendall" in page


def test_a_member_is_seated_by_the_address_of_an_account(app: Flask, session: Session) -> None:
    world = judged(session)
    guest = make.user(session, "Oanh")
    browser = secretary(app, session, world)
    url = f"{base(world)}/hoi-dong/thanh-vien"
    unknown = browser.post(url, data={"email": "khong.co@example.vn", "role": "member"})
    known = browser.post(url, data={"email": guest.email.upper(), "role": "secretary", "position": "Văn phòng"})
    seat = session.scalars(select(CouncilSeat).where(CouncilSeat.user_id == guest.id)).one()
    assert (unknown.status_code, "khong.co@example.vn" in unknown.text) == (422, True)
    assert (known.status_code, seat.role, seat.position) == (303, CouncilRole.SECRETARY, "Văn phòng")


def test_a_session_is_planned_in_local_time_and_opens_with_a_quorum(app: Flask, session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    browser = secretary(app, session, world)
    sent = {"on": "2026-11-25", "at": "08:30", "place": "Hội trường", "ballot": "open"}
    browser.post(f"{base(world)}/hoi-dong/phien-hop", data=sent)
    meeting = session.scalars(select(CouncilSession)).one()
    url = f"/to-giup-viec/phien-hop/{meeting.id}"
    assert meeting.meets_at.isoformat() == "2026-11-25T01:30:00+00:00"
    assert browser.post(f"{url}/mo").status_code == 409
    seats = [member.council_seats[world.round.id].id for member in world.members]
    browser.post(f"{url}/co-mat", data={"seat_ids": seats})
    assert browser.post(f"{url}/mo").status_code == 303
    assert "Đủ thành viên để họp" in browser.get(url).text


def test_the_act_is_stored_with_its_pdf_and_anything_else_is_refused(app: Flask, session: Session) -> None:
    world = judged(session)
    browser = secretary(app, session, world)
    sent = {
        "kind": "recognition_order",
        "number": "125/QĐ-UBND",
        "decided_on": "2026-11-20",
        "authority": "Ủy ban nhân dân tỉnh Bắc Ninh",
        "signer_name": "Người Ký Mẫu",
        "signer_title": "Chủ tịch",
    }
    url = f"{base(world)}/cong-bo/van-ban"
    without = browser.post(url, data=sent)
    fake = browser.post(url, data={**sent, "file": (io.BytesIO(b"khong phai PDF"), "qd.pdf")})
    assert (without.status_code, fake.status_code) == (422, 422)
    assert "125/QĐ-UBND" in fake.text
    taken = browser.post(url, data={**sent, "file": (io.BytesIO(one_page()), "Quyết định.pdf")})
    row = session.scalars(select(LegalDocument)).one()
    assert (taken.status_code, row.number, row.signer_name) == (303, "125/QĐ-UBND", "Người Ký Mẫu")
    assert browser.get(f"{url}/{row.id}").data.startswith(b"%PDF")


def test_publishing_needs_every_step_and_the_typed_code(app: Flask, session: Session) -> None:
    world = judged(session)
    browser = secretary(app, session, world)
    url = f"{base(world)}/cong-bo"
    decided(session, world)
    early = browser.post(f"{url}/cong-bo", data={"confirm_name": world.round.code})
    document = order(session, world)
    browser.post(f"{url}/gan-quyet-dinh", data={"document_id": document.id})
    wrong = browser.post(f"{url}/cong-bo", data={"confirm_name": "khác"})
    right = browser.post(f"{url}/cong-bo", data={"confirm_name": world.round.code})
    assert (early.status_code, wrong.status_code, right.status_code) == (409, 422, 303)
    assert session.get_one(Round, world.round.id).phase is Phase.PUBLISHED


def test_nothing_is_public_before_it_is_published(app: Flask, session: Session, client: FlaskClient) -> None:
    world = judged(session)
    decided(session, world)
    document = order(session, world)
    publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    paths = (base(world) + "/ket-qua", base(world) + "/cong-bo", f"/hoi-dong/dot/{world.round.id}/van-ban")
    owner = sign_in(app, session.scalars(select(User).where(User.name == "An")).one())
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]
    assert [owner.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_produced_paper_leaves_its_digest(app: Flask, session: Session) -> None:
    world = judged(session)
    decided(session, world)
    browser = secretary(app, session, world)
    answer = browser.post(f"{base(world)}/van-ban/council_minutes.docx")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "paper:produce")).one()
    assert event.details == {"kind": "docx", "sha256": answer.headers["X-Content-SHA256"]}
    assert answer.headers["X-Content-SHA256"] in browser.get(f"{base(world)}/van-ban").text


def test_a_paper_before_its_time_is_refused_and_a_member_has_only_the_councils(app: Flask, session: Session) -> None:
    world = judged(session)
    early = secretary(app, session, world).post(f"{base(world)}/van-ban/council_minutes.pdf")
    member = sign_in(app, session.get_one(User, world.members[1].user_id))
    own = f"/hoi-dong/dot/{world.round.id}/van-ban"
    assert early.status_code == 409
    assert member.post(f"{own}/recognition_order.pdf").status_code == 404
    assert member.post(f"{own}/line_list.docx").status_code == 200


def test_statistics_are_shown_and_exported(app: Flask, session: Session) -> None:
    world = judged(session)
    decided(session, world)
    browser = secretary(app, session, world)
    page = browser.get(f"{base(world)}/thong-ke")
    last = rows_of(browser.get(f"{base(world)}/thong-ke/group.xlsx").data)[-1]
    assert (page.status_code, page.text.count("<svg viewBox") >= 2) == (200, True)
    assert last == ["Tổng số", 4, 4, 3, 0, 2, 2, 1]


def test_regions_are_exported_for_the_nation_and_are_no_page_of_a_province(app: Flask, session: Session) -> None:
    world = judged(session)
    browser, address = secretary(app, session, world), f"{base(world)}/thong-ke"
    assert ("Theo khu vực" in browser.get(address).text, browser.get(f"{address}/region.xlsx").status_code) == (False, 404)
    world.round.level = LevelCode.NATION
    for entry in world.entries:
        entry.locality_id = make.province(session).id
    session.flush()
    assert "Theo khu vực" in browser.get(address).text
    rows = rows_of(browser.get(f"{address}/region.xlsx").data)
    assert [row[:3] for row in rows] == [["Khu vực", "Đăng ký", "Đủ điều kiện"], ["phía Bắc", 4, 4], ["Tổng số", 4, 4]]
    papers = [browser.post(f"{address}/region.{kind}") for kind in ("pdf", "docx")]
    assert [(paper.status_code, paper.data[:2]) for paper in papers] == [(200, b"%P"), (200, b"PK")]


def test_a_table_that_does_not_add_up_is_neither_shown_nor_printed(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = judged(session)
    honest = statistics.of_round

    def misprinted(*args: Any, **options: Any) -> statistics.RoundStatistics:
        found = honest(*args, **options)
        first, *rest = found.by_group.rows
        wrong = replace(first, figures=replace(first.figures, registered=first.figures.registered + 1))
        return replace(found, by_group=replace(found.by_group, rows=(wrong, *rest)))

    monkeypatch.setattr(statistics, "of_round", misprinted)
    browser, address = secretary(app, session, world), f"{base(world)}/thong-ke"
    answers = [
        browser.get(address), browser.get(f"{address}/group.xlsx"), browser.post(f"{address}/group.pdf"),
        browser.post(f"{address}/locality.docx"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [409] * 4
    assert "group:registered cộng được 5, phải là 4" in answers[0].text


def test_the_plan_stands_beside_the_result_and_is_set_before_judging(app: Flask, session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    browser, address = secretary(app, session, world), f"{base(world)}/thong-ke"
    wrong = browser.post(f"{address}/ke-hoach", data={"registered": "nhiều"})
    assert (wrong.status_code, "Kế hoạch là số nguyên từ 0 trở lên." in wrong.text) == (422, True)
    browser.post(f"{address}/ke-hoach", data={"registered": "3", "eligible": ""})
    session.refresh(world.round)
    assert world.round.plan == {"registered": 3}
    assert "133%" in browser.get(address).text
    exported = rows_of(browser.get(f"{address}/ke-hoach.xlsx").data)
    assert exported == [["Chỉ số", "Kế hoạch", "Kết quả", "Đạt, phần trăm"], ["Đăng ký", 3, 4, 133]]
    late = judged(session)
    refused = secretary(app, session, late).post(f"{base(late)}/thong-ke/ke-hoach", data={"registered": "3"})
    assert refused.status_code == 409


def one_page() -> bytes:
    """A PDF of one empty page."""
    from weasyprint import HTML

    return bytes(HTML(string="<p>Quyết định mẫu</p>").write_pdf())


def test_the_bundle_of_a_replaced_run_stays(app: Flask, session: Session) -> None:
    world = judged(session)
    browser = secretary(app, session, world)
    for _ in range(2):
        browser.post(f"{base(world)}/ket-qua/tinh")
    texts = [browser.get(f"{base(world)}/ket-qua/lan-{number}/result.json").data for number in (1, 2)]
    first, second = (json.loads(text)["result_sha256"] for text in texts)
    assert first == second
    assert browser.get(f"{base(world)}/ket-qua/lan-3/result.json").status_code == 404
