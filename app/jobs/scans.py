"""The job that reads a batch of scanned sheets, a page a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.models.dossier import StoredFile
from app.models.paper import ScanBatch, ScanPage
from app.services import paper_scans
from uploads.intake import read_sheets


@kind(paper_scans.KIND)
def read_scan(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Split a batch into pages, read their codes and join them to their sheets.

    Run again after a crash it goes on with the pages that are missing; a page is written down once.
    """
    reading = db.session()
    batch = reading.get_one(ScanBatch, int(payload["batch"]))
    of = "pdf" if reading.get_one(StoredFile, batch.sha256).media_type == "application/pdf" else "photo"
    there = set(reading.scalars(select(ScanPage.number).where(ScanPage.batch_id == batch.id)))
    reading.rollback()
    missing = [number for number in range(1, batch.pages + 1) if number not in there]
    for number in missing:
        [(texts, picture)] = read_sheets(batch.sha256, of, [number], toolbox().storage)
        with unit_of_work() as session:
            paper_scans.keep_page(
                session,
                batch_id=batch.id,
                number=number,
                texts=texts,
                picture=picture,
                keys=toolbox().sheet_keys,
                now=now(),
            )
        progress(number, batch.pages)
    return {"pages": batch.pages, "read": len(missing)}
