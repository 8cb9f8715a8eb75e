"""A copy of the whole database while it is in use, and the way back: SQLite's own backup, PostgreSQL's pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models.record import AuditChain
from app.models.registry import metadata
from app.queries.stored_files import referenced

SQLITE, POSTGRESQL = "tieubieu.sqlite3", "tieubieu.pgdump"
DEBIAN = Path("/usr/lib/postgresql")


class CopyError(Exception):
    """A copy cannot be made, read or put back; the sentence says why."""


class Facts:
    """What a copy must hold: rows by table, the heads of the audit chains, the digests of the files it needs."""

    def __init__(self, session: Session) -> None:
        self.revision = _revision(session)
        self.rows = {
            table.name: int(session.scalar(select(func.count()).select_from(table)) or 0) for table in metadata.sorted_tables
        }
        self.chains = {row.chain: row.digest for row in session.scalars(select(AuditChain).order_by(AuditChain.chain))}
        self.files = referenced(session)


def copy(url: str, folder: Path) -> tuple[Path, Facts]:
    """Write the database at ``url`` into ``folder`` as it is at one moment; writers go on meanwhile.

    Raises:
        CopyError: pg_dump is not there, or does not succeed.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _copy_sqlite(make_url(url), folder / SQLITE)
    return _dump(url, folder / POSTGRESQL)


def facts_of(url: str) -> Facts:
    """Read the facts from the database at ``url``."""
    with _engine(url) as engine, Session(engine) as session:
        return Facts(session)


def check(path: Path) -> Facts | None:
    """Open a copy and read it; None for a dump, whose list of contents alone can be read without a server.

    Raises:
        CopyError: it does not open.
    """
    if path.name == POSTGRESQL:
        _run([_program("pg_restore"), "--list", str(path)], {})
        return None
    with closing(_read_only(path)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise CopyError(f"{path.name} is not a database: {error}") from error
    if said != "ok":
        raise CopyError(f"{path.name}: {said}")
    return facts_of(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")


def is_empty(url: str) -> bool:
    """True where nothing has been put: no database file, or no table in it."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and not Path(parts.database or "").exists():
        return True
    with _engine(url) as engine:
        return not inspect(engine).get_table_names()


def put_back(path: Path, url: str) -> None:
    """Fill the empty database at ``url`` from a copy.

    Raises:
        CopyError: the copy is of the other kind of database, or does not go in.
    """
    parts = make_url(url)
    if (parts.get_backend_name() == "sqlite") != (path.name == SQLITE):
        raise CopyError(f"{path.name} does not go into a database of kind {parts.get_backend_name()}")
    if path.name == SQLITE:
        Path(parts.database or "").parent.mkdir(parents=True, exist_ok=True)
        with closing(_read_only(path)) as source, closing(sqlite3.connect(parts.database or "")) as target:
            source.backup(target)
        return
    address, secret = _libpq(parts)
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={address}"]
    _run([_program("pg_restore"), *options, str(path)], secret)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def _copy_sqlite(parts: URL, target: Path) -> tuple[Path, Facts]:
    # All pages in one step: one read transaction, beside which a writer goes on (write-ahead log).
    with closing(sqlite3.connect(parts.database or "")) as source, closing(sqlite3.connect(target)) as copied:
        source.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
    return target, facts_of(f"sqlite:///file:{target}?mode=ro&immutable=1&uri=true")


def _dump(url: str, target: Path) -> tuple[Path, Facts]:
    """The dump sees the moment that the counts see: both read the same exported snapshot."""
    address, secret = _libpq(make_url(url))
    with _engine(url) as engine, Session(engine.execution_options(isolation_level="REPEATABLE READ")) as session:
        snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}", f"--dbname={address}"]
        _run([_program("pg_dump"), *options], secret)
        return target, Facts(session)


def _libpq(parts: URL) -> tuple[str, dict[str, str]]:
    """The address as libpq reads it, and the password where the list of processes does not show it."""
    address = parts.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return address.replace("postgresql://@", "postgresql://"), {"PGPASSWORD": str(parts.password)} if parts.password else {}


def _program(name: str) -> str:
    """The newest of PostgreSQL's programs: an older one refuses a newer server."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parents[1].name.partition(".")[0]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise CopyError(f"{name} is not installed (Debian: apt-get install postgresql-client)")
    return program


def _run(command: list[str], secret: Mapping[str, str]) -> None:
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True)
    if done.returncode:
        raise CopyError(f"{Path(command[0]).name} ended with status {done.returncode}: {done.stderr.strip()[-500:]}")


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _revision(session: Session) -> str:
    try:
        with session.begin_nested():
            return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")
    except SQLAlchemyError:
        return ""
