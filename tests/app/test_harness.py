"""The harness itself: the application starts, the reference data is there, a signed-in person is known."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, UnitTier
from app.models.unit import Unit
from tests.app import make
from tests.app.conftest import sign_in


def test_reference_data_has_97_provinces_and_3321_communes(session: Session) -> None:
    counts = {row.tier: row.n for row in session.execute(select(Unit.tier, func.count().label("n")).group_by(Unit.tier))}
    assert counts == {UnitTier.PROVINCE: 97, UnitTier.COMMUNE: 3321}


def test_a_signed_in_person_reaches_the_desk_and_a_guest_is_asked_to_sign_in(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    assert sign_in(app, an).get("/ban-lam-viec").status_code == 200
    assert app.test_client().get("/ban-lam-viec").status_code == 302


def test_entries_made_for_tests_carry_code_and_snapshot(session: Session) -> None:
    round_ = make.round_(session)
    first = make.entry(session, round_, make.facility(session))
    assert (first.code, first.state, first.snapshot_id is not None) == ("TCMN-001", EntryState.ACCEPTED, True)
