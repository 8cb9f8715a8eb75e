"""The product's own server on a database of its own, started, stopped and killed at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

from app.factory import create_app
from app.infra.database import db
from app.infra.settings import from_environment
from app.queries.invariants import violations
from tests.ports import free_port
from tests.postgresql import Cluster

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.executable).parent / "tieubieu")
START_SECONDS = 120


class Served:
    """An installation without a demo, in demo mode so that rate limits count as in production."""

    def __init__(self, folder: Path, database_url: str = "", *, processes: int = 1, threads: int = 8, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes, self.threads = processes, threads
        self.log = folder / "server.log"
        self.environment = {
            "TIEUBIEU_MODE": "demo",
            "TIEUBIEU_INSTANCE": str(folder),
            "TIEUBIEU_BASE_URL": self.url,
            **({"TIEUBIEU_DATABASE_URL": database_url} if database_url else {}),
            **{f"TIEUBIEU_{name}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> Flask:
        """Make database and reference data; returns the same application in this process."""
        for arguments in (["db", "upgrade"], ["reference", "load"]):
            self.command(*arguments)
        return create_app(from_environment({**self.environment, "TIEUBIEU_QUEUE_URL": "memory://"}))

    def command(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command of the product on this installation; raises where it fails."""
        return subprocess.run([PROGRAM, *arguments], cwd=ROOT, env=self._environ(), check=True, capture_output=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [PROGRAM, "serve", "--port", str(self.port), "--processes", str(self.processes), "--threads", str(self.threads)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environ(), stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    @property
    def process(self) -> int:
        """The number of the running server's first process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once: nobody can tidy up."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, number)
        self._process.wait(timeout=60)

    def _environ(self) -> Mapping[str, str]:
        return {**os.environ, **self.environment}

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with exit status {self._process.returncode}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not answer in time")


@contextmanager
def on_sqlite(folder: Path, **options: int) -> Iterator[tuple[Served, Flask]]:
    """A prepared installation on SQLite (``synchronous=FULL``); started by the caller."""
    with held(Served(folder, **options)) as place:  # type: ignore[arg-type]
        yield place


@contextmanager
def on_postgresql(folder: Path, cluster: Cluster, **options: int) -> Iterator[tuple[Served, Flask]]:
    """A prepared installation on a database of its own in the cluster; started by the caller."""
    with held(Served(folder, new_database(cluster), **options)) as place:  # type: ignore[arg-type]
        yield place


def new_database(cluster: Cluster) -> str:
    """The address of an empty database in the cluster."""
    name = f"soak_{os.getpid()}_{time.monotonic_ns()}"
    engine = create_engine(f"{cluster.url}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return f"{cluster.url}{name}"


@contextmanager
def held(served: Served) -> Iterator[tuple[Served, Flask]]:
    """The installation, prepared, with the same application in this process; stopped afterwards, its records sound.

    Raises:
        RuntimeError: a question of `app.queries.invariants` has an answer after what was done to the installation.
    """
    app = served.prepare()
    try:
        yield served, app
    finally:
        served.stop()
    with app.app_context():
        found = violations(db.session())
        db.session.remove()
    if found:
        raise RuntimeError(f"the records are not sound: {found}")
