"""What a judge may read: the assignment that is theirs, the queue, the sheet and its history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.domain.errors import NotFound, Refused
from app.domain.phases import is_frozen
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictAnswer, ConflictRuling, EntryState, PanelRole
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from scoring.rubric import Rubric

ANSWERED = (ConflictAnswer.NONE, ConflictAnswer.CONFLICT)
_RUBRICS: dict[str, Rubric] = {}


@dataclass(frozen=True)
class Held:
    """An assignment with the seat that holds it, its entry and its round."""

    assignment: Assignment
    seat: PanelSeat
    entry: Entry
    round: Round


def find_assignment(session: Session, actor: Actor, assignment_id: int, *, lock: bool = False) -> Held:
    """The actor's own assignment; ``lock`` takes the seat, so that its chain has one writer.

    Raises:
        NotFound: there is none, it is another judge's, it was withdrawn, or the seat does not score.
    """
    statement = (
        select(Assignment, PanelSeat, Entry, Round)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(
            Assignment.id == assignment_id,
            Assignment.active,
            PanelSeat.user_id == actor.user_id,
            PanelSeat.role != PanelRole.SECRETARY,
            Entry.state == EntryState.ACCEPTED,
        )
        .options(defer(Round.introduction))
    )
    if lock:
        statement = statement.with_for_update(of=PanelSeat).execution_options(populate_existing=True)
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("sheet")
    return Held(*row)


def require_open(session: Session, held: Held) -> None:
    """Let the dossier and the sheet be seen only behind the conflict gate.

    Raises:
        Refused: ``judging_not_open``; ``declare_first``: the judge has not answered the gate;
            ``conflict_pending``: an interest was declared and the chair has not ruled.
        NotFound: the judge stepped back from the entry.
    """
    if not is_frozen(held.round.phase):
        raise Refused("judging_not_open")
    if held.seat.answer not in ANSWERED:
        raise Refused("declare_first")
    ruling = session.scalar(
        select(ConflictDeclaration.ruling).where(
            ConflictDeclaration.seat_id == held.seat.id, ConflictDeclaration.entry_id == held.entry.id
        )
    )
    if ruling is ConflictRuling.PENDING:
        raise Refused("conflict_pending")
    if ruling is ConflictRuling.RECUSED:
        raise NotFound("sheet")


def rubric_for(session: Session, round_id: int, group_code: str) -> Rubric:
    """The rubric by which entries of a group are scored in a round.

    Read once a process for each digest: a version in use is never edited.
    """
    digest, version_id = session.execute(
        select(RubricVersion.digest, RubricVersion.id)
        .join(RoundGroup, RoundGroup.rubric_version_id == RubricVersion.id)
        .where(RoundGroup.round_id == round_id, RoundGroup.group_code == group_code)
    ).one()
    if digest not in _RUBRICS:
        content = session.scalars(select(RubricVersion.content).where(RubricVersion.id == version_id)).one()
        _RUBRICS[digest] = Rubric.from_dict(content)
    return _RUBRICS[digest]
