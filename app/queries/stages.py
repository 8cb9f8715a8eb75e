"""The stages of a round: whether the first is closed, and which of a judge's assignments are judged now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, not_, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.models.entry import Entry
from app.models.panel import Assignment
from app.models.round import Round
from app.models.stage import StageClosing

FIRST, SECOND = 1, 2


def closing_of(session: Session, round_id: int) -> StageClosing | None:
    """How the first stage was closed; None before that, and in a round of one stage."""
    return session.scalar(select(StageClosing).where(StageClosing.round_id == round_id))


def stage_now(session: Session, round_id: int) -> int:
    """The stage that is judged: 2 once the first was closed."""
    return FIRST if closing_of(session, round_id) is None else SECOND


def judged_now() -> ColumnElement[bool]:
    """For statements over ``Assignment`` and ``Entry``: leaves out the first stage where it was closed."""
    closed = exists().where(StageClosing.round_id == Entry.round_id)
    return not_(and_(Assignment.stage == FIRST, closed))


def require_stage_open(assignment: Assignment, round_: Round, *, first_is_closed: bool) -> None:
    """Let a sheet of the assignment be changed unless its stage was closed.

    Raises:
        Refused: ``stage_closed``.
    """
    is_first_of_two = assignment.stage == FIRST and round_.rules.get("stages", 1) > 1
    if is_first_of_two and first_is_closed:
        raise Refused("stage_closed")
