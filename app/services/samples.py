"""Samples: one for each accepted entry, moved by whoever scans its label."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import EntryState, SampleState
from app.models.entry import Entry
from app.models.round import Round
from app.models.sample import Sample
from app.services import audit

TOKEN_BYTES = 12
PLACE_MAXIMUM = 200


def prepare(session: Session, actor: Actor, *, round_id: int, now: datetime) -> int:
    """A label for every accepted entry that has none; returns how many were made.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.MOVE_SAMPLE, round_)
    labelled = select(Sample.entry_id).where(Sample.round_id == round_id)
    entry_ids = session.scalars(
        select(Entry.id).where(
            Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, Entry.id.not_in(labelled)
        )
    ).all()
    session.add_all(
        Sample(round_id=round_id, entry_id=entry_id, token=secrets.token_urlsafe(TOKEN_BYTES)) for entry_id in entry_ids
    )
    session.flush()
    if entry_ids:
        audit.record(
            session, actor, action="sample:prepare", subject=f"round:{round_id}", now=now, round_id=round_id,
            details={"count": len(entry_ids)},
        )  # fmt: skip
    return len(entry_ids)


def move(
    session: Session, actor: Actor, *, token: str, seen: SampleState, to: SampleState, now: datetime, place: str = ""
) -> Sample:
    """The sample of a label is now somewhere else; ``seen`` is the state that the page showed.

    Raises:
        NotFound: no such label for the actor.
        Refused: ``phase_closed``; ``sample_move_unknown`` when somebody moved it since.
    """
    row = session.scalar(select(Sample).where(Sample.token == token).with_for_update())
    if row is None:
        raise NotFound("sample")
    policies.require(actor, Verb.MOVE_SAMPLE, session.get_one(Round, row.round_id))
    if row.state is not seen:
        raise Refused("sample_move_unknown")
    before = {"state": row.state, "place": row.place}
    row.state, row.place, row.moved_at, row.moved_by_id = to, clean_line(place)[:PLACE_MAXIMUM], now, actor.user_id
    session.flush()
    details = {"before": before, "after": {"state": row.state, "place": row.place}}
    audit.record(
        session, actor, action="sample:move", subject=f"entry:{row.entry_id}", now=now, round_id=row.round_id,
        details=details,
    )  # fmt: skip
    return row
