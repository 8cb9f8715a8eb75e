"""Reads about rounds: the list with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, Outcome, SheetState
from app.models.certificate import Certificate
from app.models.council import Recognition
from app.models.entry import Entry
from app.models.panel import Assignment
from app.models.round import Round, Season
from app.models.sheet import ScoreSheet
from app.queries.round_board import DESK_PAGE, Dashboard, DeskRound, dashboard, desk, desk_order, gaps

__all__ = ["DESK_PAGE", "Dashboard", "DeskRound", "RoundSummary", "dashboard", "desk", "desk_order", "gaps", "summaries"]


@dataclass(frozen=True)
class RoundSummary:
    """One round in figures. ``entries`` counts what was submitted and not withdrawn."""

    code: str
    level: str
    year: int
    phase: str
    entries: int
    localities: int
    groups: Mapping[str, int]
    sheets_signed: int
    recognised: int
    certificates: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return asdict(self)


def summaries(session: Session) -> list[RoundSummary]:
    """Every round, newest season and highest level first, in a constant number of statements."""
    rounds = session.execute(
        select(Round.id, Round.code, Round.level, Round.phase, Season.year)
        .join(Season, Season.id == Round.season_id)
        .order_by(Season.year.desc(), Round.code)
    ).all()
    groups = _entries_by_group(session)
    localities = _count(session, _localities())
    sheets = _count(session, _signed_sheets())
    recognised = _count(session, _recognised())
    certificates = _count(
        session,
        select(Certificate.round_id, func.count()).group_by(Certificate.round_id),
    )
    return [
        RoundSummary(
            code=row.code,
            level=row.level.value,
            year=row.year,
            phase=row.phase.value,
            entries=sum(groups.get(row.id, {}).values()),
            localities=localities.get(row.id, 0),
            groups=groups.get(row.id, {}),
            sheets_signed=sheets.get(row.id, 0),
            recognised=recognised.get(row.id, 0),
            certificates=certificates.get(row.id, 0),
        )
        for row in rounds
    ]


NOT_COUNTED = (EntryState.DRAFT, EntryState.WITHDRAWN)


def _entries_by_group(session: Session) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for round_id, group, count in session.execute(
        select(Entry.round_id, Entry.group_code, func.count())
        .where(Entry.state.not_in(NOT_COUNTED))
        .group_by(Entry.round_id, Entry.group_code)
    ):
        found.setdefault(round_id, {})[group] = count
    return found


def _localities() -> Any:
    return (
        select(Entry.round_id, func.count(Entry.locality_id.distinct()))
        .where(Entry.state.not_in(NOT_COUNTED))
        .group_by(Entry.round_id)
    )


def _signed_sheets() -> Any:
    return (
        select(Entry.round_id, func.count())
        .join(Assignment, Assignment.entry_id == Entry.id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(ScoreSheet.state == SheetState.SIGNED)
        .group_by(Entry.round_id)
    )


def _recognised() -> Any:
    return (
        select(Recognition.round_id, func.count())
        .where(Recognition.outcome == Outcome.RECOGNISED)
        .group_by(Recognition.round_id)
    )


def _count(session: Session, statement: Any) -> dict[int, int]:
    return dict(session.execute(statement).all())
