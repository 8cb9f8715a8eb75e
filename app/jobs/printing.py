"""The job that makes the printable dossier of a snapshot: once, whoever asks for it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pikepdf

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.services import dossier_prints
from certificates.paperwork.dossier import render_dossier

STEPS = 4
"""Read, lay out, draw, store: what is told of a work of seconds."""


@kind(dossier_prints.KIND)
def print_dossier(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the dossier out and keep it; one that is there already is not made again."""
    snapshot_id, storage = int(payload["snapshot"]), toolbox().storage
    reading = db.session()
    there = dossier_prints.state_of(reading, snapshot_id).made
    if there is not None:
        return {"sha256": there.sha256, "pages": there.pages}
    content = dossier_prints.content_of(reading, storage, snapshot_id)
    reading.rollback()  # no transaction stays open while pages are laid out
    progress(1, STEPS)
    pdf = render_dossier(content, report=lambda done: progress(1 + done, STEPS))
    with pikepdf.open(io.BytesIO(pdf)) as made:
        pages = len(made.pages)
    stored = storage.put(pdf)
    with unit_of_work() as session:
        dossier_prints.keep(
            session, snapshot_id=snapshot_id, sha256=stored.sha256, size_bytes=len(pdf), pages=pages, now=now()
        )
    progress(STEPS, STEPS)
    return {"sha256": stored.sha256, "pages": pages}
