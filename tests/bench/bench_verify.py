"""How many checks of certificates a second the product answers, served by gunicorn as `tieubieu serve` does.

Client and server share this machine's processors. Every visitor has an address of their own (a proxy tells it), since
one address may ask sixty times a minute. Correctness first: each certificate's page is read and must name its code.
The gate is the processor time of the server a page, which a busy machine does not change much; speeds are reported.
A server whose two processors are quiet answers 500 a second while this time and the generator's own stay below 3 ms.
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
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.visitors import Crowd, address_of, certificates, percentile_ms

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = 200
CONNECTIONS = 8
WANTED_PER_SECOND = 500


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


def processor_seconds(server: int) -> float:
    """The processor time that a server's web processes have used so far; what others use does not count."""
    ticks = 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def first_visits(port: int, codes: Sequence[str]) -> list[float]:
    """Seconds of each certificate's first page, twice: there are two processes; every page is read."""
    taken = []
    for number, code in enumerate(codes):
        began = time.perf_counter()
        _read(port, code, 2 * number)
        taken.append(time.perf_counter() - began)
        page = gzip.decompress(_read(port, code, 2 * number + 1)).decode()
        if code not in page or "kiểm tra lúc" not in page:
            raise RuntimeError(f"the page of {code} does not name it")
    return taken


def _read(port: int, code: str, visitor: int) -> bytes:
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/gcn/{code}",
        headers={"Accept": "text/html", "Accept-Encoding": "gzip", "X-Forwarded-For": address_of(visitor)},
    )
    with urllib.request.urlopen(question, timeout=30) as answer:
        return bytes(answer.read())


def row(name: str, value: float, unit: str, gate: float | None, target: float | None, *, higher: bool = True) -> dict[str, Any]:
    """One measured line; a gate that does not hold fails the bench."""
    ok = None if gate is None else value >= gate if higher else value <= gate
    return {"name": name, "value": round(value, 2), "unit": unit, "gate": gate, "target": target, "ok": ok}


def run(quick: bool = False) -> list[dict[str, Any]]:
    """Return the measured rows: name, value, unit, gate (fails beyond), target (aimed at), ok."""
    seconds = 4.0 if quick else 30.0
    with TemporaryDirectory(prefix="bench-verify-") as name:
        folder = Path(name)
        codes = prepare(folder)
        with served(folder) as (port, server):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/tra-cuu", timeout=30).read()
            first = first_visits(port, codes)
            crowd = Crowd(port, CONNECTIONS)
            crowd.as_fast_as_it_goes(certificates(codes, 10_000), 1_000)
            before = processor_seconds(server)
            fast = crowd.as_fast_as_it_goes(certificates(codes, 20_000), int(500 * seconds))
            work = 1000 * (processor_seconds(server) - before) / len(fast.taken)
            paced = crowd.at_a_rate(certificates(codes, 100_000), WANTED_PER_SECOND, seconds)
    at_rate = f"certificate check, {WANTED_PER_SECOND} a second for {seconds:.0f} s"
    return [
        row("certificate check, processor time of the server a page", work, "ms", 3, 1.5, higher=False),
        row("certificate check, of the generator beside it", 1000 * fast.own_seconds / len(fast.taken), "ms", None, None),
        row("certificate check, pages a second at most", fast.rate, "a second", None, WANTED_PER_SECOND),
        row("certificate check, p95 at that speed", fast.percentile_ms(0.95), "ms", None, 50, higher=False),
        row(f"{at_rate}: answered a second", paced.rate, "a second", None, WANTED_PER_SECOND),
        row(f"{at_rate}: median", paced.percentile_ms(0.5), "ms", None, None),
        row(f"{at_rate}: p95", paced.percentile_ms(0.95), "ms", None, 50, higher=False),
        row("certificate check, first page of a certificate, p95", percentile_ms(first, 0.95), "ms", None, 50, higher=False),
    ]


if __name__ == "__main__":
    for line in run(quick="--quick" in sys.argv):
        print(json.dumps(line, ensure_ascii=False))
