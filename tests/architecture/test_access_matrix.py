"""Who is let in where: every route and method against every member of the cast, as the table says.

``access.csv`` holds one line a route and method. The answers: ``ok`` (the page, or a form that was
looked at), ``sign-in`` (asked to sign in), ``404`` (not there for this person), ``refused`` (theirs,
but a rule forbids it now). Every address names what belongs to An; nothing that is sent is kept.

To write the table anew after reading what changed: TIEUBIEU_WRITE_ACCESS=1 pytest on this file.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.factory import create_app
from app.infra.clock import now
from app.infra.database import db
from tests.app import make
from tests.app.conftest import Browser, fresh, settings_for, sign_in
from tests.architecture.addresses import World, build
from tests.architecture.cast import CAST

TABLE = Path(__file__).with_name("access.csv")
HEAD = ("method", "route", "endpoint", *CAST)
WRITES = bool(os.environ.get("TIEUBIEU_WRITE_ACCESS"))
AUDIENCES = ("account", "admin", "council", "facility", "judge", "public", "secretariat", "security", "")


@pytest.fixture(scope="module")
def world(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("access")
    with fresh(template, folder) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "NOW", now())  # the application's clock is the real one
        app = create_app(settings_for(folder / "instance", url))
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = Browser
        with app.app_context():
            yield build(app, db.session())
            db.session.remove()
            db.engine.dispose()


@dataclass
class Visitor:
    """One of the cast in a browser that comes signed in to every page, whatever the last one did."""

    client: FlaskClient
    cookie: str | None

    def open(self, address: str, method: str, typed: dict[str, Any]) -> TestResponse:
        if self.cookie is not None:
            self.client.set_cookie("session", self.cookie)
        return self.client.open(address, method=method, data=typed if method == "POST" else None)


@pytest.fixture(scope="module")
def visitors(world: World) -> Iterator[dict[str, Visitor]]:
    """Everybody; from here on nothing that is written is kept, and no job is begun."""
    found = {"guest": Visitor(world.app.test_client(), None)}
    for who, person in world.cast.people.items():
        client = sign_in(world.app, person)
        cookie = client.get_cookie("session")
        assert cookie is not None
        found[who] = Visitor(client, cookie.value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", lambda self: self.flush())
        patch.setitem(world.app.extensions, "doorbell", lambda _job: None)
        yield found


def routes(app: Flask) -> dict[tuple[str, str], Rule]:
    """Every method of every address, but HEAD and OPTIONS, which the framework answers."""
    return {
        (method, rule.rule): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def expected() -> dict[tuple[str, str], dict[str, str]]:
    """The table, by method and route."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["route"]): {who: row[who] for who in CAST} for row in csv.DictReader(file)}


def test_the_table_holds_every_route_and_no_other(world: World) -> None:
    if WRITES:
        pytest.skip("the table is being written")
    assert set(expected()) == set(routes(world.app))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_everybody_gets_the_answer_of_the_table(audience: str, world: World, visitors: dict[str, Visitor]) -> None:
    found = {
        key: {who: answer_class(ask(world, visitors[who], who, *key, rule)) for who in CAST}
        for key, rule in routes(world.app).items()
        if audience == _audience(rule)
    }
    if WRITES:
        write(world.app, found)
        return
    table = expected()
    wrong = [
        f"{method} {route}: {who} got {given}, the table says {table[method, route][who]}"
        for (method, route), answers in sorted(found.items())
        if (method, route) in table
        for who, given in answers.items()
        if given != table[method, route][who]
    ]
    assert wrong == []


def _audience(rule: Rule) -> str:
    blueprint = rule.endpoint.partition(".")[0] if "." in rule.endpoint else ""
    return blueprint if blueprint in AUDIENCES else ""


def ask(world: World, visitor: Visitor, who: str, method: str, route: str, rule: Rule) -> TestResponse:
    """The address with An's things in it, by the method, with an empty form or the one word that it needs."""
    values = world.values(rule, who)
    with world.app.test_request_context():
        address = world.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    return visitor.open(address, method, world.typed(rule.endpoint))


def answer_class(answer: TestResponse) -> str:
    """What the answer comes to.

    Raises:
        AssertionError: the application failed, or does not know the method.
    """
    status = answer.status_code
    answer.close()
    assert status < 500, (answer.request.path, status)
    assert status != 405, answer.request.path
    if status == 401 or "/tai-khoan/dang-nhap?next=" in answer.headers.get("Location", ""):
        return "sign-in"
    if status == 404:
        return "404"
    return "refused" if status in (403, 409) else "ok"


def write(app: Flask, found: dict[tuple[str, str], dict[str, str]]) -> None:
    """Put the answers into the table, which a person then reads line by line."""
    known = expected() if TABLE.exists() else {}
    there = routes(app)
    rows = {key: answers for key, answers in {**known, **found}.items() if key in there}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for key in sorted(rows, key=lambda key: (key[1], key[0])):
            writer.writerow([*key, there[key].endpoint, *(rows[key][who] for who in CAST)])
