"""The page of lent parts: the giver's form, and the deputy's new place in the navigation until it ends."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra.clock import now
from app.models.delegation import Delegation
from tests.app import make
from tests.app.conftest import sign_in

PAGE = "/tai-khoan/uy-quyen"


def test_a_secretary_lends_the_round_and_both_see_it(app: Flask, session: Session) -> None:
    giang, lan, round_ = make.user(session, "Giang"), make.user(session, "Lan"), make.round_(session)
    make.secretary(session, giang, round_)
    giver, taker = sign_in(app, giang), sign_in(app, lan)
    typed = {"part": f"secretary:{round_.id}", "email": lan.email, "valid_until": str((now() + timedelta(days=5)).date())}
    assert "Đợt bình chọn" not in taker.get("/ban-lam-viec").text
    assert giver.post(PAGE, data=typed).status_code == 303
    assert ("cho Lan" in giver.get(PAGE).text, "do Giang giao" in taker.get(PAGE).text) == (True, True)
    assert "Đợt bình chọn" in taker.get("/ban-lam-viec").text
    row = session.scalars(select(Delegation)).one()
    assert taker.post(f"{PAGE}/{row.id}/ket-thuc").status_code == 303
    assert "Đợt bình chọn" not in taker.get("/ban-lam-viec").text


def test_a_part_that_is_not_ones_own_is_not_offered(app: Flask, session: Session) -> None:
    lan, round_ = make.user(session, "Lan"), make.round_(session)
    typed = {"part": f"secretary:{round_.id}", "email": "ai@example.vn", "valid_until": "2099-01-01"}
    client = sign_in(app, lan)
    assert (client.post(PAGE, data=typed).status_code, session.scalars(select(Delegation)).all()) == (422, [])
    assert "Bạn không có phần việc nào để ủy quyền" in client.get(PAGE).text
