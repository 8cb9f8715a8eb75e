"""Administrative units: found by today's and old names without marks, named as on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.domain.text import fold
from app.domain.vocabulary import UnitTier
from app.models.unit import Unit, UnitName, UnitSuccession

_KIND_WORDS = re.compile(r"^(?:tinh|thanh pho|tp\.?|xa|phuong|dac khu|thi tran)\s+(?=\S)")
LIMIT = 20


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose. ``old_name`` is the former name that matched; ``parent`` the province's name."""

    id: int
    tier: UnitTier
    code: str
    kind: str
    name: str
    parent_id: int | None = None
    parent: str = ""
    old_name: str = ""


def provinces(session: Session, on: date) -> list[UnitChoice]:
    """The provinces of a day in dictionary order: 63 until 30/6/2025, 34 after."""
    rows = session.scalars(_in_force(UnitTier.PROVINCE, on).order_by(Unit.sort_key)).all()
    names = _names_on(session, rows, on)
    return [_choice(row, names) for row in rows]


def communes(session: Session, province_id: int, on: date) -> list[UnitChoice]:
    """The communes, wards and special zones of a province on a day, in dictionary order."""
    rows = session.scalars(
        _in_force(UnitTier.COMMUNE, on).where(Unit.parent_id == province_id).order_by(Unit.sort_key)
    ).all()
    names = _names_on(session, rows, on)
    return [_choice(row, names) for row in rows]


def by_name(choices: Sequence[UnitChoice]) -> dict[str, int]:
    """Units by their folded full name, and by the name without its kind; a name that several bear is left out."""
    full: dict[str, list[int]] = {}
    short: dict[str, list[int]] = {}
    for unit in choices:
        full.setdefault(fold(unit.name), []).append(unit.id)
        short.setdefault(_KIND_WORDS.sub("", fold(unit.name)), []).append(unit.id)
    return {name: ids[0] for names in (short, full) for name, ids in names.items() if len(ids) == 1}


def search(session: Session, text: str, *, on: date, tier: UnitTier | None = None, limit: int = LIMIT) -> list[UnitChoice]:
    """Units of a day by a part of their name, marks and case aside; by the name of a predecessor too.

    "binh phuoc" finds Đồng Nai. Names that begin with the text come first. Empty for a blank text.
    """
    wanted = _KIND_WORDS.sub("", fold(text))
    if not wanted:
        return []
    tiers = [tier] if tier else [UnitTier.PROVINCE, UnitTier.COMMUNE]
    rows = session.scalars(
        select(Unit)
        .where(Unit.tier.in_(tiers), *_covers(on), Unit.folded.contains(wanted, autoescape=True))
        .order_by(Unit.tier.desc(), Unit.sort_key)
        .limit(limit * 5)
    ).all()
    ranked = sorted(rows, key=lambda row: (not fold(row.name).startswith(wanted), row.tier is UnitTier.COMMUNE))[:limit]
    return _with_context(session, ranked, wanted, on)


def name_on(session: Session, unit: Unit, on: date) -> str:
    """The full name that the unit bore on a day: "Tỉnh Đồng Nai" until 29/4/2026, then "Thành phố Đồng Nai"."""
    return names_on(session, [unit], on)[unit.id]


def names_on(session: Session, units: Iterable[Unit], on: date) -> dict[int, str]:
    """The full names of several units on a day, in one statement."""
    rows = list(units)
    return _names_on(session, rows, on)


def _names_on(session: Session, rows: Sequence[Unit], on: date) -> dict[int, str]:
    names = {row.id: row.full_name for row in rows}
    if names:
        others = session.execute(
            select(UnitName.unit_id, UnitName.full_name)
            .where(
                UnitName.unit_id.in_(names),
                UnitName.valid_from <= on,
                or_(UnitName.valid_to.is_(None), UnitName.valid_to >= on),
            )
            .order_by(UnitName.valid_from)
        )
        names |= {row.unit_id: row.full_name for row in others}
    return names


def _in_force(tier: UnitTier, on: date) -> Select[Unit]:
    return select(Unit).where(Unit.tier == tier, *_covers(on))


def _covers(on: date) -> tuple[ColumnElement[bool], ...]:
    return (Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on))


def _choice(row: Unit, names: Mapping[int, str], parent: str = "", old_name: str = "") -> UnitChoice:
    return UnitChoice(row.id, row.tier, row.code, row.kind, names[row.id], row.parent_id, parent, old_name)


def _with_context(session: Session, rows: Sequence[Unit], wanted: str, on: date) -> list[UnitChoice]:
    names = _names_on(session, rows, on)
    parents = _full_names(session, {row.parent_id for row in rows if row.parent_id})
    olds = _old_names(session, [row.id for row in rows], wanted)
    return [
        _choice(
            row,
            names,
            parents.get(row.parent_id or 0, ""),
            "" if wanted in fold(names[row.id]) else olds.get(row.id, ""),
        )
        for row in rows
    ]


def _full_names(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.full_name for row in session.execute(select(Unit.id, Unit.full_name).where(Unit.id.in_(ids)))}


def _old_names(session: Session, ids: Sequence[int], wanted: str) -> dict[int, str]:
    """By unit, the name of a predecessor that holds the text."""
    if not ids:
        return {}
    rows = session.execute(
        select(UnitSuccession.successor_id, Unit.full_name)
        .join(Unit, Unit.id == UnitSuccession.predecessor_id)
        .where(UnitSuccession.successor_id.in_(ids), Unit.folded.contains(wanted, autoescape=True))
    )
    return dict(rows.all())
