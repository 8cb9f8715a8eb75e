"""The job that makes the printable dossier of a snapshot: once, whoever asks for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.services import dossier_prints
from app.services.dossier_prints import PrintedFile
from certificates.paperwork.dossier import render_dossier

STEPS = 4
"""Read, lay out, draw, store: what is told of a work of seconds."""


@kind(dossier_prints.KIND)
def print_dossier(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the dossier out and keep it; one that is there already is not made again."""
    made = made_print(int(payload["snapshot"]), lambda done: progress(done, STEPS))
    return {"sha256": made.sha256, "pages": made.pages}


def made_print(snapshot_id: int, report: Callable[[int], None]) -> PrintedFile:
    """The print of a snapshot whose row is begun: the one that is there, or made now; ``report`` hears 1 to STEPS.

    Raises:
        uploads.errors.BlobMissing: a file of the snapshot is not in the store.
    """
    storage, reading = toolbox().storage, db.session()
    there = dossier_prints.state_of(reading, snapshot_id).file
    content = dossier_prints.content_of(reading, storage, snapshot_id) if there is None else None
    reading.rollback()  # no transaction stays open while pages are laid out
    if content is None:
        assert there is not None
        return there
    report(1)
    pdf = render_dossier(content, report=lambda done: report(1 + done))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        made = PrintedFile(storage.put(pdf).sha256, len(pdf), len(opened.pages))
    with unit_of_work() as session:
        dossier_prints.keep(session, snapshot_id=snapshot_id, made=made, now=now())
    report(STEPS)
    return made
