"""Walks the demo by its links: every page that a GET reaches, for a guest and for each demo account.

The application and its SQLite run in this process; time is the processor's, so that a busy machine says the same.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.cli.demo.people import SHOWN
from app.factory import create_app
from app.infra.database import db
from app.infra.settings import from_environment
from app.models.account import User
from tests.app.conftest import sign_in

GUEST = "guest"
STARTS = ("/", "/ban-lam-viec")
# An endpoint's pages are many (a product each); some of each, so that several states are met.
EACH = 5
QUICK_MS = 100.0


@dataclass(frozen=True)
class Seen:
    """A page as somebody met it; ``milliseconds`` is the server's processor time with warm caches."""

    role: str
    endpoint: str
    address: str
    milliseconds: float


def demo_app(instance: Path) -> Flask:
    """The application over a demo's instance folder; no queue runs."""
    app = create_app(
        from_environment({"TIEUBIEU_MODE": "demo", "TIEUBIEU_INSTANCE": str(instance), "TIEUBIEU_QUEUE_URL": "memory://"})
    )
    app.config["RATELIMIT_ENABLED"] = False
    return app


def cookies(app: Flask) -> dict[str, str | None]:
    """The session cookie of a guest (none) and of each account that the demo shows, by the part before @."""
    found: dict[str, str | None] = {GUEST: None}
    with app.app_context():
        for _, account in SHOWN:
            person = db.session().scalars(select(User).where(User.email == account.email)).one()
            cookie = sign_in(app, person).get_cookie("session")
            assert cookie is not None
            found[account.key] = cookie.value
    return found


def walk(app: Flask, role: str, cookie: str | None, *, each: int = EACH) -> Iterator[Seen]:
    """Follow links breadth first; at most ``each`` addresses of an endpoint.

    Pages of the public site are looked at once, as a guest.

    Raises:
        AssertionError: a link of a page leads to an address that answers with a fault of the server.
    """
    client = app.test_client()
    if cookie is not None:
        client.set_cookie("session", cookie)
    waiting, known, count = deque(STARTS), set(STARTS), Counter[str]()
    while waiting:
        address = waiting.popleft()
        endpoint = _endpoint(app, address)
        if endpoint is None or count[endpoint] >= each or (role != GUEST and endpoint.startswith("public.")):
            continue
        count[endpoint] += 1
        html, milliseconds = _open(client, address)
        if html is None:
            continue
        yield Seen(role, endpoint, address, milliseconds)
        for link in _links(html, address):
            if link not in known:
                known.add(link)
                waiting.append(link)


def _endpoint(app: Flask, address: str) -> str | None:
    try:
        rule = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(rule[0])


def _open(client: FlaskClient, address: str) -> tuple[str | None, float]:
    """The page and its time; None where the answer is no page of HTML."""
    answer = client.get(address)
    if answer.status_code >= 500:
        raise AssertionError(f"{address} answers {answer.status_code}")
    if answer.status_code != 200 or answer.mimetype != "text/html":
        answer.close()
        return None, 0.0
    page, best = "", float("inf")
    for _turn in range(3):  # the best of three where something else may have held the processor
        began = time.process_time()
        page = client.get(address).get_data(as_text=True)
        best = min(best, (time.process_time() - began) * 1000)
        if best < QUICK_MS:
            break
    return page, best


def _links(html: str, address: str) -> Iterator[str]:
    for found in BeautifulSoup(html, "html.parser").select("a[href]"):
        parts = urlsplit(urljoin(address, str(found["href"])))
        if not parts.netloc and parts.scheme in ("", "http"):
            # Of the many sorted and filtered forms of a list, the list itself; tabs have addresses of their own.
            yield parts.path
