"""How long the secretariat waits for its three busiest pages of a round with 2,000 entries, on both databases.

Server time of a whole request through the application, network and browser left out: sign-in, rights,
statements, template. The goal is the project's: a median under 100 ms each.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.domain.vocabulary import PanelRole, Phase
from app.factory import create_app
from app.infra.database import db, metadata, unit_of_work
from app.infra.reference_files import read_reference
from app.services import reference
from tests.app import make
from tests.app.conftest import settings_for, sign_in
from tests.postgresql import cluster, find_binaries

Row = dict[str, Any]
TARGET_MS = 100.0
PAGES = {
    "screening board": "/to-giup-viec/dot/{}/ho-so",
    "entry list, searched, sorted, last page": "/to-giup-viec/dot/{}/ho-so?q=san&sort=-facility&page=99",
    "round dashboard": "/to-giup-viec/dot/{}",
}


def run(quick: bool) -> Iterator[Row]:
    """Rows ``{name, value, unit, gate, target, ok}``; ``quick`` takes 200 entries and fewer requests."""
    entries, times = (200, 9) if quick else (2_000, 41)
    with tempfile.TemporaryDirectory(prefix="tieubieu-pages-") as folder:
        yield from _measured("SQLite", _app(Path(folder) / "a", f"sqlite:///{folder}/pages.db"), entries, times)
        if find_binaries() is None:
            return
        with cluster() as server:
            engine = create_engine(f"{server.url}postgres", isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE pages"))
            engine.dispose()
            yield from _measured("PostgreSQL", _app(Path(folder) / "b", f"{server.url}pages"), entries, times)


def _app(instance: Path, database_url: str) -> Flask:
    application = create_app(settings_for(instance, database_url))
    application.config["WTF_CSRF_ENABLED"] = False
    return application


def _measured(where: str, application: Flask, entries: int, times: int) -> Iterator[Row]:
    with application.app_context():
        metadata.create_all(db.engine)
        with unit_of_work() as session:
            reference.load(session, read_reference(), now=make.NOW)
        round_id, browser = _filled(application, db.session(), entries)
        for name, address in PAGES.items():
            found = _median_ms(browser, address.format(round_id), times)
            yield {
                "name": f"{name}, {entries:,} entries, {where}: median",
                "value": found,
                "unit": "ms",
                "gate": TARGET_MS,
                "target": TARGET_MS,
                "ok": found < TARGET_MS,
            }
        db.session.remove()
        db.engine.dispose()


def _filled(application: Flask, session: Session, entries: int) -> tuple[int, FlaskClient]:
    """A round in judging, each entry with one signed sheet and one that is due; its secretary's browser."""
    round_ = make.round_(session, phase=Phase.JUDGING)
    places = [make.facility(session, name=f"Cơ sở Mẫu {number}") for number in range(60)]
    seats = [make.judge(session, round_, make.user(session, name), role=role) for name, role in _JURY]
    for number in range(entries):
        row = make.entry(
            session, round_, places[number % 60], name=f"Sản phẩm {number}", group=make.GROUPS[number % 4], photos=0
        )
        done, _due = (make.assignment(session, seat, row) for seat in seats)
        make.signed_sheet(session, done, "35", "33.5", "8", "7")
    giang = make.user(session, "Giang")
    make.secretary(session, giang, round_)
    round_id = round_.id
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
    session.commit()
    return round_id, sign_in(application, giang)


_JURY = (("Chi", PanelRole.CHAIR), ("Dũng", PanelRole.MEMBER))


def _median_ms(browser: FlaskClient, address: str, times: int) -> float:
    """The middle of some requests, two before them left out: caches are warm in production too."""
    found = []
    for number in range(times + 2):
        db.session.remove()
        with browser.application.app_context():
            before = time.perf_counter()
            answer = browser.get(address)
            took = time.perf_counter() - before
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        if number > 1:
            found.append(took * 1000)
    return statistics.median(found)
