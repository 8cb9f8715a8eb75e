"""Reads about a panel: its seats, what its judges can declare, and what they declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.blinding import short_name
from app.domain.policies import Actor
from app.domain.text import fold, sort_key
from app.domain.vocabulary import ConflictAnswer, ConflictRuling, EntryState, PanelRole, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.facility import Facility, FacilityMember, Product
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.round import RoundGroup
from app.models.sheet import ScoreSheet
from app.models.unit import Unit

HINT_WORDS = 2


@dataclass(frozen=True)
class SeatRow:
    """A seat of the panel; counts are of assignments in force."""

    id: int
    code: str
    user_id: int
    name: str
    email: str
    title: str
    employer: str
    role: PanelRole
    position: str
    groups: tuple[str, ...]
    maximum_load: int | None
    available: bool
    answer: ConflictAnswer | None
    assigned: int
    signed: int


def seats(session: Session, round_id: int) -> list[SeatRow]:
    """The panel: its chair first, then by code; two statements."""
    counts = _counts(session, round_id)
    rows = session.execute(
        select(PanelSeat, User)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id)
        .order_by(PanelSeat.code)
    )
    found = [
        SeatRow(
            id=seat.id,
            code=seat.code,
            user_id=person.id,
            name=person.name or person.email,
            email=person.email,
            title=person.title,
            employer=person.employer,
            role=seat.role,
            position=seat.position,
            groups=tuple(seat.groups or ()),
            maximum_load=seat.maximum_load,
            available=seat.available,
            answer=seat.answer,
            assigned=counts.get(seat.id, (0, 0))[0],
            signed=counts.get(seat.id, (0, 0))[1],
        )
        for seat, person in rows
    ]
    return sorted(found, key=lambda row: list(PanelRole).index(row.role))


def _counts(session: Session, round_id: int) -> dict[int, tuple[int, int]]:
    is_signed = func.sum(case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0))
    rows = session.execute(
        select(Assignment.seat_id, func.count(), is_signed)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(PanelSeat.round_id == round_id, Assignment.active)
        .group_by(Assignment.seat_id)
    )
    return {row[0]: (row[1], row[2] or 0) for row in rows}


def groups_of(session: Session, round_id: int) -> list[tuple[str, str]]:
    """Code and name of the round's groups in its order."""
    rows = session.execute(
        select(RoundGroup.group_code, RoundGroup.name).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    )
    return [(row.group_code, row.name) for row in rows]


# --- declarations -----------------------------------------------------------------------------


@dataclass(frozen=True)
class DeclarableEntry:
    """An entry on the declaration page."""

    id: int
    code: str
    product: str
    group: str


@dataclass(frozen=True)
class DeclarableFacility:
    """A facility with entries to be judged: an interest lies in a facility, so judges answer by facility.

    ``hint`` names why an interest is likely: ``member``, ``employer``, ``phone`` or ``email``; empty
    if nothing points to one. ``ruling`` is set once the judge has declared an interest in it.
    """

    id: int
    name: str
    place: str
    entries: tuple[DeclarableEntry, ...]
    hint: str
    ruling: ConflictRuling | None


def declarable(session: Session, actor: Actor, round_id: int) -> list[DeclarableFacility]:
    """The facilities of the round's accepted entries by name, with hints for the actor, in five statements."""
    rows = session.execute(
        select(Entry.id, Entry.code, Product.name.label("product"), RoundGroup.name.label("group"), Facility)
        .add_columns(Unit.full_name.label("place"))
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Unit, Unit.id == Facility.province_id)
        .join(RoundGroup, (RoundGroup.round_id == Entry.round_id) & (RoundGroup.group_code == Entry.group_code))
        .where(Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.code)
    ).all()
    told = _declared_by(session, actor, round_id)
    person = session.get(User, actor.user_id) if actor.user_id else None
    own = set(session.scalars(select(FacilityMember.facility_id).where(FacilityMember.user_id == actor.user_id)))
    found: dict[int, tuple[Facility, str, list[DeclarableEntry]]] = {}
    for row in rows:
        _facility, _place, listed = found.setdefault(row.Facility.id, (row.Facility, row.place, []))
        listed.append(DeclarableEntry(row.id, row.code or "", row.product, row.group))
    lines = [
        DeclarableFacility(
            id=key,
            name=facility.name,
            place=place,
            entries=tuple(listed),
            hint=_hint(facility, person, own),
            ruling=next((told[entry.id] for entry in listed if entry.id in told), None),
        )
        for key, (facility, place, listed) in found.items()
    ]
    return sorted(lines, key=lambda line: (not line.hint, sort_key(line.name)))


def _declared_by(session: Session, actor: Actor, round_id: int) -> Mapping[int, ConflictRuling]:
    rows = session.execute(
        select(ConflictDeclaration.entry_id, ConflictDeclaration.ruling)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .where(PanelSeat.round_id == round_id, PanelSeat.user_id == actor.user_id)
    )
    return {row.entry_id: row.ruling for row in rows}


def _hint(facility: Facility, person: User | None, own: set[int]) -> str:
    if facility.id in own:
        return "member"
    if person is None:
        return ""
    core = fold(short_name(facility.name))
    if person.employer and len(core.split()) >= HINT_WORDS and core in fold(person.employer):
        return "employer"
    if person.phone and facility.phone and _digits(person.phone) == _digits(facility.phone):
        return "phone"
    return "email" if facility.email and facility.email.lower() == person.email.lower() else ""


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())[-9:]


@dataclass(frozen=True)
class DeclarationRow:
    """A declared interest, for the chair and the secretariat."""

    id: int
    user_id: int
    judge: str
    judge_code: str
    entry_code: str
    facility: str
    kind: str
    reason: str
    declared_at: datetime
    ruling: ConflictRuling
    note: str
    ruled_at: datetime | None


def declarations(session: Session, round_id: int) -> list[DeclarationRow]:
    """All declarations of a round, those that wait first; one statement."""
    rows = session.execute(
        select(ConflictDeclaration, PanelSeat.code, PanelSeat.user_id, User.name, Entry.code, Facility.name)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .join(Entry, Entry.id == ConflictDeclaration.entry_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(PanelSeat.round_id == round_id)
        .order_by(ConflictDeclaration.id)
    )
    found = [_declaration(*row) for row in rows]
    return sorted(found, key=lambda row: row.ruling is not ConflictRuling.PENDING)


def _declaration(row: ConflictDeclaration, code: str, user_id: int, name: str, entry: Any, facility: str) -> DeclarationRow:
    return DeclarationRow(
        id=row.id,
        user_id=user_id,
        judge=name,
        judge_code=code,
        entry_code=entry or "",
        facility=facility,
        kind=row.kind,
        reason=row.reason,
        declared_at=row.declared_at,
        ruling=row.ruling,
        note=row.ruling_note,
        ruled_at=row.ruled_at,
    )
