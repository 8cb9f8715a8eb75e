"""Connections to PostgreSQL that break: those that rested are asked first, and none undoes an answer that was made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import OperationalError

from app.infra import database
from tests.app.conftest import SERVER

pytestmark = pytest.mark.skipif(not SERVER, reason="SQLite's file does not go away")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """As the product makes it."""
    made = create_engine(database_url, **database.engine_options(database_url))
    database.prepare_engine(made)
    yield made
    made.dispose()


def end_both(engine: Engine) -> None:
    """Two connections come back to the pool; then the server ends both, as when it is started anew."""
    with engine.connect() as first, engine.connect() as second:
        numbers = [connection.scalar(select(func.pg_backend_pid())) for connection in (first, second)]
    other = create_engine(engine.url)
    with other.connect() as connection:
        for number in numbers:
            connection.execute(select(func.pg_terminate_backend(number, 5000)))
    other.dispose()


def test_all_that_died_while_they_rested_are_replaced_unseen(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "REST_SECONDS", 0.0)
    end_both(engine)
    with engine.connect() as first, engine.connect() as second:
        assert [connection.scalar(select(1)) for connection in (first, second)] == [1, 1]


def test_one_that_has_just_been_used_is_not_asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "REST_SECONDS", 3600.0)
    end_both(engine)
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.scalar(select(1))
    with engine.connect() as connection:  # the first that fails takes the others out of the pool
        assert connection.scalar(select(1)) == 1


def test_one_that_breaks_after_the_answer_was_made_does_not_undo_the_answer(database_url: str) -> None:
    app = Flask(__name__)
    database.init_database(app, database_url)

    @app.get("/")
    def read_and_lose() -> str:
        number = database.db.session.scalar(select(func.pg_backend_pid()))
        other = create_engine(database_url)
        with other.connect() as connection:
            connection.execute(select(func.pg_terminate_backend(number, 5000)))
        other.dispose()
        return "made"

    assert [app.test_client().get("/").text for _ in range(2)] == ["made", "made"]
    with app.app_context():
        assert database.db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        database.db.engine.dispose()
