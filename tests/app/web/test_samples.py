"""Samples: labelled once, moved by scanning, each move with who and when."""

from __future__ import annotations

import io

import pytest
import segno
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.vocabulary import EntryState, Phase, SampleState
from app.models.account import User
from app.models.dossier import StoredFile
from app.models.record import AuditEvent
from app.models.sample import Sample
from app.services import samples
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, judged


@pytest.fixture
def world(session: Session) -> World:
    made = judged(session, phase=Phase.CHECKING)
    made.entries[3].state = EntryState.REFUSED
    samples.prepare(session, made.giang, round_id=made.round.id, now=make.NOW)
    return made


def first(session: Session) -> Sample:
    return session.scalars(select(Sample).order_by(Sample.id)).first()  # type: ignore[return-value]


def test_every_accepted_entry_gets_one_label_however_often_they_are_made(session: Session, world: World) -> None:
    assert samples.prepare(session, world.giang, round_id=world.round.id, now=make.NOW) == 0
    assert {row.entry_id for row in session.scalars(select(Sample))} == {entry.id for entry in world.entries[:3]}


def test_a_move_is_written_down_with_before_and_after(session: Session, world: World) -> None:
    row = first(session)
    samples.move(
        session, world.giang, token=row.token, seen=SampleState.EXPECTED, to=SampleState.STORED, place="Kho A", now=make.NOW
    )
    link = session.scalars(select(AuditEvent).where(AuditEvent.action == "sample:move")).one()
    assert link.details == {
        "before": {"state": "expected", "place": ""}, "after": {"state": "stored", "place": "Kho A"},
    }  # fmt: skip


def test_who_looked_before_somebody_moved_it_is_told(session: Session, world: World) -> None:
    row = first(session)
    samples.move(session, world.giang, token=row.token, seen=SampleState.EXPECTED, to=SampleState.RECEIVED, now=make.NOW)
    with pytest.raises(Refused) as refusal:
        samples.move(session, world.giang, token=row.token, seen=SampleState.EXPECTED, to=SampleState.RETURNED, now=make.NOW)
    assert refusal.value.code == "sample_move_unknown"


def test_a_stranger_with_the_label_moves_nothing(session: Session, world: World) -> None:
    stranger = make.acting(session, make.user(session, "Lan"))
    with pytest.raises(NotFound):
        samples.move(
            session, stranger, token=first(session).token, seen=SampleState.EXPECTED, to=SampleState.RECEIVED, now=make.NOW
        )


def test_scanning_opens_the_page_and_a_button_moves_the_sample(app: Flask, session: Session, world: World) -> None:
    browser = sign_in(app, session.get_one(User, world.giang.user_id))
    url = f"/to-giup-viec/mau/{first(session).token}"
    assert "Chưa nhận" in browser.get(url).text
    assert first(session).state is SampleState.EXPECTED  # looking moves nothing
    assert browser.post(url, data={"seen": "expected", "to": "received", "place": "Bàn 1"}).status_code == 303
    assert (first(session).state, first(session).place) == (SampleState.RECEIVED, "Bàn 1")
    assert browser.post(url, data={"seen": "expected", "to": "stored"}).status_code == 409
    page = browser.get(f"/to-giup-viec/dot/{world.round.id}/mau").text
    assert "Bàn 1" in page
    labels = browser.get(f"/to-giup-viec/dot/{world.round.id}/mau/nhan.pdf")
    assert (labels.status_code, labels.data[:4]) == (200, b"%PDF")
    assert sign_in(app, make.user(session, "Lan")).get(url).status_code == 404


def photographed(text: str) -> bytes:
    """A photo of a label: the code small on a grey table."""
    code, out = io.BytesIO(), io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=6, border=4)
    table = Image.new("RGB", (1600, 1200), "#888888")
    table.paste(Image.open(code).convert("RGB").rotate(7, expand=True, fillcolor="white"), (500, 400))
    table.save(out, "JPEG")
    return out.getvalue()


def test_a_photo_of_the_label_checks_a_sample_in_and_keeps_state_and_place_for_the_next(
    app: Flask, session: Session, world: World
) -> None:
    browser = sign_in(app, session.get_one(User, world.giang.user_id))
    url = f"/to-giup-viec/dot/{world.round.id}/mau/quet"
    assert url in browser.get(f"/to-giup-viec/dot/{world.round.id}/mau").text
    row = first(session)
    label = photographed(f"http://localhost/to-giup-viec/mau/{row.token}")
    sent = {"to": "stored", "place": "Kho A", "code": "", "photo": (io.BytesIO(label), "nhan.jpg")}
    kept = session.query(StoredFile).count()
    answer = browser.post(url, data=sent)
    assert (answer.status_code, first(session).state, first(session).place) == (303, SampleState.STORED, "Kho A")
    assert 'value="Kho A"' in browser.get(answer.location).text
    assert session.query(StoredFile).count() == kept  # the photo was looked at only
    blank = {**sent, "photo": (io.BytesIO(photographed("https://example.org/khac")), "khac.jpg")}
    assert "Không có mẫu nào của đợt này" in browser.post(url, data=blank).text
    assert sign_in(app, make.user(session, "Lan")).get(url).status_code == 404


def test_a_hand_scanner_or_the_keyboard_names_the_sample(app: Flask, session: Session, world: World) -> None:
    browser = sign_in(app, session.get_one(User, world.giang.user_id))
    url, code = f"/to-giup-viec/dot/{world.round.id}/mau/quet", (world.entries[0].code or "").lower()
    assert browser.post(url, data={"to": "received", "code": code}).status_code == 303
    again = browser.post(url, data={"to": "received", "code": f"http://localhost/to-giup-viec/mau/{first(session).token}"})
    assert (again.status_code, "đã được ghi là Đã nhận" in again.text) == (422, True)
    unknown = browser.post(url, data={"to": "received", "code": "CK-999"})
    assert (unknown.status_code, 'value="CK-999"' in unknown.text) == (422, True)
    assert browser.post(url, data={"to": "received", "code": ""}).status_code == 422
