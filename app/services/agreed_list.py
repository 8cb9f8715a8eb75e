"""The council agrees on the list of entries before they are scored.

The agreement is the record of a step of the procedure; judging may open without it. Who does
it: the council's chair, or the secretariat, which then names the minutes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.models.round import Round
from app.queries.agreed_list import list_now
from app.services import audit

NOTE_MAXIMUM = 500


def agree(session: Session, actor: Actor, *, round_id: int, note: str, seen: str, now: datetime) -> Round:
    """Write down the agreement with the reference of its minutes; a later one takes its place.

    ``seen`` is the digest of the list that the page showed.

    Raises:
        NotFound: no such round for the actor.
        Forbidden: neither of the secretariat nor the council's chair.
        Refused: ``phase_closed``; ``list_empty``; ``list_changed``: an entry was accepted or taken off meanwhile.
        Invalid: ``note``: ``required`` or ``too_long``.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.AGREE_LIST, round_)
    note = clean_text(note)
    if not 0 < len(note) <= NOTE_MAXIMUM:
        raise Invalid.one("note", "too_long" if note else "required", maximum=NOTE_MAXIMUM)
    present = list_now(session, round_)
    if not present.count:
        raise Refused("list_empty")
    if present.digest != seen:
        raise Refused("list_changed")
    before = round_.list_digest
    round_.list_agreed_at, round_.list_agreed_by_id = now, actor.user_id
    round_.list_agreed_note, round_.list_digest = note, present.digest
    session.flush()
    audit.record(
        session,
        actor,
        action="round:agree_list",
        subject=f"round:{round_id}",
        round_id=round_id,
        now=now,
        details={"before": before, "after": present.digest, "entries": present.count, "note": note},
    )
    return round_
