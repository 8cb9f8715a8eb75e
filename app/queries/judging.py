"""What a judge may read: the assignment that is theirs, the queue, the sheet and its history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, case, func, select
from sqlalchemy.orm import Session, defer, load_only, selectinload

from app.domain.blinding import masked, secrets_of
from app.domain.errors import NotFound, Refused
from app.domain.phases import is_frozen
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictAnswer, ConflictRuling, EntryState, PanelRole, Phase, SheetState
from app.models.account import User
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.round import Round, RoundGroup, RoundPhase
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreEvent, ScoreSheet
from app.queries.stages import closing_of, judged_now
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


# Built once: every save of every judge asks them.
_OWN = (
    select(Assignment, PanelSeat, Entry, Round)
    .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
    .join(Entry, Entry.id == Assignment.entry_id)
    .join(Round, Round.id == Entry.round_id)
    .where(
        Assignment.id == bindparam("assignment", type_=Integer),
        Assignment.active,
        PanelSeat.user_id == bindparam("person", type_=Integer),
        PanelSeat.role != PanelRole.SECRETARY,
        Entry.state == EntryState.ACCEPTED,
    )
    .options(defer(Round.introduction))
)
# A save needs little of entry and round; whoever asks for more reads it then.
_OWN_LOCKED = (
    _OWN.with_for_update(of=PanelSeat)
    .options(load_only(Entry.round_id, Entry.group_code, Entry.code), load_only(Round.code, Round.phase, Round.rules))
    .execution_options(populate_existing=True)
)


def find_assignment(session: Session, actor: Actor, assignment_id: int, *, lock: bool = False) -> Held:
    """The actor's own assignment; ``lock`` takes the seat, so that its chain has one writer.

    Raises:
        NotFound: there is none, it is another judge's, it was withdrawn, or the seat does not score.
    """
    row = session.execute(_OWN_LOCKED if lock else _OWN, {"assignment": assignment_id, "person": actor.user_id}).first()
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
    require_ruled(held, _ruling_of(session, held))


def require_ruled(held: Held, ruling: ConflictRuling | None) -> None:
    """As ``require_open``, for who has read the ruling."""
    if not is_frozen(held.round.phase):
        raise Refused("judging_not_open")
    if held.seat.answer not in ANSWERED:
        raise Refused("declare_first")
    if ruling is ConflictRuling.PENDING:
        raise Refused("conflict_pending")
    if ruling is ConflictRuling.RECUSED:
        raise NotFound("sheet")


def _ruling_of(session: Session, held: Held) -> ConflictRuling | None:
    return session.scalar(
        select(ConflictDeclaration.ruling).where(
            ConflictDeclaration.seat_id == held.seat.id, ConflictDeclaration.entry_id == held.entry.id
        )
    )


def rubric_for(session: Session, round_id: int, group_code: str) -> Rubric:
    """The rubric by which entries of a group are scored in a round."""
    digest, version_id = session.execute(
        select(RubricVersion.digest, RubricVersion.id)
        .join(RoundGroup, RoundGroup.rubric_version_id == RubricVersion.id)
        .where(RoundGroup.round_id == round_id, RoundGroup.group_code == group_code)
    ).one()
    return rubric_of_version(session, digest, version_id)


def rubric_of_version(session: Session, digest: str, version_id: int) -> Rubric:
    """Read once a process for each digest: a version in use is never edited."""
    if digest not in _RUBRICS:
        content = session.scalars(select(RubricVersion.content).where(RubricVersion.id == version_id)).one()
        _RUBRICS[digest] = Rubric.from_dict(content)
    return _RUBRICS[digest]


# --- the judge's rounds and queue -------------------------------------------------------------


@dataclass(frozen=True)
class MyRound:
    """A round in which the person has a seat; counts are of the person's own sheets."""

    id: int
    code: str
    name: str
    phase: Phase
    role: PanelRole
    answer: ConflictAnswer | None
    total: int
    signed: int
    drafts: int
    closes_at: datetime | None

    @property
    def left(self) -> int:
        """Sheets that are not signed."""
        return self.total - self.signed


def my_rounds(session: Session, actor: Actor) -> list[MyRound]:
    """The person's rounds, those being judged first, in two statements."""
    counts = _sheet_counts(session, actor)
    rows = session.execute(
        select(Round.id, Round.code, Round.name, Round.phase, PanelSeat.role, PanelSeat.answer, RoundPhase.closes_at)
        .join(PanelSeat, PanelSeat.round_id == Round.id)
        .outerjoin(RoundPhase, (RoundPhase.round_id == Round.id) & (RoundPhase.phase == Phase.JUDGING))
        .where(PanelSeat.user_id == actor.user_id)
        .order_by(Round.id.desc())
    )
    found = [
        MyRound(row.id, row.code, row.name, row.phase, row.role, row.answer, *counts.get(row.id, (0, 0, 0)), row.closes_at)
        for row in rows
    ]
    return sorted(found, key=lambda item: item.phase is not Phase.JUDGING)


def _sheet_counts(session: Session, actor: Actor) -> dict[int, tuple[int, int, int]]:
    is_signed = func.sum(case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0))
    is_draft = func.sum(case((ScoreSheet.state == SheetState.DRAFT, 1), else_=0))
    rows = session.execute(
        select(Entry.round_id, func.count().label("total"), is_signed.label("signed"), is_draft.label("drafts"))
        .select_from(Assignment)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(PanelSeat.user_id == actor.user_id, Assignment.active, Entry.state == EntryState.ACCEPTED, judged_now())
        .group_by(Entry.round_id)
    )
    return {row.round_id: (row.total, row.signed or 0, row.drafts or 0) for row in rows}


@dataclass(frozen=True)
class QueueItem:
    """A line of the queue. ``signed_by_all`` counts the entry's signed sheets of every judge at that stage.

    ``stage_over`` says that the stage was closed: the sheet can be read and no longer changed.
    """

    assignment_id: int
    code: str
    product: str
    group: str
    state: SheetState | None
    total: Decimal | None
    saved_at: datetime | None
    reopened: bool
    closed: bool
    signed_by_all: int
    stage: int = 1
    stage_over: bool = False


def queue(session: Session, actor: Actor, round_id: int, *, blind: bool) -> list[QueueItem]:
    """The judge's entries: the least scored first, in four statements.

    Product names are masked in a blind round; a declared entry is ``closed``.
    """
    scored = _signed_by_entry(session, round_id)
    closed = set(
        session.scalars(
            select(ConflictDeclaration.entry_id)
            .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
            .where(
                PanelSeat.round_id == round_id,
                PanelSeat.user_id == actor.user_id,
                ConflictDeclaration.ruling == ConflictRuling.PENDING,
            )
        )
    )
    over = closing_of(session, round_id) is not None
    items = [_item(row, scored, closed, blind=blind, over=over) for row in session.execute(_queue_rows(actor, round_id))]
    return sorted(items, key=lambda item: (item.signed_by_all, item.code, item.stage))


def _queue_rows(actor: Actor, round_id: int) -> Select[Any]:
    return (
        select(Assignment.id, Entry.id.label("entry_id"), Entry.code, Product.name, RoundGroup.name.label("group"))
        .add_columns(ScoreSheet.state, ScoreSheet.total, ScoreSheet.saved_at, ScoreSheet.reopened_reason)
        .add_columns(Facility, Assignment.stage)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(RoundGroup, (RoundGroup.round_id == Entry.round_id) & (RoundGroup.group_code == Entry.group_code))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(
            Entry.round_id == round_id,
            Assignment.active,
            PanelSeat.user_id == actor.user_id,
            PanelSeat.role != PanelRole.SECRETARY,
            Entry.state == EntryState.ACCEPTED,
        )
    )


def _item(
    row: Row[Any], scored: Mapping[tuple[int, int], int], closed: Collection[int], *, blind: bool, over: bool
) -> QueueItem:
    return QueueItem(
        assignment_id=row.id,
        code=row.code,
        product=masked(row.name, _row_secrets(row.Facility)) if blind else row.name,
        group=row.group,
        state=row.state,
        total=row.total,
        saved_at=row.saved_at,
        reopened=bool(row.reopened_reason) and row.state is SheetState.DRAFT,
        closed=row.entry_id in closed,
        signed_by_all=scored.get((row.entry_id, row.stage), 0),
        stage=row.stage,
        stage_over=over and row.stage == 1,
    )


def _row_secrets(facility: Facility) -> tuple[str, ...]:
    return secrets_of(
        name=facility.name,
        street=facility.street,
        tax_code=facility.tax_code,
        registration_number=facility.registration_number,
        representative=facility.representative_name,
        phone=facility.phone,
        email=facility.email,
    )


def _signed_by_entry(session: Session, round_id: int) -> dict[tuple[int, int], int]:
    """By entry and stage."""
    rows = session.execute(
        select(Entry.id, Assignment.stage, func.count())
        .join(Assignment, Assignment.entry_id == Entry.id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Entry.round_id == round_id, Assignment.active, ScoreSheet.state == SheetState.SIGNED)
        .group_by(Entry.id, Assignment.stage)
    )
    return {(row[0], row[1]): row[2] for row in rows}


# --- one sheet --------------------------------------------------------------------------------


def sheet_row(session: Session, assignment_id: int) -> ScoreSheet | None:
    """The sheet of an assignment with its lines, or None before the first save."""
    return session.scalars(
        select(ScoreSheet).where(ScoreSheet.assignment_id == assignment_id).options(selectinload(ScoreSheet.lines))
    ).first()


def first_sheet(session: Session, held: Held) -> ScoreSheet | None:
    """What the same judge signed for the same entry in the first stage, with its lines."""
    return session.scalars(
        select(ScoreSheet)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .where(Assignment.seat_id == held.seat.id, Assignment.entry_id == held.entry.id, Assignment.stage == 1)
        .options(selectinload(ScoreSheet.lines))
    ).first()


def snapshot_content(session: Session, entry: Entry) -> Mapping[str, Any]:
    """The stored content that officers and judges read; empty where nothing was submitted."""
    content = session.scalar(select(DossierSnapshot.content).where(DossierSnapshot.id == entry.snapshot_id))
    return content or {}


def history(session: Session, sheet_id: int) -> list[tuple[ScoreEvent, str]]:
    """Every event of a sheet, newest first, with the name of who did it."""
    rows = session.execute(
        select(ScoreEvent, User.name)
        .join(User, User.id == ScoreEvent.actor_id)
        .where(ScoreEvent.sheet_id == sheet_id)
        .order_by(ScoreEvent.number.desc())
    )
    return [(event, name) for event, name in rows]


def held_of_sheet(session: Session, assignment_id: int) -> Held | None:
    """Any judge's assignment, for who has a right to all of the round; None if there is none."""
    row = session.execute(
        select(Assignment, PanelSeat, Entry, Round)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(Assignment.id == assignment_id)
    ).first()
    return None if row is None else Held(*row)
