"""The queue: a doorbell that wakes a worker. What is to be done stands in job rows."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from huey import MemoryHuey, PostgresHuey, RedisHuey
from huey.api import Huey
from huey.storage import SqliteStorage
from sqlalchemy.engine import make_url

NAME = "tieubieu"
OPENINGS = 5


def make_queue(url: str) -> Huey:
    """The queue behind ``url``: sqlite:///file, redis://..., postgresql://..., or memory://.

    A memory queue runs what is rung at once, in the caller: for tests and one-off commands.
    """
    scheme = url.split(":", 1)[0]
    if scheme == "memory":
        return MemoryHuey(NAME, immediate=True)
    if scheme == "sqlite":
        return _in_file(url.removeprefix("sqlite:///"))
    if scheme in ("redis", "rediss"):
        return RedisHuey(NAME, url=url)
    if scheme.startswith("postgresql"):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, dsn=dsn)
    raise ValueError(f"TIEUBIEU_QUEUE_URL: no queue of kind {scheme!r}")


class _File(SqliteStorage):  # type: ignore[misc]
    """A queue in a file that is made anew once it was taken away: it only rings, what is to be done stands elsewhere."""

    _conn: sqlite3.Connection | None
    _inode: int | None = None

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection to the file that lies there now; the library asks under its lock before each use."""
        if self._conn is not None and self._inode != _inode_of(self.filename):
            self._conn.close()
            self._conn = None
        if self._conn is None:
            self._conn = self._create_connection()
        return self._conn

    def _create_connection(self) -> sqlite3.Connection:
        """Open the file with its tables: the library makes them only when a process starts."""
        made: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl:
            made.execute(statement)
        self._inode = _inode_of(self.filename)
        return made


def _inode_of(path: str) -> int | None:
    try:
        return Path(path).stat().st_ino
    except FileNotFoundError:
        return None


def _in_file(path: str) -> Huey:
    """A queue in a file; taken away just while it is opened, it is opened again."""
    for _ in range(OPENINGS - 1):
        with suppress(sqlite3.OperationalError):
            return Huey(NAME, storage_class=_File, filename=path, fsync=False)
        time.sleep(0.1)
    return Huey(NAME, storage_class=_File, filename=path, fsync=False)


def init_queue(app: Flask, url: str) -> Huey:
    """Attach the queue; ``app.jobs`` registers the bell on it."""
    queue: Any = make_queue(url)
    app.extensions["queue"] = queue
    return queue
