"""The second factor in the browser's eyes: setting it up, signing in with it, losing it, and who must have it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.scopes import Scope
from app.domain.vocabulary import CouncilRole, DelegatedPart, PanelRole
from app.infra.clock import now
from app.models.account import User
from app.models.record import AuditEvent, OutboxMail
from app.services import api_tokens, delegations
from tests.app import make
from tests.app.conftest import set_password, sign_in

SET_UP = "/tai-khoan/ung-dung-xac-thuc"
SIGN_IN = "/tai-khoan/dang-nhap"


@pytest.fixture
def an(session: Session) -> User:
    person = make.user(session, "An")
    set_password(person)
    return person


@pytest.fixture
def strict(app: Flask) -> None:
    """As in production: people in office need a second factor."""
    toolbox = app.extensions["toolbox"]
    toolbox.settings = replace(toolbox.settings, second_factor="required")


def code_of(person: User) -> str:
    """What the person's authenticator app shows now."""
    return str(current_app.extensions["security"].totp_factory.generate_totp_password(person.tf_totp_secret))


def set_up(client: FlaskClient, person: User) -> None:
    """Set the app up as a person does; the code then counts as used."""
    page = client.post(SET_UP, data={"setup": "authenticator"}).text
    with client.session_transaction() as cookie:
        secret = cookie["tf_totp_secret"]
    action = re.search(r'action="(/tai-khoan/ung-dung-xac-thuc/[^"]+)"', page)
    assert action is not None
    code = current_app.extensions["security"].totp_factory.generate_totp_password(secret)
    answer = client.post(action[1], data={"code": code})
    assert (answer.status_code, answer.location) == (302, "/tai-khoan/bao-ve")


def forget_used_codes(session: Session, person: User) -> None:
    """As if half a minute had passed."""
    person.totp_counter = None
    session.commit()


def password_given(app: Flask, person: User) -> FlaskClient:
    client = app.test_client()
    client.post(SIGN_IN, data={"email": person.email, "password": make.PASSWORD})
    return client


def test_the_picture_to_scan_is_part_of_the_page(app: Flask, session: Session, an: User) -> None:
    page = sign_in(app, an).post(SET_UP, data={"setup": "authenticator"}).text
    assert 'src="data:image/svg+xml;base64,' in page


def test_with_an_app_the_password_alone_no_longer_opens_the_desk(app: Flask, session: Session, an: User) -> None:
    set_up(sign_in(app, an), an)
    client = password_given(app, an)
    assert client.get("/ban-lam-viec").status_code == 302
    forget_used_codes(session, an)
    assert client.post("/tai-khoan/ma-xac-thuc", data={"code": code_of(an)}).status_code == 302
    assert client.get("/ban-lam-viec").status_code == 200


def test_a_code_opens_the_door_once(app: Flask, session: Session, an: User) -> None:
    set_up(sign_in(app, an), an)
    forget_used_codes(session, an)
    first, second = password_given(app, an), password_given(app, an)
    code = code_of(an)
    for client in (first, second):
        client.post("/tai-khoan/ma-xac-thuc", data={"code": code})
    assert [client.get("/ban-lam-viec").status_code for client in (first, second)] == [200, 302]


def test_the_secret_is_not_kept_as_it_is(app: Flask, session: Session, an: User) -> None:
    client = sign_in(app, an)
    page = client.post(SET_UP, data={"setup": "authenticator"}).text
    shown = re.search(r"<code[^>]*>([A-Z0-9 -]+)</code>", page)
    assert shown is not None
    set_up(client, an)
    assert an.tf_totp_secret is not None
    assert '"enckey"' in an.tf_totp_secret
    assert '"key"' not in an.tf_totp_secret


def test_a_recovery_code_opens_the_door_once(app: Flask, session: Session, an: User) -> None:
    client = sign_in(app, an)
    set_up(client, an)
    page = client.post("/tai-khoan/ma-du-phong", data={"generate_new_codes": "1"}).text
    codes = re.findall(r"<code>([0-9a-f-]+)</code>", page)
    assert len(codes) == 10
    assert not set(codes) & set(an.mf_recovery_codes or ())
    visits = [password_given(app, an) for _ in range(2)]
    for visit in visits:
        visit.post("/tai-khoan/dung-ma-du-phong", data={"code": codes[0]})
    assert [visit.get("/ban-lam-viec").status_code for visit in visits] == [200, 302]
    assert len(an.mf_recovery_codes or ()) == 9


def test_setting_up_asks_for_the_password_again_after_a_while(
    app: Flask, session: Session, an: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(app, an)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= timedelta(hours=2).total_seconds()
    answer = client.post(SET_UP, data={"setup": "authenticator"})
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/tai-khoan/xac-nhan-lai")


def administrator(session: Session, person: User) -> None:
    make.administrator(session, person)


def secretary(session: Session, person: User) -> None:
    make.secretary(session, person, make.round_(session))


def chair_of_panel(session: Session, person: User) -> None:
    make.judge(session, make.round_(session), person, role=PanelRole.CHAIR)


def chair_of_council(session: Session, person: User) -> None:
    make.council_member(session, make.round_(session), person, role=CouncilRole.CHAIR)


@pytest.mark.parametrize("part", [administrator, secretary, chair_of_panel, chair_of_council])
@pytest.mark.usefixtures("strict")
def test_people_in_office_set_one_up_before_anything_else(
    app: Flask, session: Session, an: User, part: Callable[[Session, User], None]
) -> None:
    part(session, an)
    client = sign_in(app, an)
    led, refused = client.get("/ban-lam-viec"), client.post("/tin-nhan/da-doc")
    assert (led.status_code, led.location, refused.status_code) == (302, "/tai-khoan/bao-ve", 403)
    assert "Cần làm trước tiên" in client.get("/tai-khoan/bao-ve").text
    set_up(client, an)
    assert client.get("/ban-lam-viec").status_code == 200


@pytest.mark.usefixtures("strict")
def test_nobody_else_must(app: Flask, session: Session, an: User) -> None:
    make.judge(session, make.round_(session), an)
    make.facility(session, an)
    assert sign_in(app, an).get("/ban-lam-viec").status_code == 200


@pytest.mark.usefixtures("strict")
def test_a_program_of_theirs_waits_for_it_too(app: Flask, session: Session, an: User) -> None:
    _row, word = api_tokens.make(
        session, make.acting(session, an), name="Kho dữ liệu", scopes=[Scope.CATALOGUE_READ], days=30, now=now()
    )
    session.commit()
    program = {"headers": {"Authorization": f"Bearer {word}"}}
    before = app.test_client().get("/api/v1/rounds", **program).status_code
    administrator(session, an)
    refused = app.test_client().get("/api/v1/rounds", **program)
    assert (before, refused.status_code, refused.json["error"]["code"]) == (200, 403, "step_missing")
    set_up(sign_in(app, an), an)
    assert app.test_client().get("/api/v1/rounds", **program).status_code == 200


@pytest.mark.usefixtures("strict")
def test_a_part_that_was_lent_asks_for_it_as_ones_own_does(app: Flask, session: Session, an: User) -> None:
    giver, round_ = make.user(session, "Giang"), make.round_(session)
    make.secretary(session, giver, round_)
    client = sign_in(app, an)
    assert client.get("/ban-lam-viec").status_code == 200
    delegations.lend(
        session, make.acting(session, giver), email=an.email, part=DelegatedPart.SECRETARY,
        round_id=round_.id, valid_until=now() + timedelta(days=7), now=now(),
    )  # fmt: skip
    assert client.get("/ban-lam-viec").location == "/tai-khoan/bao-ve"


def test_where_the_rule_is_off_the_page_says_so(app: Flask, session: Session, an: User) -> None:
    make.administrator(session, an)
    client = sign_in(app, an)
    assert client.get("/ban-lam-viec").status_code == 200
    assert "Ở đây quy định này đang tắt." in client.get("/tai-khoan/bao-ve").text


def test_an_administrator_takes_off_a_lost_factor_and_it_is_told_and_kept(app: Flask, session: Session, an: User) -> None:
    own = sign_in(app, an)
    set_up(own, an)
    quan = make.user(session, "Quân")
    make.administrator(session, quan)
    answer = sign_in(app, quan).post(f"/quan-tri/nguoi-dung/{an.id}/bo-xac-thuc")
    assert (answer.status_code, own.get("/ban-lam-viec").status_code) == (303, 302)
    assert password_given(app, an).get("/ban-lam-viec").status_code == 200
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "factor:reset"))
    assert (event.actor_id, event.subject, event.details) == (quan.id, f"user:{an.id}", {"app": True, "passkeys": 0})
    [mail] = session.scalars(select(OutboxMail).where(OutboxMail.user_id == an.id))
    assert mail.subject == "Lớp xác thực thứ hai đã được bỏ"


def test_what_a_person_changes_stands_in_the_audit_trail(app: Flask, session: Session, an: User) -> None:
    client = sign_in(app, an)
    set_up(client, an)
    client.post(SET_UP, data={"setup": "disable"})
    found = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"user:{an.id}").order_by(AuditEvent.id))
    assert list(found) == ["factor:set_app", "factor:remove_app"]
