"""Pages of a nation-year on PostgreSQL: server time, processor time and the number of SQL statements.

The requests run inside this process, through the whole application, so that what is measured is server time. Each page
that belongs to a round is asked for in a round of 2,000 entries and in one of 5: the number of statements must be the
same. Goal: p95 under 150 ms. The gate is the processor time of this process and of PostgreSQL together, a request, which
a busy machine changes less. ``--years=10`` fills ten years (some ten seconds of two processors and 0.3 GB each).
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

from app.domain.vocabulary import LevelCode
from app.factory import create_app
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.infra.reference_files import read_reference
from app.models.account import User
from app.models.council import Recognition
from app.services import designs, reference, results
from tests.app import make
from tests.app.conftest import Browser, settings_for, sign_in
from tests.bench.nation import Nation, bare_tables, make_year
from tests.postgresql import HASTY, Cluster, cluster, find_binaries

Row = dict[str, Any]
P95_MS = 150.0
FIRST_YEAR = 2026
MIGRATIONS = str(Path(__file__).parents[2] / "app/migrations")
# A page may say one thing more of a large round (a page of entries has photos, none has none).
SLACK = 1


def run(quick: bool) -> Iterator[Row]:
    """Rows ``{name, value, unit, gate, target, ok}``; ``quick`` asks each page fewer times."""
    if find_binaries() is None:
        return
    years = next((int(word.partition("=")[2]) for word in sys.argv if word.startswith("--years=")), 1)
    with cluster(HASTY) as server, tempfile.TemporaryDirectory(prefix="tieubieu-nation-") as folder:
        engine = create_engine(f"{server.url}postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE nation"))
        engine.dispose()
        app = create_app(settings_for(Path(folder), f"{server.url}nation"))
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = Browser
        with app.app_context():
            began = time.monotonic()
            people = _prepare()
            nations = []
            with bare_tables(db.session()):
                for back in range(years):
                    filled = time.monotonic()
                    nations.append(make_year(db.session(), FIRST_YEAR - back, over=back > 0))
                    yield _row(f"seconds to copy {FIRST_YEAR - back} in", time.monotonic() - filled, "s")
            yield _row("entries", sum(n.entries for n in nations), "")
            yield _row("signed sheets", sum(n.sheets for n in nations), "")
            yield _row("certificates", sum(len(n.codes) for n in nations), "")
            yield _row("years", years, "")
            yield _row("seconds for all of it, indexes and constraints included", time.monotonic() - began, "s")
            yield _row("size of the database", (db.session().scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6, "MB")
            yield from _computed(nations[0], people)
            clients = {name: sign_in(app, person) for name, person in people.items()}
            clients["guest"] = app.test_client()
            for name, who, address in _pages(nations[0], db.session()):
                yield from _measured(name, clients[who], address, 20 if quick else 60, server)
            db.session.remove()
            db.engine.dispose()


def _prepare() -> dict[str, User]:
    upgrade(MIGRATIONS)
    with unit_of_work() as session:
        reference.load(session, read_reference(), now=make.NOW)
        designs.chosen(session, pressroom(), None, LevelCode.PROVINCE, now=make.NOW)
        secretary, administrator = make.user(session, "Giang"), make.user(session, "Quản trị")
        make.secretary(session, secretary)
        make.administrator(session, administrator)
    return {"secretary": secretary, "administrator": administrator}


def _computed(nation: Nation, people: dict[str, User]) -> Iterator[Row]:
    began = time.monotonic()
    with unit_of_work() as session:
        for round_id in (nation.small, nation.large):
            results.compute(session, make.acting(session, people["secretary"]), round_id=round_id, now=make.NOW)
    yield _row("computing the round of 2,000 entries x 9 judges, and the small one", (time.monotonic() - began) * 1000, "ms")


Address = Callable[[bool], str]


def _pages(nation: Nation, session: Session) -> list[tuple[str, str, Address]]:
    """Name, who asks, and the address in the large (True) or the small round."""
    dice = random.Random(1)

    def of_round(path: str) -> Address:
        return lambda large: path.format(nation.large if large else nation.small)

    shown = list(
        session.scalars(
            select(Recognition.entry_id).where(Recognition.round_id == nation.published_round).limit(200)
        )
    )
    return [
        ("round dashboard", "secretary", of_round("/to-giup-viec/dot/{}")),
        ("screening board", "secretary", of_round("/to-giup-viec/dot/{}/ho-so")),
        ("its last page", "secretary", of_round("/to-giup-viec/dot/{}/ho-so?page=40")),
        ("search in the board", "secretary", of_round("/to-giup-viec/dot/{}/ho-so?q=gom")),
        ("ranking", "secretary", of_round("/to-giup-viec/dot/{}/ket-qua/xep-hang")),
        ("judging progress", "secretary", of_round("/to-giup-viec/dot/{}/tien-do")),
        ("list of rounds", "secretary", lambda _: "/to-giup-viec/"),
        ("desk", "secretary", lambda _: "/ban-lam-viec"),
        ("search everywhere", "secretary", lambda _: "/tim?q=gom+mau"),
        ("verification page", "guest", lambda _: f"/gcn/{dice.choice(nation.codes)}"),
        ("verification for machines", "guest", lambda _: f"/gcn/{dice.choice(nation.codes)}.json"),
        ("public home", "guest", lambda _: "/"),
        ("public gallery", "guest", lambda _: "/san-pham"),
        ("gallery, searched", "guest", lambda _: "/san-pham?q=gom"),
        ("public product page", "guest", lambda _: f"/san-pham/{dice.choice(shown)}"),
        ("public list of rounds", "guest", lambda _: "/dot-binh-chon"),
        ("people", "administrator", lambda _: "/quan-tri/nguoi-dung"),
    ]


def _measured(name: str, client: FlaskClient, address: Address, times: int, server: Cluster) -> Iterator[Row]:
    for large in (True, False, True):  # prepared statements and caches are warm in production too
        answer = client.get(address(large))
        if answer.status_code != 200:
            yield {**_row(f"{name}: {address(large)} answers {answer.status_code}", 0, ""), "ok": False}
            return
    counts = {large: _statements(lambda large=large: client.get(address(large))) for large in (True, False)}  # type: ignore[misc]
    before = _processor_ms(server)
    spent = sorted(_seconds(client, address) * 1000 for _ in range(times))
    work = (_processor_ms(server) - before) / times
    p95 = spent[int((times - 1) * 0.95)]
    yield {**_row(f"{name}: processor time, PostgreSQL's included", work, "ms"), "gate": P95_MS, "target": P95_MS, "ok": work < P95_MS}
    yield {**_row(f"{name}: server time, median", spent[times // 2], "ms")}
    yield {**_row(f"{name}: server time, p95", p95, "ms"), "target": P95_MS}
    yield {**_row(f"{name}: statements, large round (small: {counts[False]})", counts[True], ""), "ok": counts[True] <= counts[False] + SLACK}


def _processor_ms(server: Cluster) -> float:
    """Milliseconds that this process and the database server have worked so far."""
    own = os.times()
    return (own.user + own.system + server.processor_seconds()) * 1000


def _seconds(client: FlaskClient, address: Address) -> float:
    where = address(True)
    began = time.perf_counter()
    client.get(where)
    return time.perf_counter() - began


def _statements(ask: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _row(name: str, value: float, unit: str) -> Row:
    return {"name": name, "value": round(value, 1), "unit": unit, "gate": None, "target": None, "ok": None}
