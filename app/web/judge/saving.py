"""A judge's save, as the form, the page's script and the sync of a tablet all make it."""

from __future__ import annotations

from collections.abc import Mapping

from app.infra.clock import now
from app.infra.database import unit_of_work
from app.services import judging
from app.services.judging import SavedSheet
from app.web.judge.sheet_page import PREFIX
from app.web.shared.actor import actor


def save(assignment_id: int, fields: Mapping[str, str], *, version: int, operation: str) -> SavedSheet:
    """Keep what was typed, in a transaction of its own.

    Raises:
        NotFound, Refused, Invalid, Stale: as ``judging.save_draft``.
    """
    points = {key.removeprefix(PREFIX): value for key, value in fields.items() if key.startswith(PREFIX)}
    with unit_of_work() as session:
        return judging.save_draft(
            session,
            actor(),
            assignment_id=assignment_id,
            points=points,
            comment=fields.get("comment", ""),
            version=version,
            operation=operation,
            now=now(),
        )
