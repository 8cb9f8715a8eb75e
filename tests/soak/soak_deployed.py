"""The main journey through everything that deploy/ names: a product from a phone to a verified certificate.

Browsers go through Caddy with TLS to two web servers in production mode; PostgreSQL, Redis and an S3 store behind them; the
certificates are made by a worker process. The same steps as ``tests/journeys/test_walk.py``, which takes SQLite and one process.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domain.vocabulary import FileKind
from app.infra.clock import now
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.models.dossier import StoredFile
from app.models.record import Job
from tests.app import make
from tests.chromium import CHROMIUM, browser
from tests.journeys.deployed import Site, deployed, missing_programs
from tests.journeys.secretariat_leg import RIVALS
from tests.journeys.server import Server
from tests.journeys.walk import Walk
from tests.journeys.whole_way import walks_the_whole_way

Row = dict[str, Any]


def run(quick: bool) -> Iterator[Row]:
    """Rows for one journey, ``quick`` or not; nothing where a part is not installed."""
    if missing_programs() or not CHROMIUM.exists():
        return
    # People in office would be asked for a second factor at each step; tests/app/web/test_second_factor.py shows that.
    with tempfile.TemporaryDirectory(prefix="tieubieu-deployed-") as name, deployed(Path(name), SECOND_FACTOR="optional") as site:
        os.environ.update({key: value for key, value in site.webs[0].environment.items() if key.startswith("AWS_")})
        make.NOW = now()  # the servers' clock is the real one
        began = time.monotonic()
        complaints = _walk(site, Path(name))
        yield _row("deployed: seconds from the sign-up to the verified certificate", round(time.monotonic() - began))
        yield _row("deployed: browsers complained", len(complaints), at_most=0)
        for text, count in Counter(complaints).items():
            print(f"{text} ({count} times)")
        yield from _kept(site)


def _walk(site: Site, folder: Path) -> list[str]:
    # The certificate is Caddy's own: no authority that the browser knows has signed it.
    with browser("--ignore-certificate-errors") as started:
        walk = Walk(Server(site.url, site.app), started, folder)
        walks_the_whole_way(walk)
    return walk.complaints


def _kept(site: Site) -> Iterator[Row]:
    """Everything lies in the store, nothing on a machine, and every job is done."""
    with site.app.app_context():
        files = db.session.execute(select(StoredFile.sha256, StoredFile.kind)).all()
        missing = [kind.value for sha256, kind in files if not toolbox().storage.exists(sha256)]
        states = Counter(db.session.scalars(select(Job.state)).all())
        db.session.remove()
    local = [path for web in site.webs for path in Path(web.environment["TIEUBIEU_INSTANCE"], "files").rglob("*") if path.is_file()]
    # The rivals come in without a browser, each with one paper that is a row without bytes (tests/app/registering.py).
    for _ in RIVALS:
        missing.remove(FileKind.PAPER.value)
    for kind, count in Counter(missing).items():
        print(f"missing: {kind} ({count} times)")
    yield _row("deployed: files in the store", len(files) - len(RIVALS) - len(missing))
    yield _row("deployed: files missing there", len(missing), at_most=0)
    yield _row("deployed: files on the web servers", len(local), at_most=0)
    yield _row("deployed: jobs that the worker did", states.pop("done", 0))
    yield _row("deployed: jobs left", states.total(), at_most=0)


def _row(name: str, value: int, *, at_most: int | None = None) -> Row:
    ok = None if at_most is None else value <= at_most
    return {"name": name, "value": value, "unit": "", "gate": at_most, "target": at_most, "ok": ok}
