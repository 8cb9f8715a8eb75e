"""How far the judging of a round is: by judge, group and stage, and the signed sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, EntryState, PanelRole, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.round import RoundGroup
from app.models.sheet import ScoreSheet

PAGE = 50


@dataclass(frozen=True)
class Count:
    """Sheets in force: how many there are, are signed, are begun."""

    total: int = 0
    signed: int = 0
    drafts: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.total + other.total, self.signed + other.signed, self.drafts + other.drafts)

    @property
    def left(self) -> int:
        """Sheets that are not signed."""
        return self.total - self.signed


@dataclass(frozen=True)
class JudgeLine:
    """One judge: by group and over all."""

    seat_id: int
    code: str
    name: str
    role: PanelRole
    answer: ConflictAnswer | None
    groups: Mapping[str, Count]

    @property
    def all(self) -> Count:
        """Over all groups."""
        return sum(self.groups.values(), Count())


@dataclass(frozen=True)
class SignedRow:
    """A signed sheet, for the chair who may reopen it."""

    sheet_id: int
    assignment_id: int
    entry_code: str
    judge_code: str
    judge: str
    total: Decimal


@dataclass(frozen=True)
class RoundProgress:
    """The progress page: the stage that is judged now. ``groups`` are (code, name) in the round's order.

    ``stages`` counts each stage that has sheets, the first included once it is closed.
    """

    groups: tuple[tuple[str, str], ...]
    judges: tuple[JudgeLine, ...]
    stages: tuple[Count, ...] = ()

    @property
    def all(self) -> Count:
        """Over all judges."""
        return sum((line.all for line in self.judges), Count())

    def of_group(self, code: str) -> Count:
        """Over all judges in one group."""
        return sum((line.groups.get(code, Count()) for line in self.judges), Count())

    def to_dict(self) -> dict[str, Any]:
        """What the page polls: ``{key: [signed, total]}`` by ``all``, group, stage, judge, and ``judge.group``."""
        cells = {"all": self.all}
        cells |= {f"g-{code}": self.of_group(code) for code, _name in self.groups}
        cells |= {f"s-{number}": count for number, count in enumerate(self.stages, start=1)}
        for line in self.judges:
            cells[f"j-{line.code}"] = line.all
            cells |= {f"j-{line.code}-{code}": count for code, count in line.groups.items()}
        return {"cells": {key: [count.signed, count.total] for key, count in cells.items()}}


def round_progress(session: Session, round_id: int) -> RoundProgress:
    """Everything in three statements; the database counts, however many sheets there are."""
    groups = session.execute(
        select(RoundGroup.group_code, RoundGroup.name).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    ).all()
    rows = session.execute(_counts(round_id)).all()
    stage = max((row.stage for row in rows), default=1)
    return RoundProgress(
        groups=tuple((row.group_code, row.name) for row in groups),
        judges=_judges(session, round_id, [row for row in rows if row.stage == stage]),
        stages=tuple(sum((_count(row) for row in rows if row.stage == n), Count()) for n in range(1, stage + 1)),
    )


def signed_count(session: Session, round_id: int) -> int:
    """How many signed sheets of the stage that is judged now are in force."""
    return session.scalar(select(func.count()).select_from(_signed(session, round_id).subquery())) or 0


def signed_sheets(session: Session, round_id: int, *, page: int) -> list[SignedRow]:
    """A page (from 1) of them, by entry and judge."""
    rows = session.execute(_signed(session, round_id).limit(PAGE).offset((page - 1) * PAGE))
    return [SignedRow(row.id, row.assignment_id, row.code or "", row.judge_code, row.name, row.total) for row in rows]


def _in_force(round_id: int) -> tuple[Any, ...]:
    """Sheets that are due: of accepted entries, not withdrawn, and not of a judge who stepped back."""
    stepped_back = exists().where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == Assignment.entry_id)
    return (Entry.round_id == round_id, Assignment.active, Entry.state == EntryState.ACCEPTED, ~stepped_back)


def _counts(round_id: int) -> Any:
    return (
        select(
            Assignment.seat_id,
            Assignment.stage,
            Entry.group_code,
            func.count().label("total"),
            _number_in(SheetState.SIGNED).label("signed"),
            _number_in(SheetState.DRAFT).label("drafts"),
        )
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(*_in_force(round_id))
        .group_by(Assignment.seat_id, Assignment.stage, Entry.group_code)
    )


def _number_in(state: SheetState) -> ColumnElement[int]:
    return func.sum(case((ScoreSheet.state == state, 1), else_=0))


def _count(row: Any) -> Count:
    return Count(row.total, row.signed or 0, row.drafts or 0)


def _judges(session: Session, round_id: int, rows: Iterable[Any]) -> tuple[JudgeLine, ...]:
    counts: dict[int, dict[str, Count]] = {}
    for row in rows:
        counts.setdefault(row.seat_id, {})[row.group_code] = _count(row)
    seats = session.execute(
        select(PanelSeat.id, PanelSeat.code, PanelSeat.role, PanelSeat.answer, User.name, User.email)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id, PanelSeat.role != PanelRole.SECRETARY)
        .order_by(PanelSeat.code)
    )
    return tuple(
        JudgeLine(seat.id, seat.code, seat.name or seat.email, seat.role, seat.answer, counts.get(seat.id, {}))
        for seat in seats
    )


def _signed(session: Session, round_id: int) -> Any:
    stage = session.scalar(
        select(func.max(Assignment.stage)).join(Entry, Entry.id == Assignment.entry_id).where(*_in_force(round_id))
    )
    return (
        select(ScoreSheet.id, ScoreSheet.assignment_id, ScoreSheet.total, Entry.code, User.name)
        .add_columns(PanelSeat.code.label("judge_code"))
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(*_in_force(round_id), Assignment.stage == (stage or 1), ScoreSheet.state == SheetState.SIGNED)
        .order_by(Entry.code, PanelSeat.code)
    )
