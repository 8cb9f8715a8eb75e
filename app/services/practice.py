"""Practice: a judge tries the sheet on invented entries, from being seated until judging closes.

What is typed here goes into a table of its own. No assignment, score sheet or score event is ever made, so that nothing of
it can reach a progress figure, a chain or a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.models.practice import PracticeSheet
from app.models.round import Round
from app.queries import practice as reads
from app.queries.judging import rubric_for
from app.services import sheet_points
from scoring.rubric import Rubric

COMMENT_MAXIMUM = 4000


def may_practise(actor: Actor, round_: Round) -> bool:
    """True for a seat that scores, until judging closes."""
    return policies.can(actor, Verb.PRACTISE, round_)


def rubric_of(session: Session, round_id: int, example: reads.Example) -> Rubric:
    """The rubric by which an invented entry is scored: the round's own.

    Raises:
        NotFound: the round has no group yet.
    """
    try:
        return rubric_for(session, round_id, reads.rubric_group(session, round_id, example.group))
    except LookupError as error:
        raise NotFound("rubric") from error


def save(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    example: str,
    points: Mapping[str, str],
    comment: str,
    sign: bool,
    now: datetime,
) -> PracticeSheet:
    """Keep what was typed for an invented entry; ``sign`` asks for every criterion, as the real sheet does.

    Raises:
        NotFound: no such round or example for the actor.
        Forbidden, Refused: the seat does not score; ``phase_closed``.
        Invalid: every wrong field by its criterion's code; ``points_empty`` when signing.
    """
    round_ = _practising(session, actor, round_id)
    found = reads.example(example)
    if found is None:
        raise NotFound("example")
    rubric = rubric_of(session, round_.id, found)
    clean, faults = sheet_points.checked(rubric, points)
    comment = clean_text(comment)
    if len(comment) > COMMENT_MAXIMUM:
        faults.append(FieldFault("comment", "too_long", {"maximum": COMMENT_MAXIMUM}))
    if sign:
        known = {fault.field for fault in faults}
        faults += [
            FieldFault(code, "points_empty")
            for code in sheet_points.typed_codes(rubric)
            if clean.get(code) is None and code not in known
        ]
    if faults:
        raise Invalid(faults)
    row = _row(session, actor.panel_seats[round_id].id, example, now)
    row.points = {code: sheet_points.written(value) for code, value in clean.items()}
    row.comment, row.saved_at, row.signed_at = comment, now, now if sign else None
    session.flush()
    return row


def reset(session: Session, actor: Actor, *, round_id: int) -> int:
    """Take away all practice sheets of the actor's seat; returns how many there were.

    Raises:
        NotFound, Forbidden, Refused: as ``save``.
    """
    _practising(session, actor, round_id)
    gone = session.execute(delete(PracticeSheet).where(PracticeSheet.seat_id == actor.panel_seats[round_id].id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _practising(session: Session, actor: Actor, round_id: int) -> Round:
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.PRACTISE, round_)
    return round_


def _row(session: Session, seat_id: int, example: str, now: datetime) -> PracticeSheet:
    row = reads.sheets_of(session, seat_id).get(example)
    if row is None:
        row = PracticeSheet(seat_id=seat_id, example=example, saved_at=now)
        session.add(row)
    return row
