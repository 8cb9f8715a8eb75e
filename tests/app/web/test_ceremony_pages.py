"""The ceremony's pages: planned, arranged and checked off in the browser, by nobody else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.ceremony import CeremonyHall
from app.models.certificate import Certificate
from app.models.record import Job
from app.queries import ceremonies as reads
from app.queries.round_prints import KIND
from app.web.secretariat import ceremony as pages
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import issued
from tests.app.services.world import World

PLAN = {"starts_at": "2026-12-20T08:30", "place": "Nhà văn hóa", "hall": "Hội trường A"}


def planned(app: Flask, session: Session) -> tuple[World, list[Certificate], FlaskClient, str]:
    """Giang has planned the ceremony of a round with three certificates."""
    world, rows = issued(session)
    giang = session.scalars(select(User).where(User.id == world.giang.user_id)).one()
    browser, base = sign_in(app, giang), f"/to-giup-viec/dot/{world.round.id}/le-trao"
    assert browser.post(base, data=PLAN).status_code == 303
    return world, rows, browser, base


def test_the_secretary_plans_arranges_and_checks_off(app: Flask, session: Session) -> None:
    world, rows, browser, base = planned(app, session)
    page = browser.get(base).text
    assert "Hội trường A" in page
    assert "20/12/2026, 08:30" in page
    hall = session.scalars(select(CeremonyHall)).one().id
    found = reads.of_round(session, world.round.id)
    assert found is not None
    form = {"version": found.version, "turn": [row.id for row in rows]}
    for place, row in enumerate(reversed(rows), start=1):
        form |= {f"hall-{row.id}": hall, f"position-{row.id}": place}
    assert browser.post(f"{base}/thu-tu", data=form).status_code == 303
    pack = reads.pack(session, world.round.id)
    assert pack is not None
    assert [turn.certificate_id for turn in pack.turns] == [row.id for row in reversed(rows)]
    browser.post(f"{base}/trao", data={"code": rows[0].code, "hall": hall})
    state = browser.get(f"{base}/trao.json").json
    assert (state["done"], state["total"], list(state["turns"])) == (1, 3, [str(rows[0].id)])
    page = browser.get(f"{base}/trao").text
    assert "Giang" in page
    offered = dict(re.findall(r'name="certificate" value="(\d+)" form="([a-z-]+)"', page))
    assert offered == {str(row.id): "hand-back" if row is rows[0] else "hand" for row in rows}
    printed = browser.get(f"/to-giup-viec/dot/{world.round.id}/giay-chung-nhan/in?thu-tu=le-trao")
    assert "Theo lượt của lễ trao" in printed.text


def test_long_halls_are_shown_in_pages_and_a_saved_page_keeps_the_turns_of_the_others(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    world, _rows, browser, base = planned(app, session)
    before = [turn.certificate_id for turn in pack_of(session, world).turns]
    second = browser.get(f"{base}?page=2").text
    assert re.findall(r'name="turn" value="(\d+)"', second) == [str(before[2])]
    assert 'data-first="3"' in second
    found = reads.of_round(session, world.round.id)
    assert found is not None
    hall = session.scalars(select(CeremonyHall)).one().id
    swapped = {f"hall-{key}": hall for key in before[:2]} | {f"position-{before[0]}": 2, f"position-{before[1]}": 1}
    form = {"version": found.version, "turn": before[:2], **swapped}
    answer = browser.post(f"{base}/thu-tu?page=1&hoi-truong={hall}", data=form)
    assert answer.location == f"{base}?page=1&hoi-truong={hall}#thu-tu"
    assert [turn.certificate_id for turn in pack_of(session, world).turns] == [before[1], before[0], before[2]]


def pack_of(session: Session, world: World) -> reads.Pack:
    session.expire_all()
    pack = reads.pack(session, world.round.id)
    assert pack is not None
    return pack


def test_its_papers_are_made_by_a_job_for_all_halls_or_for_one(app: Flask, session: Session) -> None:
    world, _rows, browser, base = planned(app, session)
    hall = session.scalars(select(CeremonyHall)).one().id
    asked = [browser.post(f"{base}/cho-ngoi.docx"), browser.post(f"{base}/trinh-chieu.pdf", data={"hoi-truong": hall})]
    jobs = session.scalars(select(Job).where(Job.kind == KIND).order_by(Job.id)).all()
    assert [(job.payload["name"], job.payload["key"]) for job in jobs] == [
        ("cho-ngoi.docx", None),
        ("trinh-chieu.pdf", hall),
    ]
    files = [browser.get(f"{answer.location.split('?')[0]}/tep") for answer in asked]
    assert [file.data[:4] for file in files] == [b"PK\x03\x04", b"%PDF"]
    assert "Tr%C3%ACnh%20chi%E1%BA%BFu.pdf" in files[1].headers["Content-Disposition"]
    assert browser.post(f"/to-giup-viec/dot/{world.round.id + 1}/le-trao/cho-ngoi.docx").status_code == 404


def test_a_plan_without_a_place_keeps_what_was_typed(app: Flask, session: Session) -> None:
    world, _rows = issued(session)
    giang = session.scalars(select(User).where(User.id == world.giang.user_id)).one()
    answer = sign_in(app, giang).post(f"/to-giup-viec/dot/{world.round.id}/le-trao", data={**PLAN, "place": ""})
    assert answer.status_code == 422
    assert 'value="Hội trường A"' in answer.text


def test_another_secretary_sees_no_ceremony(app: Flask, session: Session) -> None:
    _world, rows, _browser, base = planned(app, session)
    other = make.user(session, "Khánh")
    make.secretary(session, other, make.round_(session))
    stranger = sign_in(app, other)
    for path in ("", "/trao", "/trao.json"):
        assert stranger.get(base + path).status_code == 404
    assert stranger.post(f"{base}/kich-ban.pdf").status_code == 404
    assert stranger.post(f"{base}/trao", data={"certificate": rows[0].id}).status_code == 404
