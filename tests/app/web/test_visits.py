"""Site visits: recorded, shown to the jury without breaking blindness, and ruled on before the result."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.rules import RuleSet
from app.domain.vocabulary import ConflictAnswer, Phase, VisitVerdict
from app.models.account import User
from app.models.dossier import DossierSnapshot
from app.models.panel import Assignment
from app.models.record import OutboxMail
from app.models.visit import SiteVisit, VisitPhoto
from app.queries.visits import for_judge
from app.services import council, results, visits
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, judged, planned


@dataclass
class Case:
    world: World
    visit: SiteVisit


def recorded(session: Session, world: World, verdict: VisitVerdict, findings: str = "Không thấy dây chuyền.") -> SiteVisit:
    return visits.record(
        session, world.giang, entry_id=world.entries[0].id, visited_on=make.TODAY, visitors="Ông Kiểm", findings=findings,
        verdict=verdict, photos=(), now=make.NOW,
    )  # fmt: skip


@pytest.fixture
def case(session: Session) -> Case:
    world = judged(session)
    return Case(world, recorded(session, world, VisitVerdict.NOT_AS_DECLARED))


def chair(session: Session, world: World) -> User:
    return session.get_one(User, world.judges[0].user_id)


def test_not_as_declared_bars_the_result_until_the_chair_has_ruled(session: Session, case: Case) -> None:
    with pytest.raises(Refused) as refusal:
        results.compute(session, case.world.giang, round_id=case.world.round.id, now=make.NOW)
    assert (refusal.value.code, refusal.value.params) == ("visit_unruled", {"count": 1})
    actor = make.acting(session, chair(session, case.world))
    visits.rule(session, actor, visit_id=case.visit.id, ruling="Chấm theo thực tế.", now=make.NOW)
    assert results.compute(session, case.world.giang, round_id=case.world.round.id, now=make.NOW).number == 1
    with pytest.raises(Refused) as again:
        visits.rule(session, actor, visit_id=case.visit.id, ruling="Khác.", now=make.NOW)
    assert again.value.code == "visit_ruled"


def test_the_chair_is_told_and_the_secretarys_round_says_who_is_waited_for(app: Flask, session: Session, case: Case) -> None:
    mail = session.scalars(select(OutboxMail).where(OutboxMail.subject.contains("Kiểm tra thực tế"))).one()
    assert (mail.user_id, mail.link) == (chair(session, case.world).id, f"/giam-khao/dot/{case.world.round.id}/thuc-te")
    assert case.world.facilities[0].name not in mail.subject + mail.body  # the round is blind
    page = sign_in(app, session.get_one(User, case.world.giang.user_id)).get(f"/to-giup-viec/dot/{case.world.round.id}")
    assert "1 kiểm tra thực tế không đúng như đã khai chờ kết luận" in page.text


def test_a_visit_after_the_result_keeps_the_council_from_opening_until_it_is_ruled_on(session: Session) -> None:
    world = judged(session)
    meeting = planned(session, world)
    row = recorded(session, world, VisitVerdict.NOT_AS_DECLARED)
    with pytest.raises(Refused) as refusal:
        council.open_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    assert refusal.value.code == "visit_unruled"
    actor = make.acting(session, chair(session, world))
    visits.rule(session, actor, visit_id=row.id, ruling="Chấm theo thực tế.", now=make.NOW)
    assert council.open_session(session, world.hoa, session_id=meeting.id, now=make.NOW).opened_at == make.NOW


def test_as_declared_bars_nothing(session: Session) -> None:
    world = judged(session)
    recorded(session, world, VisitVerdict.AS_DECLARED)
    assert results.compute(session, world.giang, round_id=world.round.id, now=make.NOW).number == 1


def test_a_ruling_is_a_sentence(session: Session, case: Case) -> None:
    with pytest.raises(Invalid):
        visits.rule(
            session, make.acting(session, chair(session, case.world)), visit_id=case.visit.id, ruling=" ", now=make.NOW
        )


def test_in_a_blind_round_findings_are_masked_and_photos_and_visitors_stay_away(session: Session, case: Case) -> None:
    file = make.stored_file(session, b"anh")
    session.add(VisitPhoto(visit_id=case.visit.id, sha256=file.sha256))
    case.visit.findings = "Cơ sở Mẫu An không có dây chuyền."
    session.flush()
    session.expire_all()
    content = {"facility": {"name": "Cơ sở Mẫu An"}}
    (seen,) = for_judge(session, case.world.entries[0].id, content, blind=True)
    assert ("Mẫu An" in seen.findings, seen.photos, hasattr(seen, "visitors")) == (False, 0, False)
    (open_,) = for_judge(session, case.world.entries[0].id, content, blind=False)
    assert ("Mẫu An" in open_.findings, open_.photos) == (True, 1)


def picture() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def test_the_secretary_records_a_visit_with_its_photo(app: Flask, session: Session) -> None:
    world = judged(session)
    browser, url = (
        sign_in(app, session.get_one(User, world.giang.user_id)),
        f"/to-giup-viec/ho-so/{world.entries[0].id}/thuc-te",
    )
    typed = {"visited_on": "2020-11-20", "visitors": "Ông Kiểm", "findings": "Đúng dây chuyền.", "verdict": "as_declared"}
    assert browser.post(url, data={**typed, "verdict": ""}).status_code == 422
    files = {"photos": (io.BytesIO(picture()), "anh.jpg")}
    answer = browser.post(url, data={**typed, **files}, content_type="multipart/form-data")
    assert answer.status_code == 303
    row = session.query(SiteVisit).one()
    assert "Đúng dây chuyền." in browser.get(url).text
    assert browser.get(f"{url}/{row.id}/anh/1/page").mimetype == "image/jpeg"
    assert browser.get(f"{url}/{row.id}/anh/2/page").status_code == 404


@pytest.mark.parametrize("blind", [True, False])
def test_the_judge_reads_the_visit_on_the_sheet(app: Flask, session: Session, blind: bool) -> None:
    world = judged(session, rules=RuleSet(blind=blind), phase=Phase.JUDGING)
    row = recorded(session, world, VisitVerdict.NOT_AS_DECLARED)
    session.add(VisitPhoto(visit_id=row.id, sha256=make.stored_file(session, b"anh").sha256))
    seat = world.judges[1]
    seat.answer, seat.answered_at = ConflictAnswer.NONE, make.NOW
    task = session.query(Assignment).where(
        Assignment.seat_id == seat.id, Assignment.entry_id == world.entries[0].id
    ).one()  # fmt: skip
    assert session.get(DossierSnapshot, world.entries[0].snapshot_id) is not None
    page = sign_in(app, session.get_one(User, seat.user_id)).get(f"/giam-khao/phieu/{task.id}").text
    photo = f"/giam-khao/phieu/{task.id}/thuc-te/{row.id}/anh/1/page"
    assert "Không thấy dây chuyền." in page
    assert "Ông Kiểm" not in page
    assert (photo in page) is not blind
    if blind:
        assert sign_in(app, session.get_one(User, seat.user_id)).get(photo).status_code == 404


def test_the_chair_rules_on_the_page_and_a_member_has_none(app: Flask, session: Session, case: Case) -> None:
    url = f"/giam-khao/dot/{case.world.round.id}/thuc-te"
    head = sign_in(app, chair(session, case.world))
    assert head.post(url, data={"visit_id": case.visit.id, "ruling": ""}).status_code == 422
    assert head.post(url, data={"visit_id": case.visit.id, "ruling": "Chấm theo thực tế."}).status_code == 303
    assert session.get_one(SiteVisit, case.visit.id).ruling == "Chấm theo thực tế."
    member = session.get_one(User, case.world.judges[1].user_id)
    assert sign_in(app, member).get(url).status_code == 404
