"""Whose turn it is to have a design laid out: one question a person, two children a machine.

A preview takes a process of up to 1 GB. Whoever asks again gives up the question before; both are
told by files in the cache, so that it holds for every web process of the machine.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.domain.errors import Refused
from app.infra.toolbox import toolbox

CHILDREN = 2
PATIENCE_SECONDS = 15.0
PAUSE_SECONDS = 0.05


@contextmanager
def turn(person: int, folder: Path | None = None) -> Iterator[Callable[[], bool]]:
    """Wait for a free place, at most ``PATIENCE_SECONDS``; yields a function that is True while the turn lasts.

    Raises:
        Refused: ``preview_superseded``, the same person asked again; ``preview_busy``, no place came free.
    """
    folder = folder or toolbox().cache / "design-turns"
    folder.mkdir(parents=True, exist_ok=True)
    ticket, mine = folder / f"person-{person}", uuid.uuid4().hex
    ticket.write_text(mine)

    def lasts() -> bool:
        return _read(ticket) == mine

    with _place(folder, lasts):
        yield lasts


def _read(ticket: Path) -> str:
    with suppress(OSError):
        return ticket.read_text()
    return ""


@contextmanager
def _place(folder: Path, lasts: Callable[[], bool]) -> Iterator[None]:
    until = time.monotonic() + PATIENCE_SECONDS
    files = [(folder / f"place-{number}").open("a") for number in range(CHILDREN)]
    try:
        while not any(_locked(file.fileno()) for file in files):
            if not lasts():
                raise Refused("preview_superseded")
            if time.monotonic() > until:
                raise Refused("preview_busy")
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        for file in files:
            file.close()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
