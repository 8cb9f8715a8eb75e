"""Calendar files and the private feed; the palette's lines within rights."""

from __future__ import annotations

import re

from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.domain.vocabulary import Phase
from app.models.round import RoundPhase
from tests.app import make
from tests.app.conftest import sign_in


def feed_of(page: str) -> str:
    found = re.search(r"/lich/[\w-]{20,}\.ics", page)
    assert found
    return found[0]


def test_the_private_feed_holds_what_concerns_its_reader_until_it_is_revoked(app: Flask, session: Session) -> None:
    an, round_ = make.user(session, "An"), make.round_(session)
    make.entry(session, round_, make.facility(session, an))
    other = make.round_(session, phase=Phase.JUDGING)
    browser = sign_in(app, an)
    page = browser.post("/lich/dia-chi", follow_redirects=True).text
    path = feed_of(page)
    guest = app.test_client()
    events = Calendar.from_ical(guest.get(path).data).walk("VEVENT")
    closes = session.query(RoundPhase).filter_by(round_id=round_.id).one().closes_at
    assert [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in events] == [(f"Hạn nộp hồ sơ: {round_.name}", closes)]
    assert other.id != round_.id
    browser.post("/lich/thu-hoi")
    assert guest.get(path).status_code == 404


def test_a_new_address_ends_the_old_one_and_is_shown_once(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    first = feed_of(browser.post("/lich/dia-chi", follow_redirects=True).text)
    second = feed_of(browser.post("/lich/dia-chi", follow_redirects=True).text)
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    assert second not in browser.get("/lich").text


def test_a_single_event_is_a_file_for_whom_it_concerns_alone(app: Flask, session: Session) -> None:
    an, binh, round_ = make.user(session, "An"), make.user(session, "Bình"), make.round_(session)
    make.entry(session, round_, make.facility(session, an))
    key = session.query(RoundPhase).filter_by(round_id=round_.id).one().id
    file = sign_in(app, an).get(f"/lich/phase-{key}.ics")
    assert file.mimetype == "text/calendar"
    assert str(Calendar.from_ical(file.data).walk("VEVENT")[0]["UID"]).startswith(f"phase-{key}@")
    assert sign_in(app, binh).get(f"/lich/phase-{key}.ics").status_code == 404


def test_the_palette_finds_places_and_things_without_marks_and_within_rights(app: Flask, session: Session) -> None:
    an, binh, round_ = make.user(session, "An"), make.user(session, "Bình"), make.round_(session)
    row = make.entry(session, round_, make.facility(session, an), name="Ấm chén Thổ Hà")
    lines = sign_in(app, an).get("/tim.json?q=am+chen").json["lines"]
    assert [(line["kind"], line["href"]) for line in lines] == [("Hồ sơ", f"/co-so/ho-so/{row.id}")]
    assert sign_in(app, binh).get("/tim.json?q=am+chen").json["lines"] == []
    assert [line["title"] for line in sign_in(app, an).get("/tim.json?q=lich").json["lines"]] == ["Lịch của tôi"]
