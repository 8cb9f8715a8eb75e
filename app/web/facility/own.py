"""What is the person's own: their facilities and entries, or nothing at all (404)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from flask import g

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
    """The entry with everything that its pages show; also for who writes with the facility's consent.

    Raises:
        NotFound: it is not there, or of a facility that is not the person's.
    """
    row = reads.entry(db.session(), entry_id)
    if row is None:
        raise NotFound("entry")
    if row.facility_id not in actor().facility_ids:
        _act_for(row)
    return row


def _act_for(row: Entry) -> None:
    """In assisted entry the round's secretary writes on these pages, for the person who agreed.

    Raises:
        NotFound: nobody agreed, or it is not the person's round.
    """
    if not row.on_behalf_of or row.round_id not in actor().secretary_of:
        raise NotFound("entry")
    g.actor = replace(actor(), on_behalf_of=row.on_behalf_of)


def badge_of(value: StrEnum) -> dict[str, Any]:
    """A state as the badge macro takes it."""
    word = state_word(value)
    return {"word": label(value), "tone": "plain" if word.tone == "neutral" else word.tone, "icon": word.icon}
