"""Runs the checks and all tests: style, types, layers, then pytest on SQLite and on PostgreSQL, and the scanner beside them.

``python -m tests.run`` runs everything; with arguments it hands them to pytest;
``--only-checks`` stops before the tests. Exit status 0 only if every step passed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgresql import cluster, find_binaries

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]
CHECKS: Sequence[tuple[str, Sequence[str]]] = (
    ("style", [str(BIN / "ruff"), "check", "."]),
    ("layers", [str(BIN / "lint-imports")]),
    ("types", [str(BIN / "mypy")]),
)
# What talks to the database runs a second time on PostgreSQL.
ON_POSTGRESQL = ("tests/app",)
# Builds the demo for a minute or two on one processor (two workers would build it twice): it runs beside others.
DEMO = "tests/journeys/test_demo.py"
PYTEST = (sys.executable, "-m", "pytest")
# Exit status of ``./run scan`` where the registry does not hand out the scanner: it says so, and is no fault of ours.
NOT_TO_BE_HAD = 69
IN_PARALLEL = ("-n", "2", "-m", "not serial", "--durations=15")

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # 4 GiB are twice what a whole run needs


@contextmanager
def folder_in_memory() -> Iterator[None]:
    """Temporary files in memory where there is room for them.

    Tests ask what is right: a save that waits for the disk, or a database cloned on it, only makes them wait.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tieubieu-", dir=MEMORY) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        yield


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; returns the exit status."""
    with folder_in_memory():
        return _main(arguments)


def _main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] != "--only-checks":
        return _run("tests", [*PYTEST, *arguments])
    status = 0
    for name, command in CHECKS:
        status |= _run(name, command)
    if "--only-checks" in arguments:
        return status
    on_sqlite = [*PYTEST, "tests", f"--ignore={DEMO}"]
    status |= _run("tests on SQLite", [*on_sqlite, *IN_PARALLEL])
    with ExitStack() as until_the_end:
        with _beside("scan", ["nice", "-n", "10", str(ROOT / "run"), "scan", "--short"]) as scan:
            status |= _run("tests on SQLite, one at a time", [*on_sqlite, "-m", "serial"])
            demo = until_the_end.enter_context(_beside("the demo", [*PYTEST, DEMO]))
        status |= (scan.status if scan.status != NOT_TO_BE_HAD else 0) | _on_postgresql()
    return status | demo.status


def _on_postgresql() -> int:
    """The serial ones are left out: LibreOffice opens the same file whichever server the round was on."""
    if find_binaries() is None:
        print("PostgreSQL is not installed here: its half of the tests was not run.", flush=True)
        return 1 if os.environ.get("CI") else 0
    with cluster() as server:
        there = {"TIEUBIEU_TEST_POSTGRESQL": server.url}
        return _run("tests on PostgreSQL", [*PYTEST, *ON_POSTGRESQL, *IN_PARALLEL], there)


@dataclass
class Beside:
    """A step that runs while another does."""

    status: int = 0


@contextmanager
def _beside(name: str, command: Sequence[str]) -> Iterator[Beside]:
    """Run the command while the block runs, wait for it, and only then print what it said, in one piece."""
    step, began = Beside(), time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield step
            step.status = process.wait()
        finally:
            process.terminate()
        said.seek(0)
        print(f"== {name}\n{said.read().rstrip()}")
    _print_end(name, step.status, began)


def _run(name: str, command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    print(f"== {name}", flush=True)
    began = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
    _print_end(name, status, began)
    return status


def _print_end(name: str, status: int, began: float) -> None:
    outcome = "passed" if status == 0 else f"exit status {status}"
    print(f"== {name}: {outcome} in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
