"""Assisted entry: the secretary writes for a household that agreed, and both names are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, Phase
from app.infra.clock import now
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember
from app.models.record import AuditEvent
from app.models.round import Round
from app.services import checking, registration
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.registering import draft, fill

FORM = {
    "name": "Giỏ cói mẫu", "form": "single", "group_code": "TCMN", "given_by": "Bà Mẫu", "given_on": "2020-11-20",
    "kind": "in_person", "confirmed": "y",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "NOW", now())  # the pages' clock is the real one


@dataclass
class Desk:
    browser: FlaskClient
    round: Round
    facility: Facility
    url: str


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    round_ = make.round_(session)
    facility = make.facility(session, name="Hộ Mẫu")
    giang = make.user(session, "Giang")
    make.secretary(session, giang, round_)
    return Desk(sign_in(app, giang), round_, facility, f"/to-giup-viec/dot/{round_.id}/nhap-thay")


def only_entry(session: Session) -> Entry | None:
    return session.scalars(select(Entry)).first()


def test_both_people_stand_in_the_trail_and_the_dossier_opens_on_the_facilitys_pages(session: Session, desk: Desk) -> None:
    answer = desk.browser.post(f"{desk.url}/{desk.facility.id}", data=FORM)
    entry = only_entry(session)
    assert entry is not None
    assert (answer.status_code, entry.on_behalf_of) == (303, "Bà Mẫu")
    links = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"entry:{entry.id}")).all()
    assert [(link.action, link.actor_name, link.on_behalf_of) for link in links] == [
        ("entry:register", "Giang", "Bà Mẫu"),
        ("entry:consent", "Giang", "Bà Mẫu"),
    ]
    assert links[1].details == {"given_by": "Bà Mẫu", "given_on": "2020-11-20", "kind": "in_person"}
    page = desk.browser.get(answer.location, follow_redirects=True)
    assert page.status_code == 200
    assert "theo sự đồng ý của Bà Mẫu" in page.text
    assert f'href="/to-giup-viec/ho-so/{entry.id}"' in page.text  # the way back is the secretary's, not the facility's
    assert "Hồ sơ của tôi" not in page.text


@pytest.mark.parametrize("lacking", ["given_by", "given_on", "confirmed"])
def test_without_the_whole_consent_nothing_is_entered(session: Session, desk: Desk, lacking: str) -> None:
    typed = {name: value for name, value in FORM.items() if name != lacking}
    assert desk.browser.post(f"{desk.url}/{desk.facility.id}", data=typed).status_code == 422
    assert only_entry(session) is None


def test_a_facility_is_found_by_name_without_marks_and_only_within_the_territory(session: Session, desk: Desk) -> None:
    far = make.province(session, "Cà Mau")
    make.facility(session, name="Hộ Mẫu Xa", province=far, commune=make.commune(session, far))
    page = desk.browser.get(f"{desk.url}?q=ho+mau").text
    assert "Hộ Mẫu" in page
    assert "Hộ Mẫu Xa" not in page


def test_a_household_that_is_not_there_is_founded_without_an_owner(session: Session, desk: Desk) -> None:
    place = make.province(session)
    typed = {
        "name": "Hộ Mới Mẫu", "kind": "business_household", "province_id": place.id,
        "commune_id": make.commune(session, place).id, "representative_name": "Ông Mẫu", "phone": "0912345678",
    }  # fmt: skip
    assert f'href="{desk.url}"' in desk.browser.get(f"{desk.url}/co-so-moi").text
    answer = desk.browser.post(f"{desk.url}/co-so-moi", data=typed)
    row = session.scalars(select(Facility).where(Facility.name == "Hộ Mới Mẫu")).one()
    assert answer.location.endswith(f"/nhap-thay/{row.id}")
    assert session.scalars(select(FacilityMember).where(FacilityMember.facility_id == row.id)).all() == []


def test_a_secretary_of_another_round_opens_neither_page_nor_dossier(app: Flask, session: Session, desk: Desk) -> None:
    desk.browser.post(f"{desk.url}/{desk.facility.id}", data=FORM)
    entry = only_entry(session)
    assert entry is not None
    lan = make.user(session, "Lan")
    make.secretary(session, lan, make.round_(session))
    other = sign_in(app, lan)
    assert other.get(desk.url).status_code == 404
    assert other.get(f"/co-so/ho-so/{entry.id}").status_code == 404


def test_an_entry_that_the_facility_made_itself_stays_closed_to_the_secretary(session: Session, desk: Desk) -> None:
    entry = make.entry(session, desk.round, desk.facility)
    assert desk.browser.get(f"/co-so/ho-so/{entry.id}").status_code == 404


def test_after_registration_nobody_is_entered_for(session: Session, desk: Desk) -> None:
    desk.round.phase = Phase.CHECKING
    assert desk.browser.post(f"{desk.url}/{desk.facility.id}", data=FORM).status_code == 409


CONSENT = {"given_by": "Bà Mẫu", "given_on": "2020-11-20", "kind": "by_phone", "confirmed": "y"}


def submitted(session: Session, desk: Desk, state: EntryState) -> Entry:
    desk.round.phase = Phase.CHECKING
    return make.entry(session, desk.round, desk.facility, state=state)


def trail_of(session: Session, entry_id: int) -> list[tuple[str, str, str | None]]:
    links = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"entry:{entry_id}").order_by(AuditEvent.id))
    return [(link.action, link.actor_name, link.on_behalf_of) for link in links]


def test_an_entry_is_withdrawn_for_a_facility_that_agreed_and_not_before(session: Session, desk: Desk) -> None:
    entry = submitted(session, desk, EntryState.SUBMITTED)
    entry_id = entry.id
    withdrawal, consent = f"/co-so/ho-so/{entry_id}/rut", f"/to-giup-viec/ho-so/{entry_id}/lam-thay"
    assert desk.browser.post(withdrawal, data={"note": "Bà Mẫu nghỉ sản xuất"}).status_code == 404
    assert desk.browser.post(consent, data=CONSENT | {"confirmed": ""}).status_code == 422
    assert consent in desk.browser.get(f"/to-giup-viec/ho-so/{entry_id}").get_data(as_text=True)
    answer = desk.browser.post(consent, data=CONSENT)
    assert (answer.status_code, answer.location) == (303, f"/co-so/ho-so/{entry_id}")
    assert desk.browser.post(withdrawal, data={"note": "Bà Mẫu nghỉ sản xuất"}).status_code == 303
    assert session.get_one(Entry, entry_id).state is EntryState.WITHDRAWN
    assert trail_of(session, entry_id) == [("entry:consent", "Giang", "Bà Mẫu"), ("entry:withdraw", "Giang", "Bà Mẫu")]


def test_a_supplement_is_answered_for_a_facility_that_agreed(session: Session, desk: Desk) -> None:
    an = make.user(session, "An")
    facility = make.facility(session, an, name="Hộ Nhờ")
    entry = draft(session, make.acting(session, an), desk.round, facility)
    fill(session, make.acting(session, an), entry)
    registration.submit(session, make.acting(session, an), entry_id=entry.id, declared_true=True, now=make.NOW)
    khoa = make.user(session, "Khoa")
    make.secretary(session, khoa, desk.round)
    due_at = now() + timedelta(days=3)
    items = [{"item": "photos", "text": "Ảnh mờ"}]
    checking.return_for_supplement(
        session, make.acting(session, khoa), entry_id=entry.id, items=items, reason="Ảnh mờ", due_at=due_at, now=make.NOW
    )
    entry_id = entry.id
    session.commit()
    assert desk.browser.post(f"/to-giup-viec/ho-so/{entry_id}/lam-thay", data=CONSENT).status_code == 303
    answer = desk.browser.post(f"/co-so/ho-so/{entry_id}/bo-sung", data={"note": "Đã gửi ảnh giấy, nhờ xem"})
    assert (answer.status_code, session.get_one(Entry, entry_id).state) == (303, EntryState.SUBMITTED)
    assert trail_of(session, entry_id)[-1] == ("entry:answer_supplement", "Giang", "Bà Mẫu")


def test_the_secretary_of_another_round_cannot_take_an_entry_over(app: Flask, session: Session, desk: Desk) -> None:
    entry_id = submitted(session, desk, EntryState.SUBMITTED).id
    other = make.user(session, "Khánh")
    make.secretary(session, other, make.round_(session))
    browser = sign_in(app, other)
    assert browser.post(f"/to-giup-viec/ho-so/{entry_id}/lam-thay", data=CONSENT).status_code == 404
