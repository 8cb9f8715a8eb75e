"""Recognitions from before the system: as lists for everybody, for a round's secretariat, and for one facility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.text import fold
from app.models.past import PastRecognition
from app.models.unit import Unit
from app.queries import units
from app.queries.public import Wanted
from app.queries.public_places import unit_ids_named

PAGE = 50


@dataclass(frozen=True)
class PastPage:
    """One page of the list; units by the row's id, named as on the day of the decision, "" for no commune."""

    rows: Sequence[PastRecognition]
    provinces: dict[int, str]
    communes: dict[int, str]
    total: int
    page: int
    pages: int

    def place(self, row: PastRecognition) -> str:
        """Commune and province of a row, as far as they are known."""
        return ", ".join(name for name in (self.communes[row.id], self.provinces[row.id]) if name)


def listed(session: Session, wanted: Wanted, *, page: int = 1, size: int | None = PAGE) -> PastPage:
    """The recognitions that match, newest year first; all of them where ``size`` is None."""
    conditions = _conditions(session, wanted)
    total = session.scalar(select(func.count()).select_from(PastRecognition).where(*conditions)) or 0
    pages = 1 if size is None else max(1, -(-total // size))
    page = min(max(1, page), pages)
    statement = _ordered().where(*conditions)
    rows = session.scalars(statement if size is None else statement.limit(size).offset((page - 1) * size)).all()
    return PastPage(rows, *_places(session, rows), total, page, pages)


def years(session: Session) -> list[int]:
    """The years that there are, newest first."""
    return list(session.scalars(select(PastRecognition.year).distinct().order_by(PastRecognition.year.desc())))


def exists(session: Session) -> bool:
    """Whether any list was taken over."""
    return session.scalar(select(PastRecognition.id).limit(1)) is not None


def _ordered() -> Select[PastRecognition]:
    return (
        select(PastRecognition)
        .options(joinedload(PastRecognition.locality))
        .order_by(
            PastRecognition.year.desc(), PastRecognition.group_code, PastRecognition.product_folded, PastRecognition.id
        )
    )


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in fold(wanted.q).split():
        found.append(
            or_(
                PastRecognition.product_folded.contains(word, autoescape=True),
                PastRecognition.facility_folded.contains(word, autoescape=True),
            )
        )
    if wanted.group:
        found.append(PastRecognition.group_code == wanted.group)
    if wanted.level:
        found.append(PastRecognition.level == wanted.level)
    if wanted.year:
        found.append(PastRecognition.year == wanted.year)
    if wanted.round_id:
        found.append(PastRecognition.round_id == wanted.round_id)
    if fold(wanted.place):
        ids = unit_ids_named(session, wanted.place)
        below = select(Unit.id).where(Unit.parent_id.in_(ids))
        found.append(or_(PastRecognition.locality_id.in_(ids), PastRecognition.locality_id.in_(below)))
    return found


def _places(session: Session, rows: Sequence[PastRecognition]) -> tuple[dict[int, str], dict[int, str]]:
    """Province and commune of each row; a commune of a former district lies two steps below its province."""
    days = {row.id: row.decided_on or date(row.year, 12, 31) for row in rows}
    chains = _above(session, [row.locality for row in rows])
    names: dict[tuple[int, date], str] = {}
    for day in set(days.values()):
        told = [unit for row in rows if days[row.id] == day for unit in chains[row.locality_id]]
        names |= {(unit_id, day): name for unit_id, name in units.names_on(session, told, day).items()}
    provinces = {row.id: names[chains[row.locality_id][-1].id, days[row.id]] for row in rows}
    communes = {row.id: names[row.locality_id, days[row.id]] if len(chains[row.locality_id]) > 1 else "" for row in rows}
    return provinces, communes


def _above(session: Session, localities: Sequence[Unit]) -> dict[int, list[Unit]]:
    """By unit, itself and what lies above it, the province last; at most two statements."""
    known = {unit.id: unit for unit in localities}
    for _step in range(2):
        missing = {unit.parent_id for unit in known.values() if unit.parent_id} - known.keys()
        if missing:
            known |= {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(missing)))}
    return {unit.id: _chain(unit, known) for unit in localities}


def _chain(unit: Unit, known: dict[int, Unit]) -> list[Unit]:
    found = [unit]
    while found[-1].parent_id is not None:
        found.append(known[found[-1].parent_id])
    return found
