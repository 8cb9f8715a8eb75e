"""The queue: a doorbell that wakes a worker. What is to be done stands in job rows."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
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


def _in_file(path: str) -> Huey:
    """A queue in a file; one that is taken away while it is opened is made anew: it only rings, jobs stand elsewhere."""
    for _ in range(OPENINGS - 1):
        with suppress(sqlite3.OperationalError):
            return SqliteHuey(NAME, filename=path, fsync=False)
        time.sleep(0.1)
    return SqliteHuey(NAME, filename=path, fsync=False)


def init_queue(app: Flask, url: str) -> Huey:
    """Attach the queue; ``app.jobs`` registers the bell on it."""
    queue: Any = make_queue(url)
    app.extensions["queue"] = queue
    return queue
