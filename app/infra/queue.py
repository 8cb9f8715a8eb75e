"""The queue: a doorbell that wakes a worker. What is to be done stands in job rows."""

from __future__ import annotations

from typing import Any

from flask import Flask
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from sqlalchemy.engine import make_url

NAME = "tieubieu"


def make_queue(url: str) -> Huey:
    """The queue behind ``url``: sqlite:///file, redis://..., postgresql://..., or memory://.

    A memory queue runs what is rung at once, in the caller: for tests and one-off commands.
    """
    scheme = url.split(":", 1)[0]
    if scheme == "memory":
        return MemoryHuey(NAME, immediate=True)
    if scheme == "sqlite":
        return SqliteHuey(NAME, filename=url.removeprefix("sqlite:///"), fsync=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey(NAME, url=url)
    if scheme.startswith("postgresql"):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, dsn=dsn)
    raise ValueError(f"TIEUBIEU_QUEUE_URL: no queue of kind {scheme!r}")


def init_queue(app: Flask, url: str) -> Huey:
    """Attach the queue; ``app.jobs`` registers the bell on it."""
    queue: Any = make_queue(url)
    app.extensions["queue"] = queue
    return queue
