"""A worker in a process of its own, for tests that kill it: runs one job of a database."""

from __future__ import annotations

import sys
from pathlib import Path

from app.factory import create_app
from app.jobs.bell import run_job
from tests.app.conftest import settings_for

if __name__ == "__main__":
    instance, url, job_id = sys.argv[1:]
    application = create_app(settings_for(Path(instance), url))
    with application.app_context():
        run_job(int(job_id))
