"""The page of nominations from below, as the secretary of the round above walks it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState
from app.models.account import User
from app.models.certificate import Certificate
from app.models.council import Nomination
from app.models.entry import Entry
from app.models.round import Round
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services import path
from tests.app.services.certified import unlock


def secretary(session: Session, way: path.Path) -> User:
    return session.get_one(User, way.minh.user_id)


def test_the_secretary_sees_the_letter_and_takes_the_product_in(app: Flask, session: Session) -> None:
    way = path.sent(session)
    browser = sign_in(app, secretary(session, way))
    page = browser.get(f"/to-giup-viec/dot/{way.upper.id}/de-cu").text
    for words in ("Công văn số 01/QĐ-MẪU", "Sản phẩm mẫu 1", f"GCN-{way.nomination.recognition_id}", "Tỉnh Bắc Ninh"):
        assert words in page
    answer = browser.post(f"/to-giup-viec/dot/{way.upper.id}/de-cu/{way.nomination.id}/tiep-nhan")
    assert answer.status_code == 303
    row = session.get_one(Nomination, way.nomination.id)
    entry = session.get_one(Entry, row.accepted_entry_id)
    page = browser.get(f"/to-giup-viec/dot/{way.upper.id}/de-cu").text
    assert "Đã tiếp nhận" in page
    assert f"/to-giup-viec/ho-so/{entry.id}" in page


@pytest.mark.parametrize(("published", "is_late"), [(None, True), (make.NOW, False)])
def test_the_regional_procedure_has_thirty_working_days_from_a_complete_dossier(
    app: Flask, session: Session, published: datetime | None, is_late: bool
) -> None:
    way = path.sent(session)
    browser = sign_in(app, secretary(session, way))
    address = f"/to-giup-viec/dot/{way.upper.id}/de-cu"
    browser.post(f"{address}/{way.nomination.id}/tiep-nhan")
    assert "ngày làm việc" not in browser.get(address).text, "not yet found complete"
    row = session.get_one(Nomination, way.nomination.id)
    entry = session.get_one(Entry, row.accepted_entry_id)
    entry.state, entry.decided_at = EntryState.ACCEPTED, datetime(2026, 8, 14, 3, 0, tzinfo=UTC)
    session.get_one(Round, way.upper.id).published_at = published
    page = browser.get(address).text
    # over the National Day and its exchanged Saturday: tests/app/infra/test_reference.py
    assert "Giải quyết xong đến hết 29/09/2026 (30 ngày làm việc" in page
    assert ("Quá hạn" in page) is is_late


def test_the_line_list_of_a_letter_is_a_file(app: Flask, session: Session) -> None:
    way = path.sent(session)
    browser = sign_in(app, secretary(session, way))
    answer = browser.post(f"/to-giup-viec/dot/{way.upper.id}/de-cu/cong-van/{way.nomination.letter_id}.docx")
    assert (answer.status_code, answer.data[:2]) == (200, b"PK")
    other = make.round_(session)
    make.secretary(session, secretary(session, way), other)
    stranger = f"/to-giup-viec/dot/{other.id}/de-cu/cong-van/{way.nomination.letter_id}.docx"
    assert sign_in(app, secretary(session, way)).post(stranger).status_code == 404


def test_an_expired_certificate_is_told_and_offers_no_button(app: Flask, session: Session) -> None:
    way = path.sent(session)
    unlock(session)
    session.query(Certificate).update({"valid_until": make.TODAY.replace(day=1), "valid_from": make.TODAY.replace(day=1)})
    page = sign_in(app, secretary(session, way)).get(f"/to-giup-viec/dot/{way.upper.id}/de-cu").text
    assert "đã hết hiệu lực ngày 01/11/2026" in page
    assert "/tiep-nhan" not in page


def test_the_round_below_and_the_public_see_no_such_page(app: Flask, session: Session) -> None:
    way = path.sent(session)
    giang = session.get_one(User, way.lower.giang.user_id)
    assert sign_in(app, giang).get(f"/to-giup-viec/dot/{way.upper.id}/de-cu").status_code == 404
