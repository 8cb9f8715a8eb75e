"""The job that makes a paper of a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.queries.rights import actor_for
from app.queries.round_prints import KIND
from app.services import round_prints

STEPS = 3
"""Read, lay out, store."""


@kind(KIND)
def print_round_paper(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the paper out and keep it. What cannot be told any more is refused once, not tried again."""
    job, reading = progress.job, db.session()
    if job.result:
        return job.result
    actor = actor_for(reading, job.owner_id, now=now())
    assert job.round_id is not None, "papers are of a round"
    try:
        paper = round_prints.prepare(
            reading,
            actor,
            toolbox().storage,
            round_id=job.round_id,
            wanted=round_prints.Wanted(**payload),
            sheet_key=toolbox().sheet_key,
        )
    except DomainError as refusal:
        return {"refused": refusal.code}
    finally:
        reading.rollback()  # no transaction stays open while pages are laid out
    progress(1, STEPS)
    data = paper.write()
    progress(2, STEPS)
    stored = toolbox().storage.put(data)
    with unit_of_work() as session:
        kept = round_prints.keep(
            session,
            actor,
            job_id=job.id,
            subject=paper.subject,
            filename=paper.filename,
            sha256=stored.sha256,
            size_bytes=len(data),
            now=now(),
        )
    progress(STEPS, STEPS)
    return kept
