"""The database: engine set-up for SQLite and PostgreSQL, and the transaction of an entry point."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from flask import Flask, current_app, g
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.models.registry import metadata

BUSY_TIMEOUT_MS = 15_000
CONNECT_SECONDS = 5
# A server that was ended takes longer than this to come back, so that whoever comes next asks first.
REST_SECONDS = 1.0
# Our statements take milliseconds; compiling one that looks dear takes PostgreSQL up to a second.
ON_POSTGRESQL = "SET jit = off"

# Our models stand on a plain declarative base (it type-checks); Flask-SQLAlchemy gives engine and session.
db = SQLAlchemy(metadata=metadata, session_options={"expire_on_commit": False})
migrate = Migrate()

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def init_database(app: Flask, url: str) -> None:
    """Attach the database at ``url`` to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True)
    app.teardown_request(_forget_writing)
    app.teardown_appcontext(_let_go)  # runs before the library's, which was there first
    with app.app_context():
        prepare_engine(db.engine)


def _let_go(_error: BaseException | None) -> None:
    """Give the session's connection back; where it broke after the answer was made, the answer still goes out."""
    try:
        db.session.remove()
    except DBAPIError:
        # Its rollback could not be said; the server that went away has forgotten the transaction anyway.
        db.session().invalidate()
        db.session.remove()


def engine_options(url: str) -> dict[str, Any]:
    """Pool options for the kind of database behind ``url``."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}, "hide_parameters": True}
    # A fault must not carry people's data into the log; a server that is gone is told of within seconds.
    # The pool gives the last used connection first: the others rest, and few stay warm.
    return {
        "pool_use_lifo": True,
        "pool_size": 10,
        "max_overflow": 20,
        "hide_parameters": True,
        "connect_args": {"connect_timeout": CONNECT_SECONDS},
    }


def prepare_engine(engine: Engine) -> None:
    """SQLite: pragmas and explicit transactions. PostgreSQL: no compiler, and a look at connections that have rested."""
    if engine.dialect.name != "sqlite":
        if not event.contains(engine, "connect", _on_postgresql_connect):
            event.listen(engine, "connect", _on_postgresql_connect)
            event.listen(engine, "checkin", _on_checkin)
            event.listen(engine, "checkout", partial(_on_checkout, engine))
        return
    if event.contains(engine, "connect", _on_sqlite_connect):
        return
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)


def _on_postgresql_connect(connection: Any, _record: object) -> None:
    connection.execute(ON_POSTGRESQL)
    connection.commit()


def _on_checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _on_checkout(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection that has rested whether it is alive; if not, it and all older ones are replaced.

    The engine's own ``pool_pre_ping`` asks every time: in a hall that saves, twice for every save.
    """
    rests_since = record.info.get("rests_since")
    if rests_since is None or time.monotonic() - rests_since < REST_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once when another writer was
    # there first; a writer that says so at the start waits its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def write_from_the_start() -> None:
    """Begin every transaction of this request as a writer: for views that commit by themselves."""
    g.writing = _writing.set(True)


def _forget_writing(_error: BaseException | None) -> None:
    token = g.pop("writing", None)
    if token is not None:
        _writing.reset(token)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any error, then rings the queue.

    Whatever was read before in this context is forgotten, so that rows are read again under
    the write lock.
    """
    session = db.session()
    session.rollback()
    session.info.clear()
    token = _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.clear()
        raise
    finally:
        _writing.reset(token)
    _ring(session)


def commit_and_ring() -> None:
    """Keep what a view of a library wrote by itself, then ring the queue."""
    session = db.session()
    session.commit()
    _ring(session)
    session.info.clear()


def _ring(session: Session) -> None:
    doorbell: Callable[[int], None] | None = current_app.extensions.get("doorbell")
    for job_id in session.info.pop("jobs", []):
        if doorbell is not None:
            doorbell(job_id)


__all__ = ["commit_and_ring", "db", "init_database", "metadata", "migrate", "unit_of_work"]
