"""A copy of the demo, served by a process of its own on a free port."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.ports import free_port


def copy_of_demo(folder: Path) -> Path:
    """A copy of the instance that ``./run`` prepared (TIEUBIEU_INSTANCE): looking must not change it.

    Raises:
        FileNotFoundError: no demo was prepared.
    """
    source = Path(os.environ.get("TIEUBIEU_INSTANCE", "instance"))
    if not (source / "tieubieu.db").exists():
        raise FileNotFoundError(f"{source} holds no demo; ./run setup makes it")
    target = folder / "instance"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.db", "*.db-*"))
    for name in source.glob("*.db"):  # through SQLite: somebody may be writing
        with closing(sqlite3.connect(name)) as old, closing(sqlite3.connect(target / name.name)) as new:
            old.backup(new)
    program = str(Path(sys.executable).with_name("tieubieu"))
    environment = {**os.environ, "TIEUBIEU_MODE": "demo", "TIEUBIEU_INSTANCE": str(target)}
    # The demo may be older than the code that is looked at.
    subprocess.run([program, "db", "upgrade"], env=environment, check=True, capture_output=True)
    return target


@contextmanager
def served(instance: Path) -> Iterator[str]:
    """The address of the demo over ``instance``, served by gunicorn until the block ends."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "TIEUBIEU_MODE": "demo",
        "TIEUBIEU_INSTANCE": str(instance),
        "TIEUBIEU_BASE_URL": site,
    }
    command = [str(Path(sys.executable).with_name("tieubieu")), "serve", "--port", str(port), "--threads", "4"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"{site}/healthz")
        yield site
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait(address: str, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
