"""Can this process do its work? Database, migrations, storage and queue, each asked for real."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from app.infra.database import db
from app.infra.toolbox import Toolbox, toolbox

OK, UNREACHABLE, BEHIND = "ok", "unreachable", "migrations are not at head"
# Jobs stand in the database: without the queue's bell they begin a minute later, and nothing is lost.
DISPENSABLE = frozenset({"queue"})
PATIENCE_SECONDS = 3.0


class _OnceAtATime:
    """A question in a thread of its own, which nobody waits for longer than ``PATIENCE_SECONDS`` since it was asked.

    An object store that neither answers nor refuses would otherwise hold one thread more at each look of the proxy.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: Future[object] | None = None
        self._since = 0.0

    def answers(self, question: Callable[[], object]) -> bool:
        """True when it was answered in time; raises what the question raised."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked, self._since = Future(), time.monotonic()
                Thread(target=_answer, args=(self._asked, question), daemon=True).start()
            asked, left = self._asked, self._since + PATIENCE_SECONDS - time.monotonic()
        try:
            asked.result(timeout=max(0.0, left))
        except TimeoutError:
            return False
        return True


def _answer(asked: Future[object], question: Callable[[], object]) -> None:
    try:
        asked.set_result(question())
    except Exception as error:
        asked.set_exception(error)


_store = _OnceAtATime()


def parts() -> dict[str, str]:
    """What each part answers; statements and paths of a fault stay inside."""
    found = {"database": _asked(_database)}
    found["migrations"] = _asked(_migrations) if found["database"] == OK else UNREACHABLE
    return {**found, "storage": _asked(_storage), "queue": _asked(_queue)}


def is_ready(found: dict[str, str]) -> bool:
    """True where requests can be served."""
    return all(state == OK for part, state in found.items() if part not in DISPENSABLE)


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except Exception:  # whatever a driver raises, the part does not answer
        db.session.rollback()
        return UNREACHABLE


def _database() -> str:
    db.session.execute(text("SELECT 1"))
    return OK


def _migrations() -> str:
    present = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()
    return OK if set(present) == heads(f"{current_app.root_path}/migrations") else BEHIND


@cache
def heads(folder: str) -> frozenset[str]:
    """The newest migrations of this release."""
    settings = Config()
    settings.set_main_option("script_location", folder)
    return frozenset(ScriptDirectory.from_config(settings).get_heads())


def _storage() -> str:
    tools: Toolbox = toolbox()
    storage = tools.storage  # opening makes the folder of a new installation
    address = urlsplit(tools.settings.storage_url)
    if address.scheme == "file":
        folder = Path(address.path)
        return OK if folder.is_dir() and os.access(folder, os.W_OK) else UNREACHABLE
    return OK if _store.answers(lambda: storage.exists("0" * 64)) else UNREACHABLE


def _queue() -> str:
    queue: Any = current_app.extensions["queue"]
    queue.pending_count()
    return OK
