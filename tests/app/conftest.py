"""The application under test: a real one, with a database of its own for each test.

SQLite by default: a template with the reference data is made once a worker and copied for each
test. TIEUBIEU_TEST_POSTGRESQL names a PostgreSQL server to use instead
(postgresql+psycopg://user@host/): its template database is cloned by the server.
"""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask import session as cookie_of_request
from flask.testing import FlaskClient
from flask_security import login_user
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.factory import create_app
from app.infra.database import db, metadata, unit_of_work
from app.infra.readiness import heads
from app.infra.reference_files import read_reference
from app.infra.security import password_digest
from app.infra.settings import Settings, from_environment
from app.models.account import User
from app.services import reference
from tests.app import make

SERVER = os.environ.get("TIEUBIEU_TEST_POSTGRESQL", "")
STATEMENTS = 2000  # compiled ones kept by a worker


def _compile_addresses_once() -> None:
    """Keep werkzeug's compiled addresses between the applications of the tests.

    Every test makes an application of its own; most of that (0.1 s of the processor) went into
    compiling the same 400 rules anew. They depend on nothing but the rule's text and defaults.
    """
    compile_anew = Rule.compile
    kept: dict[tuple[object, ...], Rule] = {}

    def compile_or_reuse(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, tuple(sorted((rule.defaults or {}).items())))
        like = kept.get(key)
        if like is None:
            compile_anew(rule)
            kept[key] = rule
            return
        rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
        rule.arguments |= like.arguments
        rule._build = like._build.__func__.__get__(rule)  # type: ignore[attr-defined]
        rule._build_unknown = like._build_unknown.__func__.__get__(rule)  # type: ignore[attr-defined]

    Rule.compile = compile_or_reuse  # type: ignore[method-assign]


_compile_addresses_once()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What never opens a database is the same on every server: it runs with SQLite's half alone."""
    if not SERVER:
        return
    asks = [bool({"database_url", "template"} & set(getattr(item, "fixturenames", ()))) for item in items]
    config.hook.pytest_deselected(items=[item for item, does in zip(items, asks, strict=True) if not does])
    items[:] = [item for item, does in zip(items, asks, strict=True) if does]


class Browser(FlaskClient):
    """A client whose requests run in a context of their own, as in production.

    What the test wrote is committed first, and what it holds is read anew afterwards.
    """

    def open(self, *args: Any, **options: Any) -> Any:
        db.session.commit()
        with self.application.app_context():
            answer = super().open(*args, **options)
        db.session.expire_all()
        return answer


def settings_for(instance: Path, database_url: str) -> Settings:
    """Test settings with their own instance folder and database."""
    return from_environment(
        {
            "TIEUBIEU_MODE": "test",
            "TIEUBIEU_INSTANCE": str(instance),
            "TIEUBIEU_DATABASE_URL": database_url,
            "TIEUBIEU_QUEUE_URL": "memory://",
            "TIEUBIEU_BASE_URL": "http://localhost",
        }
    )


def fill(app: Flask) -> None:
    """Make the tables and load the reference data."""
    with app.app_context():
        metadata.create_all(db.engine)
        _stamp(app)
        with unit_of_work() as session:
            reference.load(session, read_reference(), now=make.NOW)
        db.session.remove()
        db.engine.dispose()


def _stamp(app: Flask) -> None:
    """Write down that the tables are those of the newest migration, as `tieubieu db upgrade` does."""
    (head,) = heads(f"{app.root_path}/migrations")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the reference data; its address."""
    folder = tmp_path_factory.mktemp("template")
    url = _create_postgresql() if SERVER else f"sqlite:///{folder / 'template.db'}"
    fill(create_app(settings_for(folder, url)))
    # Every module is there now. A third of the tests' time went into looking for garbage among what they hold.
    gc.collect()
    gc.freeze()
    yield url
    if SERVER:
        _drop_postgresql(url)


@contextmanager
def fresh(template: str, folder: Path) -> Iterator[str]:
    """A copy of the template for as long as it is needed; its address."""
    if not SERVER:
        target = folder / "tieubieu.db"
        shutil.copyfile(make_url(template).database or "", target)
        yield f"sqlite:///{target}"
        return
    url = _create_postgresql(template=make_url(template).database)
    yield url
    _drop_postgresql(url)


@pytest.fixture
def database_url(template: str, tmp_path: Path) -> Iterator[str]:
    """A fresh copy of the template."""
    with fresh(template, tmp_path) as url:
        yield url


@cache
def _met(template: str) -> Engine:
    """An engine that has met the tests' server once: its dialect knows the version."""
    engine = create_engine(template, query_cache_size=STATEMENTS)
    engine.connect().close()
    engine.dispose()
    return engine


def _keep_compiled_statements(engine: Engine, template: str) -> None:
    """Keep compiled SQL between the engines of the tests: half of a test's time went into compiling the same statements anew.

    It is kept by dialect, so the engines of a worker, which all meet the same server, share that too.
    """
    met = _met(template)
    engine.dialect, engine._compiled_cache = met.dialect, met._compiled_cache


def _keep_compiled_templates(application: Flask, folder: Path) -> None:
    """Keep compiled page templates between the applications of the tests: a fifth of a page test went into compiling them anew."""
    folder.mkdir(exist_ok=True)
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(database_url: str, template: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application; jobs run at once, when their transaction has been committed."""
    application = create_app(settings_for(tmp_path / "instance", database_url))
    _keep_compiled_templates(application, tmp_path_factory.getbasetemp() / "templates")
    application.config["WTF_CSRF_ENABLED"] = False
    application.test_client_class = Browser
    with application.app_context():
        _keep_compiled_statements(db.engine, template)
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the running application context."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


def sign_in(app: Flask, person: User) -> FlaskClient:
    """A browser in which the person is signed in (through the session, as after a log-in)."""
    db.session.commit()
    with app.test_request_context():
        login_user(person, authn_via=["password"])
        kept = dict(cookie_of_request)
    db.session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update(kept)
    return browser


def set_password(person: User, text_: str = make.PASSWORD) -> None:
    """Give the account the test password."""
    person.password = password_digest(text_)


def _create_postgresql(template: str | None = None) -> str:
    name = f"tb_{uuid.uuid4().hex[:16]}"
    clause = f' TEMPLATE "{template}"' if template else ""
    _admin(f'CREATE DATABASE "{name}"{clause}')
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def _drop_postgresql(url: str) -> None:
    _admin(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


def _admin(statement: str) -> None:
    engine = create_engine(make_url(SERVER).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
