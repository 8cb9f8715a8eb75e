"""What a save reads once it holds the judge's seat: how the assignment stands, and the sheet as it is kept.

Read after the lock: what somebody else changed while the save waited is seen. The statements are
built once, every save of every judge asks them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, String, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.domain.vocabulary import ConflictRuling
from app.models.panel import ConflictDeclaration
from app.models.round import RoundGroup
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreEvent, ScoreSheet
from app.models.stage import StageClosing
from app.queries.judging import Held, rubric_of_version
from scoring.rubric import Rubric

_SEAT = bindparam("seat", type_=Integer)
_STANDING = (
    select(RubricVersion.digest, RubricVersion.id, ConflictDeclaration.ruling, StageClosing.round_id, ScoreEvent)
    .select_from(RoundGroup)
    .join(RubricVersion, RubricVersion.id == RoundGroup.rubric_version_id)
    .outerjoin(StageClosing, StageClosing.round_id == RoundGroup.round_id)
    .outerjoin(
        ConflictDeclaration,
        and_(ConflictDeclaration.seat_id == _SEAT, ConflictDeclaration.entry_id == bindparam("entry", type_=Integer)),
    )
    .outerjoin(ScoreEvent, and_(ScoreEvent.seat_id == _SEAT, ScoreEvent.operation == bindparam("operation", type_=String)))
    .where(
        RoundGroup.round_id == bindparam("round", type_=Integer),
        RoundGroup.group_code == bindparam("group", type_=String),
    )
)
_SHEET = (
    select(ScoreSheet)
    .where(ScoreSheet.assignment_id == bindparam("assignment", type_=Integer))
    .options(joinedload(ScoreSheet.lines))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Standing:
    """How an assignment stands: its rubric, the ruling on a declared interest, whether the first stage
    is closed, and the link that the same operation has left already."""

    rubric: Rubric
    ruling: ConflictRuling | None
    first_is_closed: bool
    event: ScoreEvent | None


def standing_of(session: Session, held: Held, operation: str) -> Standing:
    """In one statement."""
    asked = {
        "seat": held.seat.id,
        "entry": held.entry.id,
        "operation": operation,
        "round": held.round.id,
        "group": held.entry.group_code,
    }
    digest, version_id, ruling, closed, event = session.execute(_STANDING, asked).one()
    return Standing(rubric_of_version(session, digest, version_id), ruling, closed is not None, event)


def kept_sheet(session: Session, assignment_id: int) -> ScoreSheet | None:
    """The sheet with its lines as the database has them now, in one statement; None before the first save."""
    return session.scalars(_SHEET, {"assignment": assignment_id}).unique().first()
