"""The invented entries that judges practise on, and who has: nothing here reads a score sheet, and no result reads here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.panel import PanelSeat
from app.models.practice import PracticeSheet
from app.models.round import RoundGroup
from app.queries.handbook import read_toml


@dataclass(frozen=True)
class Example:
    """An invented product: its group, and parts of a dossier as (title, text)."""

    key: str
    code: str
    group: str
    name: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Practised:
    """How many practice sheets a judge has signed or begun."""

    name: str
    count: int


@cache
def examples() -> tuple[Example, ...]:
    """All invented entries, in order."""
    return tuple(
        Example(raw["key"], raw["code"], raw["group"], raw["name"], tuple((p["title"], p["text"]) for p in raw["parts"]))
        for raw in read_toml("practice.toml")["examples"]
    )


def example(key: str) -> Example | None:
    """The invented entry of a key."""
    return next((one for one in examples() if one.key == key), None)


def rubric_group(session: Session, round_id: int, wanted: str) -> str:
    """The group of the round whose rubric serves for an example: its own, else the round's first.

    Raises:
        LookupError: the round has no group.
    """
    groups = session.scalars(
        select(RoundGroup.group_code).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    ).all()
    if not groups:
        raise LookupError(round_id)
    return wanted if wanted in groups else groups[0]


def sheets_of(session: Session, seat_id: int) -> Mapping[str, PracticeSheet]:
    """A judge's practice sheets by the example's key."""
    rows = session.scalars(select(PracticeSheet).where(PracticeSheet.seat_id == seat_id))
    return {row.example: row for row in rows}


def practised(session: Session, round_id: int) -> tuple[Practised, ...]:
    """Who of a panel has practised."""
    rows = session.execute(
        select(User.name, func.count())
        .select_from(PracticeSheet)
        .join(PanelSeat, PanelSeat.id == PracticeSheet.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id)
        .group_by(PanelSeat.code, User.name)
        .order_by(PanelSeat.code)
    )
    return tuple(Practised(name, count) for name, count in rows)
