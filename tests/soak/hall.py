"""A hall full of judges: one round being judged, every judge signed in with sheets to fill."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from flask import Flask
from flask import session as cookie_of_request
from flask_security import login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase
from app.infra.database import db
from app.infra.security import password_digest
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import PanelSeat
from app.models.round import Round
from tests.app import make

GROUPS = ("TCMN", "CB", "CK", "KHAC")
# The tablet that signs in is the one that saves: to another one the server would hand out a new cookie each time.
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
_serial = itertools.count(1)


@dataclass
class Judge:
    """A judge's browser: the cookie and the token of a page, and the sheets with their versions."""

    name: str
    email: str
    cookie: str
    token: str
    sheets: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Hall:
    """The round's id and code, and its judges."""

    round_id: int
    round_code: str
    judges: list[Judge]


def fill(app: Flask, *, judges: int, sheets_each: int) -> Hall:
    """A round with ``judges`` judges who each have ``sheets_each`` entries to score, all signed in.

    The sessions are those that a log-in makes; the log-in itself is measured elsewhere.
    """
    with app.app_context():
        session = db.session()
        in_round = make.round_(session, phase=Phase.JUDGING, code=f"TAI-{next(_serial)}")
        entries = _entries(session, in_round, sheets_each)
        digest = password_digest(make.PASSWORD)
        seats = [_seat(session, in_round, number, digest) for number in range(judges)]
        held = [{make.assignment(session, seat, entry).id: 0 for entry in entries} for seat, _ in seats]
        session.commit()
        people = [person.id for _, person in seats]
        where = in_round.id, in_round.code
        db.session.remove()
    # Each in a context of its own: the token is kept with the context.
    return Hall(*where, [signed_in(app, person, sheets) for person, sheets in zip(people, held, strict=True)])


def _entries(session: Session, in_round: Round, count: int) -> list[Entry]:
    facility = make.facility(session, make.user(session, "An"))
    return [make.entry(session, in_round, facility, name=f"Sản phẩm {n}", group=GROUPS[n % 4]) for n in range(count)]


def _seat(session: Session, in_round: Round, number: int, digest: str) -> tuple[PanelSeat, User]:
    person = make.user(session, f"Giám khảo mẫu {number}", email=f"giam-khao-{in_round.id}-{number}@example.vn")
    person.password = digest
    role = PanelRole.CHAIR if number == 0 else PanelRole.MEMBER
    return make.judge(session, in_round, person, role=role, answer=ConflictAnswer.NONE), person


def signed_in(app: Flask, person_id: int, sheets: dict[int, int]) -> Judge:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": AGENT}):
        person = db.session.get_one(User, person_id)
        login_user(person, authn_via=["password"])
        token = generate_csrf()
        kept = dict(cookie_of_request)
        db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    return Judge(person.name, person.email, f"{name}={serializer.dumps(kept)}", token, dict(sheets))
