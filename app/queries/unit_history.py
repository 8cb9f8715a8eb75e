"""Administrative units through time: found in any period, with what they came from and went on as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.text import fold
from app.domain.vocabulary import UnitTier
from app.models.unit import Unit, UnitName, UnitSuccession

PAGE = 50


@dataclass(frozen=True)
class UnitPage:
    """A page of units with their provinces loaded; ``page`` is within 1 and ``pages``."""

    rows: Sequence[Unit]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class UnitHistory:
    """A unit with its other names, what it came from and what it went on as, and how many communes it has had."""

    unit: Unit
    names: Sequence[UnitName]
    predecessors: Sequence[UnitSuccession]
    successors: Sequence[UnitSuccession]
    communes: int


def find(session: Session, text: str, *, tier: UnitTier | None, ended: bool | None, page: int = 1) -> UnitPage:
    """Units of every period by a part of their name, without marks, or by their code; three statements at most.

    ``ended`` keeps those with a last day (True) or without one (False).
    """
    total = session.scalar(_matching(select(func.count(Unit.id)), text, tier, ended)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = session.scalars(
        _matching(select(Unit), text, tier, ended)
        .options(joinedload(Unit.parent))
        .order_by(Unit.tier.desc(), Unit.sort_key, Unit.valid_from, Unit.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return UnitPage(rows, total, page)


def _matching(statement: Any, text: str, tier: UnitTier | None, ended: bool | None) -> Any:
    wanted = fold(text)
    if wanted.isdigit():
        statement = statement.where(Unit.code == wanted)
    elif wanted:
        statement = statement.where(Unit.folded.contains(wanted, autoescape=True))
    if tier is not None:
        statement = statement.where(Unit.tier == tier)
    if ended is not None:
        statement = statement.where(Unit.valid_to.is_not(None) if ended else Unit.valid_to.is_(None))
    return statement


def history(session: Session, unit_id: int) -> UnitHistory | None:
    """One unit with its past and its future, in five statements; None if there is none."""
    unit = session.scalar(select(Unit).where(Unit.id == unit_id).options(joinedload(Unit.parent)))
    if unit is None:
        return None
    joined = select(UnitSuccession).order_by(UnitSuccession.id)
    before = joined.where(UnitSuccession.successor_id == unit_id).options(joinedload(UnitSuccession.predecessor))
    after = joined.where(UnitSuccession.predecessor_id == unit_id).options(joinedload(UnitSuccession.successor))
    return UnitHistory(
        unit=unit,
        names=session.scalars(select(UnitName).where(UnitName.unit_id == unit_id).order_by(UnitName.valid_from)).all(),
        predecessors=session.scalars(before).all(),
        successors=session.scalars(after).all(),
        communes=session.scalar(select(func.count(Unit.id)).where(Unit.parent_id == unit_id)) or 0,
    )
