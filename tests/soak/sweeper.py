"""A worker that sweeps without a rest: the product's own sweep, for soaks that cannot wait a minute between two.

``python -m tests.soak.sweeper`` begins a worker on the installation of the environment for each line it reads, and writes
its process id; the next one begins when the one before it was killed. Each is a process of its own that opens its own
connections: only the loading of the program, which takes longer than the work, is done once. When whoever writes the lines
has ended, however it ended, worker and nursery end as well. After each commit they breathe: SQLite's lock would otherwise go
from one of them to the next, and whoever disturbs them would come too late.
"""

from __future__ import annotations

import os
import select
import sys
import time
from typing import NoReturn

from flask import Flask
from sqlalchemy import event

from app.factory import create_app
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.jobs.bell import run_job
from app.services import jobs

PAUSE_SECONDS = 0.05
BREATH_SECONDS = 0.05


def main() -> None:
    """A worker after the other, until nobody asks for more."""
    app = create_app()
    app.extensions["doorbell"] = None
    event.listen(db.session, "after_commit", lambda _session: time.sleep(BREATH_SECONDS))
    for _line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            _sweep(app)
        print(worker, flush=True)
        os.waitpid(worker, 0)


def _sweep(app: Flask) -> NoReturn:
    """Run what waits, again and again; a database that is away is asked again."""
    while not _left_alone():
        with app.app_context():
            try:
                with unit_of_work() as session:
                    waiting = list(jobs.overdue(session, now=now()))
                for job_id in waiting:
                    run_job(job_id)
            except Exception as error:
                print(repr(error), file=sys.stderr, flush=True)
            finally:
                db.session.remove()
    os._exit(0)


def _left_alone() -> bool:
    """Rest for a moment; true when the pipe that the lines come through was closed meanwhile."""
    return bool(select.select([sys.stdin], [], [], PAUSE_SECONDS)[0])


if __name__ == "__main__":
    main()
