"""What the secretariat and the chair see of paper sheets: which there are, which wait for whom, what was read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.vocabulary import PaperState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.paper import PaperReading, PaperSheet, ScanBatch, ScanPage
from app.queries import sheet_pages

KEYABLE = (PaperState.WAITING, PaperState.ONCE)
UNFINISHED = (*KEYABLE, PaperState.DIFFERS, PaperState.HELD)


@dataclass(frozen=True)
class PaperRow:
    """A paper sheet without a figure of it: what may be shown before both readings are there."""

    id: int
    assignment_id: int
    round_id: int
    entry_code: str
    group_code: str
    judge_code: str
    judge: str
    judge_user_id: int
    stage: int
    state: PaperState
    obstacle: str
    reason: str
    keyed: int
    entered_at: datetime | None


def papers(session: Session, round_id: int, *states: PaperState) -> list[PaperRow]:
    """The round's paper sheets in these states by entry and judge."""
    statement = _paper_rows().where(Entry.round_id == round_id, PaperSheet.state.in_(states))
    return [_paper(row) for row in session.execute(statement.order_by(Entry.code, PanelSeat.code))]


def paper(session: Session, paper_id: int) -> PaperRow:
    """One paper sheet. Raises: NotFound."""
    row = session.execute(_paper_rows().where(PaperSheet.id == paper_id)).first()
    if row is None:
        raise NotFound("paper")
    return _paper(row)


def counts(session: Session, round_id: int) -> Mapping[PaperState, int]:
    """How many of the round's paper sheets are in each state; states without one say 0."""
    rows = session.execute(
        select(PaperSheet.state, func.count())
        .join(Assignment, Assignment.id == PaperSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Entry.round_id == round_id)
        .group_by(PaperSheet.state)
    )
    return Counter({row[0]: row[1] for row in rows})


def next_to_key(session: Session, actor: Actor, round_id: int, *, after: int = 0) -> int | None:
    """The next sheet that this person may key in: not their own, not keyed by them; None if nothing is left."""
    mine = select(PaperReading.sheet_id).where(PaperReading.keyer_id == actor.user_id)
    statement = (
        select(PaperSheet.id)
        .join(Assignment, Assignment.id == PaperSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(
            PanelSeat.round_id == round_id,
            PanelSeat.user_id != actor.user_id,
            PaperSheet.state.in_(KEYABLE),
            PaperSheet.id.not_in(mine),
        )
        .order_by(PaperSheet.id <= after, PaperSheet.id)
        .limit(1)
    )
    return session.scalar(statement)


def left_to_key(session: Session, actor: Actor, round_id: int) -> int:
    """How many sheets this person may still key in."""
    mine = select(PaperReading.sheet_id).where(PaperReading.keyer_id == actor.user_id)
    statement = (
        select(func.count())
        .select_from(PaperSheet)
        .join(Assignment, Assignment.id == PaperSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(
            PanelSeat.round_id == round_id,
            PanelSeat.user_id != actor.user_id,
            PaperSheet.state.in_(KEYABLE),
            PaperSheet.id.not_in(mine),
        )
    )
    return session.scalar(statement) or 0


@dataclass(frozen=True)
class Incomplete:
    """A sheet that some pages have not come back of, by their number on paper."""

    paper: PaperRow
    missing: tuple[int, ...]


def incomplete(session: Session, round_id: int) -> list[Incomplete]:
    """The round's sheets that are not entered yet and lack a page, by entry and judge."""
    rows = papers(session, round_id, *UNFINISHED)
    said: dict[int | None, list[str]] = defaultdict(list)
    for paper_id, text in session.execute(
        select(ScanPage.sheet_id, ScanPage.said)
        .join(ScanBatch, ScanBatch.id == ScanPage.batch_id)
        .where(ScanBatch.round_id == round_id, ScanPage.sheet_id.is_not(None))
    ):
        said[paper_id].append(text)
    found = [Incomplete(row, sheet_pages.missing(said[row.id])) for row in rows]
    return [one for one in found if one.missing]


def readings(session: Session, paper_id: int) -> tuple[PaperSheet, list[tuple[PaperReading, str]]]:
    """The sheet with its readings and their keyers' names: only once both are there.

    Raises:
        NotFound: no such sheet, or fewer than two readings, so that no second keyer sees the first's figures.
    """
    row = session.scalars(
        select(PaperSheet).where(PaperSheet.id == paper_id).options(selectinload(PaperSheet.readings))
    ).first()
    if row is None or len(row.readings) < 2:
        raise NotFound("paper")
    people = select(User.id, User.name).where(User.id.in_([one.keyer_id for one in row.readings]))
    names = {person.id: person.name for person in session.execute(people)}
    return row, [(one, names[one.keyer_id]) for one in row.readings]


def _paper_rows() -> Select[Any]:
    keyed = select(func.count()).where(PaperReading.sheet_id == PaperSheet.id).scalar_subquery()
    return (
        select(PaperSheet, Assignment, Entry, PanelSeat, User.name, keyed)
        .join(Assignment, Assignment.id == PaperSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
    )


def _paper(row: Any) -> PaperRow:
    sheet, assignment, entry, seat, name, keyed = row
    return PaperRow(
        id=sheet.id,
        assignment_id=assignment.id,
        round_id=entry.round_id,
        entry_code=entry.code or "",
        group_code=entry.group_code,
        judge_code=seat.code,
        judge=name,
        judge_user_id=seat.user_id,
        stage=assignment.stage,
        state=sheet.state,
        obstacle=sheet.obstacle,
        reason=sheet.reason,
        keyed=keyed,
        entered_at=sheet.entered_at,
    )
