"""The world of the access matrix as a served site: every page that somebody may open, with something on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.factory import create_app
from app.infra.clock import now
from app.infra.database import db
from tests.app import make
from tests.app.conftest import fill, settings_for, sign_in
from tests.architecture.addresses import World, build
from tests.architecture.test_access_matrix import expected, routes
from tests.journeys.deployed import wait_for
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TIEUBIEU = str(Path(sys.executable).parent / "tieubieu")
# Each page is attacked by the first of them who may open it.
VISITORS = {
    "guest": "a guest", "an": "a facility", "chi": "a judge", "hoa": "a council's chair", "giang": "a secretary",
    "quan": "an administrator",
}  # fmt: skip
# Not pages: files that take long to make, and what ends the visit.
LEFT_OUT = (".pdf", ".zip", ".xlsx", ".csv", ".png", ".svg", ".js", "/metrics", "/dang-xuat")


@dataclass(frozen=True)
class Visit:
    """Somebody's pages, and the cookie that opens them."""

    who: str
    cookie: str
    pages: tuple[str, ...]


def visits(folder: Path) -> list[Visit]:
    """Build the world in ``folder`` and say who visits what."""
    settings = settings_for(folder, f"sqlite:///{folder / 'tieubieu.db'}")
    fill(create_app(settings))
    make.NOW = now()  # the server's clock is the real one
    app = create_app(settings)
    with app.app_context():
        world = build(app, db.session())
        found = [Visit(words, _cookie(world, who), _pages(app, world, who)) for who, words in VISITORS.items()]
        db.session.remove()
        db.engine.dispose()
    return found


def _cookie(world: World, who: str) -> str:
    if who == "guest":
        return ""
    cookie = sign_in(world.app, world.cast.people[who]).get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"


def _pages(app: Flask, world: World, who: str) -> tuple[str, ...]:
    table = expected()
    own = [
        rule
        for key, rule in routes(app).items()
        if key[0] == "GET" and who == next((name for name in VISITORS if table[key][name] == "ok"), None)
    ]
    with app.test_request_context():
        addresses = app.url_map.bind("localhost")
        found = {addresses.build(rule.endpoint, world.values(rule, who), method="GET") for rule in own}
    return tuple(sorted(page for page in found if not page.endswith(LEFT_OUT)))


@contextmanager
def served(instance: Path) -> Iterator[tuple[str, Path]]:
    """The site's address and its log; in test mode, so that no rate limit protects it."""
    log, port = instance / "server.log", free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"TIEUBIEU_MODE": "test", "TIEUBIEU_INSTANCE": str(instance), "TIEUBIEU_BASE_URL": url}
    with log.open("wb") as sink:
        command = [TIEUBIEU, "serve", "--port", str(port), "--processes", "2"]
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=sink, stderr=sink)
    try:
        wait_for(f"{url}/readyz")
        yield url, log
    finally:
        server.terminate()
        server.wait(timeout=60)
