"""How many checks of certificates a second the product answers, served by gunicorn as `tieubieu serve` does.

Client and server share this machine's processors. Every visitor has an address of their own (a proxy tells it), since
one address may ask sixty times a minute. Correctness first: each certificate's page is read and must name its code.
The gate is the processor time of the server a page, which a busy machine does not change much; speeds are reported.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = 200
CONNECTIONS = 8
WANTED_PER_SECOND = 500

_visitor = count()


def prepare(folder: Path) -> list[str]:
    """A published round with its certificates in a database of its own; returns the codes."""
    from app.factory import create_app
    from app.infra.database import db, metadata, unit_of_work
    from app.infra.reference_files import read_reference
    from app.services import reference
    from tests.app import make
    from tests.app.conftest import settings_for
    from tests.app.services.certified import crowd, of_round, published, request

    app = create_app(settings_for(folder, f"sqlite:///{folder / 'tieubieu.db'}"))
    with app.app_context():
        metadata.create_all(db.engine)
        with unit_of_work() as session:
            reference.load(session, read_reference(), now=make.NOW)
        world = published(db.session())
        crowd(db.session(), world, CERTIFICATES - 3)
        request(db.session(), world)
        codes = [row.code for row in of_round(db.session(), world.round.id)]
        db.session.remove()
        db.engine.dispose()
    return codes


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The product on a free port of the loopback, two processes of four threads; yields port and process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    environment = {
        **os.environ, "TIEUBIEU_MODE": "demo", "TIEUBIEU_INSTANCE": str(folder), "TIEUBIEU_PROXIES": "1",
        "TIEUBIEU_DATABASE_URL": f"sqlite:///{folder / 'tieubieu.db'}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [
        sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port), "--processes", "2",
        "--threads", "4",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=40)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


class Visitor:
    """A connection that is kept; every question comes from another address, as from another phone."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, code: str) -> bytes:
        """The body of a certificate's page, unpacked by nobody. Raises RuntimeError unless it is answered with 200."""
        number = next(_visitor)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        head = f"GET /gcn/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n"
        self._socket.sendall(f"{head}X-Forwarded-For: {address}\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        told, body = data.split(b"\r\n\r\n", 1)
        if b" 200 " not in told.split(b"\r\n", 1)[0]:
            raise RuntimeError(told.decode())
        length = int(told.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        return body

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise RuntimeError("the server hung up")
        return data

    def timed(self, code: str) -> float:
        """Seconds from the question to the last byte of the answer."""
        began = time.perf_counter()
        self.ask(code)
        return time.perf_counter() - began


def processor_seconds(server: int) -> float:
    """The processor time that a server's web processes have used so far; what others use does not count."""
    ticks = 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def first_visits(port: int, codes: Sequence[str]) -> list[float]:
    """Seconds of each certificate's first page, twice: there are two processes; every page is read."""
    visitor = Visitor(port)
    taken: list[float] = []
    for code in codes:
        taken.append(visitor.timed(code))
        page = gzip.decompress(visitor.ask(code)).decode()
        if code not in page or "kiểm tra lúc" not in page:
            raise RuntimeError(f"the page of {code} does not name it")
    return taken


def as_fast_as_it_goes(port: int, codes: Sequence[str], seconds: float) -> tuple[float, list[float]]:
    """Answers a second with every connection asking again at once, and the seconds of each answer."""
    until = time.perf_counter() + seconds

    def visit(start: int) -> list[float]:
        visitor, taken = Visitor(port), []
        for step in count(start * 7):
            if time.perf_counter() > until:
                return taken
            taken.append(visitor.timed(codes[step % len(codes)]))
        return taken

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        taken = [one for some in threads.map(visit, range(CONNECTIONS)) for one in some]
    return len(taken) / seconds, taken


def at_a_rate(port: int, codes: Sequence[str], seconds: float, rate: int) -> list[float]:
    """Seconds of each answer with ``rate`` questions a second; a question that has to wait is late from its due time."""
    began = time.perf_counter() + 0.1

    def visit(start: int) -> list[float]:
        visitor, taken = Visitor(port), []
        for step in range(start, int(rate * seconds), CONNECTIONS):
            due = began + step / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            visitor.ask(codes[step % len(codes)])
            taken.append(time.perf_counter() - due)
        return taken

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [one for some in threads.map(visit, range(CONNECTIONS)) for one in some]


def row(name: str, value: float, unit: str, gate: float | None, target: float | None, *, higher: bool = True) -> dict[str, Any]:
    """One measured line; a gate that does not hold fails the bench."""
    ok = None if gate is None else value >= gate if higher else value <= gate
    return {"name": name, "value": round(value, 2), "unit": unit, "gate": gate, "target": target, "ok": ok}


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)] * 1000


def run(quick: bool = False) -> list[dict[str, Any]]:
    """Return the measured rows: name, value, unit, gate (fails beyond), target (aimed at), ok."""
    seconds = 4.0 if quick else 15.0
    with TemporaryDirectory(prefix="bench-verify-") as name:
        folder = Path(name)
        codes = prepare(folder)
        with served(folder) as (port, server):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/tra-cuu", timeout=30).read()
            first = first_visits(port, codes)
            as_fast_as_it_goes(port, codes, 2.0)
            before = processor_seconds(server)
            rate, taken = as_fast_as_it_goes(port, codes, seconds)
            work = processor_seconds(server) - before
            paced = at_a_rate(port, codes, seconds, WANTED_PER_SECOND)
    return [
        row("certificate check, processor time of the server a page", 1000 * work / len(taken), "ms", 6, 2, higher=False),
        row("certificate check, pages a second", rate, "a second", None, WANTED_PER_SECOND),
        row("certificate check, p95 at that speed", _p95(taken), "ms", None, 50, higher=False),
        row(f"certificate check, p95 at {WANTED_PER_SECOND} a second", _p95(paced), "ms", None, 50, higher=False),
        row("certificate check, first page of a certificate, p95", _p95(first), "ms", None, 50, higher=False),
    ]


if __name__ == "__main__":
    for line in run(quick="--quick" in sys.argv):
        print(json.dumps(line, ensure_ascii=False))
