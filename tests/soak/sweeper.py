"""A worker that sweeps without a rest: the product's own sweep, for soaks that cannot wait a minute between two.

``python -m tests.soak.sweeper`` works on the installation of the environment until it is killed.
"""

from __future__ import annotations

import sys
import time

from app.factory import create_app
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.jobs.bell import run_job
from app.services import jobs

PAUSE_SECONDS = 0.05


def main() -> None:
    """Run what waits, again and again; a database that is away is asked again."""
    app = create_app()
    app.extensions["doorbell"] = None
    print("ready", flush=True)
    while True:
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
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
