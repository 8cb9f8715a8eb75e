"""The jobs that keep the store in order: unfinished uploads expire, files are checked, orphans go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.queries.stored_files import referenced
from app.services import upkeep_plan
from uploads.storage import LocalStorage
from uploads.upkeep import GRACE, Survey, collect, survey


@kind(upkeep_plan.EXPIRE)
def expire_uploads(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Remove uploads that nobody went on with for a day, and what a crash left half-written."""
    storage = toolbox().storage
    half = storage.sweep_incoming(now() - GRACE) if isinstance(storage, LocalStorage) else 0
    return {"unfinished": toolbox().partials.expire(), "half_written": half}


@kind(upkeep_plan.CHECK)
def check_files(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Compare the store with the records; what is damaged is told, what the check before reported as orphan goes.

    So nothing is deleted that was not reported a period earlier. Files on disk are read and hashed
    again; an object store vouches for its bytes itself, so there only their presence is checked.
    """
    storage = toolbox().storage
    session = db.session()
    known, reported = referenced(session), upkeep_plan.reported_orphans(session)
    session.rollback()
    found = survey(storage, known, now(), rehash=isinstance(storage, LocalStorage), report=progress)
    doomed = tuple(blob for blob in found.orphans if blob.sha256 in reported)
    freed = collect(storage, replace(found, orphans=doomed), referenced(db.session()))
    db.session().rollback()
    _tell(found)
    return {
        "missing": list(found.missing),
        "corrupt": list(found.corrupt),
        "orphans": [blob.sha256 for blob in found.orphans if blob not in doomed],
        "deleted": len(doomed),
        "freed_bytes": freed,
    }


def _tell(found: Survey) -> None:
    if found.missing or found.corrupt:
        with unit_of_work() as session:
            upkeep_plan.tell_damage(session, missing=found.missing, corrupt=found.corrupt, now=now())
