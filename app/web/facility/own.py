"""What is the person's own: their facilities and entries, or nothing at all (404)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.domain.errors import NotFound
from app.infra.database import db
from app.models.entry import Entry
from app.models.facility import Facility
from app.queries import facilities as facility_reads
from app.queries import registration as reads
from app.web.shared.actor import actor
from app.web.shared.words import label, state_word


def own_facility(facility_id: int) -> Facility:
    """The facility with place and people.

    Raises:
        NotFound: it is not there, or not the person's.
    """
    if facility_id not in actor().facility_ids:
        raise NotFound("facility")
    row = facility_reads.facility(db.session(), facility_id)
    if row is None:
        raise NotFound("facility")
    return row


def own_entry(entry_id: int) -> Entry:
    """The entry with everything that its pages show.

    Raises:
        NotFound: it is not there, or of a facility that is not the person's.
    """
    row = reads.entry(db.session(), entry_id)
    if row is None or row.facility_id not in actor().facility_ids:
        raise NotFound("entry")
    return row


def badge_of(value: StrEnum) -> dict[str, Any]:
    """A state as the badge macro takes it."""
    word = state_word(value)
    return {"word": label(value), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}
