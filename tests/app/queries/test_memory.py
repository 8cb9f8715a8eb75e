"""Was it recognised before? Only what was published, across years, for those who may know."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import Outcome, Phase
from app.models.account import User
from app.models.entry import Entry
from app.models.round import Round
from app.queries import memory
from app.queries import registration as reads
from certificates.verification import Verdict
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.queries.statements import counted
from tests.app.services import path
from tests.app.services.certified import published
from tests.app.services.world import World, in_session, judged

LATER = date(2032, 1, 1)


def years_on(session: Session, world: World, name: str = "Sản phẩm mẫu 1") -> Entry:
    """An entry of the same facility in a round of 2028."""
    row = make.round_(session, year=2028, phase=Phase.CHECKING)
    return make.entry(session, row, world.facilities[0], name=name)


def remembered(session: Session, entry: Entry, on: date = make.NOW.date()) -> list[memory.Remembered]:
    loaded = reads.entry(session, entry.id)
    assert loaded is not None
    return memory.before(session, loaded, on=on)


def test_the_same_product_comes_first_with_its_certificate(session: Session) -> None:
    world = published(session)
    path.certificate(session, path.recognition_of(session, world))
    found = remembered(session, years_on(session, world))
    assert [(line.product, line.is_same, line.outcome, line.year, line.serial, line.verdict) for line in found] == [
        ("Sản phẩm mẫu 1", True, Outcome.RECOGNISED, 2026, "GCN-1", Verdict.VALID),
        ("Sản phẩm mẫu 3", False, Outcome.RECOGNISED, 2026, "", None),
    ]
    assert remembered(session, years_on(session, world), LATER)[0].verdict is Verdict.EXPIRED


def test_a_product_entered_anew_under_its_old_name_is_known_again(session: Session) -> None:
    world = published(session)
    assert [line.is_same for line in remembered(session, years_on(session, world, "SẢN PHẨM mẫu 1"))] == [True, False]
    assert [line.is_same for line in remembered(session, years_on(session, world, "Khác hẳn"))] == [False, False]


def test_nothing_is_remembered_before_it_was_published(session: Session) -> None:
    world = judged(session)
    in_session(session, world)
    assert remembered(session, years_on(session, world)) == []


def test_facilities_are_told_apart_in_two_statements_however_many(session: Session) -> None:
    world = published(session)
    ids = [facility.id for facility in world.facilities]
    costs = []
    for asked in (ids[:1], ids):
        with counted(session) as sent:
            found = memory.of_facilities(session, asked, on=make.NOW.date())
        costs.append(len(sent))
    assert costs == [2, 2]
    assert {key: sorted((line.product, line.outcome.value) for line in lines) for key, lines in found.items()} == {
        ids[0]: [("Sản phẩm mẫu 1", "recognised"), ("Sản phẩm mẫu 3", "recognised")],
        ids[1]: [("Sản phẩm mẫu 2", "recognised"), ("Sản phẩm mẫu 4", "not_recognised")],
    }


def test_the_facility_and_the_secretariat_read_it_and_the_blind_jury_does_not(app: Flask, session: Session) -> None:
    world = published(session)
    path.certificate(session, path.recognition_of(session, world))
    later = years_on(session, world)
    an = session.query(User).where(User.name == "An").one()
    giang, chi = make.user(session, "Giang"), make.user(session, "Chi")
    make.secretary(session, giang, session.get_one(Round, later.round_id))
    task = make.assignment(session, make.judge(session, session.get_one(Round, later.round_id), chi), later)
    jury = session.get_one(Round, later.round_id)
    jury.phase, jury.frozen_digest, jury.frozen_at = Phase.JUDGING, "f" * 64, make.NOW
    facility, entry, sheet = later.facility_id, later.id, task.id
    session.commit()
    pages = {
        "facility": sign_in(app, an).get(f"/co-so/{facility}"),
        "secretariat": sign_in(app, giang).get(f"/to-giup-viec/ho-so/{entry}"),
        "judge": sign_in(app, chi).get(f"/giam-khao/phieu/{sheet}", follow_redirects=True),
    }
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    assert {name: "GCN-1" in page.get_data(as_text=True) for name, page in pages.items()} == {
        "facility": True,
        "secretariat": True,
        "judge": False,
    }
