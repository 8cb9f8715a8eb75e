"""A PostgreSQL server of the tests' own: a fresh cluster on a free loopback port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import free_port

COMMON = ("max_connections=200", "shared_buffers=128MB")
# Tests ask what is right, not what survives a power cut.
HASTY = (*COMMON, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
DURABLE = (*COMMON, "fsync=on", "synchronous_commit=on")


def find_binaries() -> Path | None:
    """The newest installed server's folder of programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Cluster:
    """A server of its own; ``url`` is its SQLAlchemy address without a database."""

    def __init__(self, folder: Path, binaries: Path, options: Sequence[str]) -> None:
        self._folder, self._binaries, self._options = folder, binaries, options
        self._data = folder / "data"
        self._port = free_port()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/"

    def create(self) -> None:
        """Make the data folder."""
        _as_postgres(
            [str(self._binaries / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        )

    def start(self) -> None:
        """Start it and wait until it answers; after a kill it recovers first."""
        settings = " ".join(f"-c {option}" for option in self._options)
        options = f"-k {self._folder} -h 127.0.0.1 -p {self._port} {settings}"
        self._control("-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it without waiting for anybody."""
        self._control("-m", "immediate", "stop")

    @property
    def pid(self) -> int:
        """The number of its first process, whose children are the others."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once."""
        head = self.pid
        os.kill(head, signal.SIGSTOP)  # it has no more children while they are counted
        family = [*_children_of(head), head]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_is_running(process) for process in family):
            time.sleep(0.02)
        # Where nobody collects the dead (a container without an init), its number seems to be alive still.
        for kept in (self._data / "postmaster.pid", self._folder / f".s.PGSQL.{self._port}.lock"):
            kept.unlink()

    def processor_seconds(self) -> float:
        """The processor time of all its processes that run now, in seconds since they started."""
        ticks = 0
        for process in _children_of(self.pid):
            with suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _control(self, *arguments: str) -> None:
        _as_postgres([str(self._binaries / "pg_ctl"), "-D", str(self._data), *arguments])


@contextmanager
def cluster(options: Sequence[str] = HASTY) -> Iterator[Cluster]:
    """A running server, gone afterwards.

    Raises:
        RuntimeError: PostgreSQL is not installed.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="tieubieu-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        held = Cluster(folder, binaries, options)
        held.create()
        held.start()
        try:
            yield held
        finally:
            held.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _children_of(process: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _as_postgres(command: Sequence[str]) -> None:
    # The server refuses to run as root.
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")
