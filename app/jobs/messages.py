"""The jobs that write a message to a group, and the day's digests, into the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.services import bulk, messages


@kind(bulk.KIND)
def send_bulk(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write every letter in one transaction; run again it writes none."""
    with unit_of_work() as session:
        count = bulk.send(session, bulk_id=int(payload["bulk"]), now=now())
    progress(count, count)
    return {"written": count}


@kind(messages.DIGEST_JOB)
def send_digests(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """One mail for each person with messages that wait for it, at most once a day."""
    with unit_of_work() as session:
        count = messages.send_digests(session, now=now())
    return {"written": count}
