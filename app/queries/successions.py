"""What became of administrative units: the unit itself while it lasts, else its successors in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.unit import Unit, UnitSuccession

GENERATIONS = 8


def heirs(session: Session, units: Iterable[Unit], on: date) -> dict[int, tuple[Unit, ...]]:
    """By unit id, the units of a day that it goes on as: one, several after a split, none if unknown.

    Where a decree's split was answered with one main successor, that one alone counts.

    One statement a generation of decrees, whatever the number of units.
    """
    found: dict[int, dict[int, Unit]] = {}
    open_: dict[int, set[int]] = {}
    for unit in units:
        found[unit.id] = {unit.id: unit} if _lasts(unit, on) else {}
        if not _lasts(unit, on):
            open_.setdefault(unit.id, set()).add(unit.id)
    for _generation in range(GENERATIONS):
        if not open_:
            break
        open_ = _follow(session, open_, found, on)
    return {key: tuple(sorted(rows.values(), key=lambda row: row.sort_key)) for key, rows in found.items()}


def _follow(
    session: Session, open_: dict[int, set[int]], found: dict[int, dict[int, Unit]], on: date
) -> dict[int, set[int]]:
    """One step down: ``open_`` maps a unit that ended to the first units that led to it."""
    rows = session.execute(
        select(UnitSuccession.predecessor_id, Unit, UnitSuccession.main)
        .join(Unit, Unit.id == UnitSuccession.successor_id)
        .where(UnitSuccession.predecessor_id.in_(open_))
    ).all()
    answered = {predecessor_id for predecessor_id, _unit, main in rows if main}
    further: dict[int, set[int]] = {}
    for predecessor_id, unit, main in rows:
        if predecessor_id in answered and not main:
            continue
        for first in open_[predecessor_id]:
            if _lasts(unit, on):
                found[first][unit.id] = unit
            else:
                further.setdefault(unit.id, set()).add(first)
    return further


def _lasts(unit: Unit, on: date) -> bool:
    return unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)
