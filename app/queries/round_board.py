"""One round's board and the secretary's desk: figures, progress, who is late."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.deadlines import is_passed
from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import AlertState, ConflictRuling, EntryState, LevelCode, PanelRole, Phase, SheetState
from app.models.account import User
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Product
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.round import ProductGroup, Round, RoundGroup, RoundPhase, Season
from app.models.sheet import ScoreSheet
from app.queries.among import among, of_secretary
from app.queries.discrepancies import UNSETTLED, alert_lines

NOT_COUNTED = (EntryState.DRAFT, EntryState.WITHDRAWN)


# --- the secretary's desk -------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskRound:
    """A round on its secretary's first page. ``waiting`` were submitted and not yet checked."""

    id: int
    code: str
    name: str
    level: LevelCode
    phase: Phase
    year: int
    closes_at: datetime | None
    entries: int
    waiting: int
    supplements: int
    overdue: int
    sheets_signed: int
    sheets_due: int


DESK_PAGE = 50
OVER = (Phase.PUBLISHED, Phase.ARCHIVED)


def desk_order(session: Session, actor: Actor) -> list[int]:
    """The ids of a secretary's rounds as the desk shows them: open ones first, then the newest seasons."""
    over = case((Round.phase.in_(OVER), 1), else_=0)
    return list(
        session.scalars(
            select(Round.id)
            .join(Season, Season.id == Round.season_id)
            .where(of_secretary(Round.id, actor))
            .order_by(over, Season.year.desc(), Round.code)
        )
    )


def desk(session: Session, round_ids: Collection[int], *, now: datetime) -> list[DeskRound]:
    """The rounds of a secretary, open ones first, newest first, in five statements.

    Sheets are counted where they can still be missing: not in rounds that are over.
    """
    rows = session.execute(
        select(Round.id, Round.code, Round.name, Round.level, Round.phase, Season.year, RoundPhase.closes_at)
        .join(Season, Season.id == Round.season_id)
        .outerjoin(RoundPhase, and_(RoundPhase.round_id == Round.id, RoundPhase.phase == Round.phase))
        .where(among(Round.id, round_ids))
        .order_by(Season.year.desc(), Round.code)
    ).all()
    states = _states(session, round_ids)
    overdue = _overdue(session, round_ids, now)
    sheets = {
        row.round_id: row
        for row in session.execute(
            select(Entry.round_id, func.count().label("due"), _signed_count().label("signed"))
            .select_from(Assignment)
            .join(Entry, Entry.id == Assignment.entry_id)
            .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
            .where(Entry.round_id.in_([row.id for row in rows if row.phase not in OVER]), *_scoreable())
            .group_by(Entry.round_id)
        )
    }
    found = [
        DeskRound(
            **{name: getattr(row, name) for name in ("id", "code", "name", "level", "phase", "year", "closes_at")},
            entries=sum(n for state, n in states.get(row.id, {}).items() if state not in NOT_COUNTED),
            waiting=states.get(row.id, {}).get(EntryState.SUBMITTED, 0),
            supplements=states.get(row.id, {}).get(EntryState.SUPPLEMENT_REQUESTED, 0),
            overdue=overdue.get(row.id, 0),
            sheets_signed=sheets[row.id].signed if row.id in sheets else 0,
            sheets_due=sheets[row.id].due if row.id in sheets else 0,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row.phase in OVER)


# --- one round's board ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """Signed sheets of those that are due."""

    signed: int = 0
    due: int = 0


@dataclass(frozen=True)
class JudgeLine:
    """A judge's row of the matrix; ``cells`` by product group."""

    seat_id: int
    code: str
    name: str
    cells: Mapping[str, Progress]

    @property
    def total(self) -> Progress:
        """Over all groups."""
        return Progress(sum(c.signed for c in self.cells.values()), sum(c.due for c in self.cells.values()))


@dataclass(frozen=True)
class Gap:
    """An entry whose signed sheets lie further apart than the round's warning: by how many points at most.

    ``waits_for_chair`` is False where only a judge is waited for, who was asked to look again.
    """

    entry_id: int
    code: str
    points: Decimal
    waits_for_chair: bool


@dataclass(frozen=True)
class OpenSupplement:
    """An entry that waits for its facility."""

    entry_id: int
    code: str
    name: str
    due_at: datetime
    overdue: bool


@dataclass(frozen=True)
class Dashboard:
    """A round on one page. Counts of entries leave out drafts and withdrawn ones."""

    round: Round
    territory: str
    groups: tuple[tuple[str, str], ...]
    states: Mapping[EntryState, int]
    facilities: int
    localities: int
    overdue: int
    judges: tuple[JudgeLine, ...]
    gaps: tuple[Gap, ...]
    supplements: tuple[OpenSupplement, ...]
    pending_conflicts: int

    @property
    def submitted(self) -> int:
        """Everything that was handed in and not withdrawn."""
        return sum(n for state, n in self.states.items() if state not in NOT_COUNTED)

    @property
    def sheets(self) -> Progress:
        """Over all judges."""
        totals = [line.total for line in self.judges]
        return Progress(sum(t.signed for t in totals), sum(t.due for t in totals))


SHOWN_SUPPLEMENTS = 8


def dashboard(session: Session, round_id: int, now: datetime) -> Dashboard:
    """One round's board, in a constant number of statements.

    Raises:
        NotFound: there is no such round.
    """
    row = session.scalars(
        select(Round)
        .where(Round.id == round_id)
        .options(joinedload(Round.season), joinedload(Round.unit), selectinload(Round.phases))
    ).first()
    if row is None:
        raise NotFound("round")
    counts = session.execute(
        select(func.count(Entry.facility_id.distinct()), func.count(Entry.locality_id.distinct())).where(
            Entry.round_id == round_id, Entry.state.not_in(NOT_COUNTED)
        )
    ).one()
    return Dashboard(
        round=row,
        territory=row.unit.full_name if row.unit else "",
        groups=_group_names(session, round_id),
        states=_states(session, [round_id]).get(round_id, {}),
        facilities=counts[0],
        localities=counts[1],
        overdue=_overdue(session, [round_id], now).get(round_id, 0),
        judges=_judges(session, round_id),
        gaps=gaps(session, row),
        supplements=_open_supplements(session, round_id, now),
        pending_conflicts=pending_conflicts(session, round_id),
    )


def gaps(session: Session, round_: Round) -> tuple[Gap, ...]:
    """Entries with an alert that waits for the chair or for a judge, widest first; what the chair has kept waits no more."""
    lines = alert_lines(session, round_, RuleSet.from_dict(round_.rules))
    waiting = [line for line in lines if line.state in UNSETTLED]
    widest = {line.entry_code: line.difference for line in sorted(waiting, key=lambda line: line.difference)}
    of_chair = {line.entry_code for line in waiting if line.state is AlertState.OPEN}
    ids = session.execute(select(Entry.code, Entry.id).where(Entry.round_id == round_.id, Entry.code.in_(widest)))
    found = [Gap(row.id, row.code, widest[row.code], row.code in of_chair) for row in ids]
    return tuple(sorted(found, key=lambda gap: (-gap.points, gap.code)))


def _states(session: Session, round_ids: Collection[int]) -> dict[int, dict[EntryState, int]]:
    found: dict[int, dict[EntryState, int]] = {}
    for row in session.execute(
        select(Entry.round_id, Entry.state, func.count().label("n"))
        .where(among(Entry.round_id, round_ids))
        .group_by(Entry.round_id, Entry.state)
    ):
        found.setdefault(row.round_id, {})[row.state] = row.n
    return found


def _overdue(session: Session, round_ids: Collection[int], now: datetime) -> dict[int, int]:
    """By round: entries whose open request has run out; the last whole second still counts."""
    rows = session.execute(
        select(Entry.round_id, func.count(Entry.id.distinct()).label("n"))
        .join(SupplementRequest, SupplementRequest.entry_id == Entry.id)
        .where(
            among(Entry.round_id, round_ids),
            Entry.state == EntryState.SUPPLEMENT_REQUESTED,
            SupplementRequest.answered_at.is_(None),
            SupplementRequest.due_at < now.replace(microsecond=0),
        )
        .group_by(Entry.round_id)
    )
    return {row.round_id: row.n for row in rows}


def _scoreable() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Assignments that ask for a sheet: active, and their judge has not stepped back."""
    stepped_back = exists().where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == Assignment.entry_id)
    return (Assignment.active.is_(True), ~stepped_back)


def _signed_count() -> ColumnElement[int]:
    return func.sum(case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0))


def _group_names(session: Session, round_id: int) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(RoundGroup.group_code, ProductGroup.short_vi)
        .join(ProductGroup, ProductGroup.code == RoundGroup.group_code)
        .where(RoundGroup.round_id == round_id)
        .order_by(RoundGroup.position)
    )
    return tuple((row.group_code, row.short_vi) for row in rows)


def _judges(session: Session, round_id: int) -> tuple[JudgeLine, ...]:
    seats = session.execute(
        select(PanelSeat.id, PanelSeat.code, User.name)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_id, PanelSeat.role != PanelRole.SECRETARY)
        .order_by(PanelSeat.code)
    ).all()
    cells: dict[int, dict[str, Progress]] = {}
    for row in session.execute(
        select(Assignment.seat_id, Entry.group_code, func.count().label("due"), _signed_count().label("signed"))
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Entry.round_id == round_id, *_scoreable())
        .group_by(Assignment.seat_id, Entry.group_code)
    ):
        cells.setdefault(row.seat_id, {})[row.group_code] = Progress(row.signed, row.due)
    return tuple(JudgeLine(seat.id, seat.code, seat.name, cells.get(seat.id, {})) for seat in seats)


def _open_supplements(session: Session, round_id: int, now: datetime) -> tuple[OpenSupplement, ...]:
    rows = session.execute(
        select(Entry.id, Entry.code, Product.name, SupplementRequest.due_at)
        .join(SupplementRequest, SupplementRequest.entry_id == Entry.id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.SUPPLEMENT_REQUESTED,
            SupplementRequest.answered_at.is_(None),
        )
        .order_by(SupplementRequest.due_at, Entry.code)
        .limit(SHOWN_SUPPLEMENTS)
    )
    return tuple(OpenSupplement(r.id, r.code, r.name, r.due_at, is_passed(now, r.due_at)) for r in rows)


def pending_conflicts(session: Session, round_id: int) -> int:
    """Declared interests of the round that the chair has not ruled on."""
    found = session.scalar(
        select(func.count())
        .select_from(ConflictDeclaration)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .where(PanelSeat.round_id == round_id, ConflictDeclaration.ruling == ConflictRuling.PENDING)
    )
    return found or 0
