"""How a running job says how far it is, keeps its lease, and learns that it was cancelled."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.models.record import Job
from app.services import jobs

REPORT_EVERY_SECONDS = 0.5


class Cancelled(Exception):
    """Somebody cancelled the job, or another worker took it over."""


@dataclass
class Progress:
    """The reporter of one job's run. ``holder`` is the lease's name for this worker."""

    job: Job
    holder: str
    _last: float = field(default=0.0)

    def __call__(self, done: int, total: int | None = None) -> None:
        """Report ``done`` of ``total``; writes at most twice a second and at the end.

        Raises:
            Cancelled: the job is no longer this worker's.
        """
        finished = total is not None and done >= total
        if not finished and time.monotonic() - self._last < REPORT_EVERY_SECONDS:
            return
        self._last = time.monotonic()
        with unit_of_work() as session:
            kept = jobs.advance(session, self.job, holder=self.holder, done=done, total=total, now=now())
        if not kept:
            raise Cancelled
