"""What an assignment starts from: accepted entries, judges who score, conflicts, and what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictRuling, EntryState, PanelRole
from app.models.account import User
from app.models.entry import Entry
from app.models.facility import FacilityMember, Product
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.round import RoundGroup
from app.queries.stages import FIRST, SECOND, closing_of
from scoring.assignment import AssignableEntry, AssignableJudge

Pair = tuple[str, str]


@dataclass(frozen=True)
class EntryRow:
    """An entry to be judged."""

    id: int
    code: str
    name: str
    group: str
    facility_id: int

    @property
    def assignable(self) -> AssignableEntry:
        """As the solver takes it."""
        return AssignableEntry(self.code, self.group)


@dataclass(frozen=True)
class JudgeRow:
    """A seat that scores; ``groups`` are all of the round's where the seat names none."""

    seat_id: int
    user_id: int
    code: str
    name: str
    groups: frozenset[str]
    maximum_load: int | None
    available: bool = True

    @property
    def assignable(self) -> AssignableJudge:
        """As the solver takes it."""
        return AssignableJudge(self.code, self.groups, self.maximum_load, self.available)


@dataclass(frozen=True)
class Assigning:
    """Everything by code; pairs are (entry, judge).

    ``declared`` are pairs with a recusal or a declaration that was not dismissed; ``own`` those where the
    judge acts for the entry's facility. Assignments are those of ``stage``.
    """

    entries: tuple[EntryRow, ...]
    judges: tuple[JudgeRow, ...]
    declared: frozenset[Pair]
    own: frozenset[Pair]
    in_force: Mapping[Pair, Assignment]
    withdrawn: Mapping[Pair, Assignment]
    stage: int = 1


def forbidden_pairs(found: Assigning) -> frozenset[Pair]:
    """Pairs that must never be assigned."""
    return found.declared | found.own


def gather(session: Session, round_id: int) -> Assigning:
    """Read it all in eight statements: the stage that is judged now, and the entries that are in it."""
    closing, judges = closing_of(session, round_id), _judges(session, round_id)
    stage = FIRST if closing is None else SECOND
    entries = tuple(e for e in _entries(session, round_id) if closing is None or e.code in closing.advanced)
    entry_codes = {entry.id: entry.code for entry in entries}
    judge_codes = {judge.seat_id: judge.code for judge in judges}
    rows = session.scalars(select(Assignment).where(Assignment.seat_id.in_(judge_codes), Assignment.stage == stage)).all()
    assigned = {(entry_codes[row.entry_id], judge_codes[row.seat_id]): row for row in rows if row.entry_id in entry_codes}
    return Assigning(
        entries=entries,
        judges=judges,
        declared=_declared(session, entry_codes, judge_codes),
        own=_own(session, entries, judges),
        in_force={pair: row for pair, row in assigned.items() if row.active},
        withdrawn={pair: row for pair, row in assigned.items() if not row.active},
        stage=stage,
    )


def _entries(session: Session, round_id: int) -> tuple[EntryRow, ...]:
    rows = session.execute(
        select(Entry.id, Entry.code, Entry.group_code, Entry.facility_id, Product.name)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, Entry.merged_into_id.is_(None))
        .order_by(Entry.code)
    )
    return tuple(EntryRow(row.id, row.code or "", row.name, row.group_code, row.facility_id) for row in rows)


def _judges(session: Session, round_id: int) -> tuple[JudgeRow, ...]:
    every = frozenset(session.scalars(select(RoundGroup.group_code).where(RoundGroup.round_id == round_id)))
    rows = session.execute(
        select(PanelSeat.id, PanelSeat.user_id, PanelSeat.code, PanelSeat.groups, PanelSeat.maximum_load)
        .add_columns(PanelSeat.available, User.name)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id, PanelSeat.role != PanelRole.SECRETARY)
        .order_by(PanelSeat.code)
    )
    return tuple(
        JudgeRow(
            seat_id=row.id,
            user_id=row.user_id,
            code=row.code,
            name=row.name,
            groups=frozenset(row.groups or every),
            maximum_load=row.maximum_load,
            available=row.available,
        )
        for row in rows
    )


def _declared(session: Session, entries: Mapping[int, str], judges: Mapping[int, str]) -> frozenset[Pair]:
    recused = select(Recusal.entry_id, Recusal.seat_id).where(Recusal.seat_id.in_(judges))
    declared = select(ConflictDeclaration.entry_id, ConflictDeclaration.seat_id).where(
        ConflictDeclaration.seat_id.in_(judges), ConflictDeclaration.ruling != ConflictRuling.DISMISSED
    )
    return frozenset(
        (entries[row.entry_id], judges[row.seat_id])
        for row in session.execute(recused.union(declared))
        if row.entry_id in entries
    )


def _own(session: Session, entries: tuple[EntryRow, ...], judges: tuple[JudgeRow, ...]) -> frozenset[Pair]:
    acts_for = session.execute(
        select(FacilityMember.facility_id, FacilityMember.user_id).where(
            FacilityMember.user_id.in_([judge.user_id for judge in judges])
        )
    )
    pairs = {(row.facility_id, row.user_id) for row in acts_for}
    return frozenset(
        (entry.code, judge.code) for entry in entries for judge in judges if (entry.facility_id, judge.user_id) in pairs
    )
