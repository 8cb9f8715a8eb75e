"""Which score sheets are still out: every assignment of a round against what came back, on paper or on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, PanelRole, PaperState, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.paper import PaperSheet
from app.models.sheet import ScoreSheet


@dataclass(frozen=True)
class Cell:
    """One assignment: a paper sheet in a state, or a sheet signed on screen, or neither: it is still out."""

    assignment_id: int
    paper_id: int | None
    state: PaperState | None
    on_screen: bool
    total: Decimal | None

    @property
    def is_out(self) -> bool:
        """True if nothing of this sheet has come back."""
        return not self.on_screen and self.state in (None, PaperState.CLOSED)


@dataclass(frozen=True)
class Coverage:
    """Entries x judges of one stage; ``cells`` by (entry code, judge code), judges as (code, name)."""

    stage: int
    entries: tuple[str, ...]
    judges: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], Cell]

    @property
    def out(self) -> int:
        """How many sheets are still out."""
        return sum(cell.is_out for cell in self.cells.values())


def coverage(session: Session, round_id: int) -> list[Coverage]:
    """Which sheets are still out, by stage; one statement."""
    rows = session.execute(
        select(Assignment, Entry.code, PanelSeat.code, User.name, PaperSheet, ScoreSheet.state, ScoreSheet.total)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .outerjoin(PaperSheet, PaperSheet.assignment_id == Assignment.id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.ACCEPTED,
            PanelSeat.role != PanelRole.SECRETARY,
            or_(Assignment.active, PaperSheet.id.is_not(None)),
        )
        .order_by(Assignment.stage, Entry.code, PanelSeat.code)
    ).all()
    return [
        _stage(stage, [row for row in rows if row[0].stage == stage]) for stage in sorted({row[0].stage for row in rows})
    ]


def _stage(stage: int, rows: list[Any]) -> Coverage:
    cells = {}
    for assignment, entry, judge, _name, sheet, state, total in rows:
        signed = state is SheetState.SIGNED
        by_paper = sheet is not None and sheet.state is PaperState.ENTERED
        cells[entry, judge] = Cell(
            assignment_id=assignment.id,
            paper_id=sheet.id if sheet else None,
            state=sheet.state if sheet else None,
            on_screen=signed and not by_paper,
            total=total if signed else None,
        )
    judges = dict(sorted((judge, name) for _a, _e, judge, name, *_rest in rows))
    return Coverage(stage, tuple(dict.fromkeys(row[1] for row in rows)), tuple(judges.items()), cells)
