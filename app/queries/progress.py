"""How far the judging of a round is: by judge and group, and where judges are far apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ConflictAnswer, EntryState, PanelRole, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.round import RoundGroup
from app.models.sheet import ScoreSheet


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
class Gap:
    """An entry whose signed totals lie further apart than the rule set allows.

    ``totals`` are (judge's code, name, total) from the highest; ``median`` and ``range`` in points.
    """

    entry_code: str
    group: str
    range: Decimal
    median: Decimal
    totals: tuple[tuple[str, str, Decimal], ...]


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
    gaps: tuple[Gap, ...]
    signed: tuple[SignedRow, ...]
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
        return {"cells": {key: [count.signed, count.total] for key, count in cells.items()}, "gaps": len(self.gaps)}


def round_progress(session: Session, round_id: int, *, gap_points: Decimal) -> RoundProgress:
    """Everything in four statements. ``gap_points``: a range above it is a warning (rule ``gap_warning_points``)."""
    groups = session.execute(
        select(RoundGroup.group_code, RoundGroup.name).where(RoundGroup.round_id == round_id).order_by(RoundGroup.position)
    ).all()
    rows = session.execute(_sheets(round_id)).all()
    recused = set(
        session.execute(
            select(Recusal.seat_id, Recusal.entry_id)
            .join(PanelSeat, PanelSeat.id == Recusal.seat_id)
            .where(PanelSeat.round_id == round_id)
        ).all()
    )
    kept = [row for row in rows if (row.seat_id, row.entry_id) not in recused]
    stage = max((row.stage for row in kept), default=1)
    counted = [row for row in kept if row.stage == stage]
    return RoundProgress(
        groups=tuple((row.group_code, row.name) for row in groups),
        judges=_judges(session, round_id, counted),
        gaps=_gaps(counted, gap_points),
        signed=tuple(_signed(row) for row in counted if row.state is SheetState.SIGNED),
        stages=tuple(sum((_one(row) for row in kept if row.stage == n), Count()) for n in range(1, stage + 1)),
    )


def _one(row: Any) -> Count:
    return Count(1, int(row.state is SheetState.SIGNED), int(row.state is SheetState.DRAFT))


def _sheets(round_id: int) -> Any:
    return (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.seat_id,
            Assignment.entry_id,
            Assignment.stage,
            Entry.code,
            Entry.group_code,
            PanelSeat.code.label("judge_code"),
            User.name.label("judge"),
            ScoreSheet.id.label("sheet_id"),
            ScoreSheet.state,
            ScoreSheet.total,
        )
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Entry.round_id == round_id, Assignment.active, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.code, PanelSeat.code)
    )


def _judges(session: Session, round_id: int, rows: Iterable[Any]) -> tuple[JudgeLine, ...]:
    counts: dict[int, dict[str, Count]] = {}
    for row in rows:
        of_seat = counts.setdefault(row.seat_id, {})
        of_seat[row.group_code] = of_seat.get(row.group_code, Count()) + _one(row)
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


def _gaps(rows: Iterable[Any], gap_points: Decimal) -> tuple[Gap, ...]:
    by_entry: dict[str, list[Any]] = {}
    for row in rows:
        if row.state is SheetState.SIGNED:
            by_entry.setdefault(row.code, []).append(row)
    found = [_gap(code, signed) for code, signed in by_entry.items()]
    return tuple(sorted((gap for gap in found if gap.range > gap_points), key=lambda gap: (-gap.range, gap.entry_code)))


def _gap(code: str, signed: list[Any]) -> Gap:
    ordered = sorted(signed, key=lambda row: (-row.total, row.judge_code))
    return Gap(
        entry_code=code,
        group=signed[0].group_code,
        range=ordered[0].total - ordered[-1].total,
        median=median(row.total for row in ordered),
        totals=tuple((row.judge_code, row.judge, row.total) for row in ordered),
    )


def _signed(row: Any) -> SignedRow:
    return SignedRow(row.sheet_id, row.assignment_id, row.code, row.judge_code, row.judge, row.total)
