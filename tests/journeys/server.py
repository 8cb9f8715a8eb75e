"""A real server with a worker, a database and files of its own, for journeys through the browser."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.factory import create_app
from app.infra.settings import from_environment
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """Where it answers, and the same application in this process, on the same database."""

    url: str
    app: Flask


@contextmanager
def running(folder: Path, *, worker: bool = True, **settings: str) -> Iterator[Server]:
    """Serve a fresh installation with its reference data until the block ends."""
    port = free_port()
    environment = {
        "TIEUBIEU_MODE": "test",
        "TIEUBIEU_INSTANCE": str(folder),
        "TIEUBIEU_BASE_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    _tieubieu(["setup"], environment)
    command = [str(Path(sys.executable).parent / "tieubieu"), "serve", "--port", str(port)]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        [*command, *(["--with-worker"] if worker else [])],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=log,
        stderr=log,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield Server(url, create_app(from_environment({**environment, "TIEUBIEU_QUEUE_URL": "memory://"})))
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)
        log.close()


def _tieubieu(arguments: list[str], environment: dict[str, str]) -> None:
    program = str(Path(sys.executable).parent / "tieubieu")
    subprocess.run([program, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=True)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer in time")
