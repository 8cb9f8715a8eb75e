"""What a person has to do next, for every part that they play, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Exists, Float, ScalarSelect, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.deadlines import is_passed
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import (
    AlertState,
    BallotKind,
    ConflictRuling,
    CouncilRole,
    EntryState,
    JobState,
    MailState,
    PanelRole,
    Phase,
    SessionState,
    SheetState,
)
from app.models.council import BallotMark, CouncilRecusal, CouncilSeat, CouncilSession, Recognition, Vote
from app.models.entry import Entry, SupplementRequest
from app.models.facility import Product
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.record import Job, OutboxMail
from app.models.result import ResultLine
from app.models.round import Round, RoundPhase
from app.models.sheet import ScoreSheet
from app.queries.among import of_secretary
from app.queries.discrepancies import alert_lines
from app.queries.judging import ANSWERED, my_rounds
from app.queries.round_board import desk as secretary_desk

RESULT_DAYS = 60
MAXIMUM = 50
ON_BALLOT = ("selected", "council", "over_quota")


class Duty(StrEnum):
    """Kinds of things to do, in the order in which a desk shows them within one part."""

    SUPPLEMENT = "supplement"
    DRAFT = "draft"
    RESULT = "result"
    OVERDUE_SUPPLEMENTS = "overdue_supplements"
    CHECK = "check"
    OPEN_SUPPLEMENTS = "open_supplements"
    NEXT_STEP = "next_step"
    DECLARE = "declare"
    SHEETS = "sheets"
    RULINGS = "rulings"
    GAPS = "gaps"
    VOTE = "vote"
    MEETING = "meeting"
    DECIDE = "decide"
    FAILED_JOBS = "failed_jobs"
    FAILED_MAIL = "failed_mail"


@dataclass(frozen=True)
class Task:
    """One line of the desk. ``thing_id`` is the entry, round or session it leads to; ``where`` names its round.

    ``done`` of ``total`` tells progress where it makes sense.
    """

    duty: Duty
    count: int
    thing_id: int | None = None
    name: str = ""
    where: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    phase: Phase | None = None
    done: int = 0
    total: int = 0


def tasks(session: Session, actor: Actor, *, now: datetime) -> list[Task]:
    """Everything that waits for the person, part by part; at most fifteen statements whatever there is."""
    found: list[Task] = []
    if actor.facility_ids:
        found += _of_facilities(session, actor.facility_ids, now)
    if actor.secretary_of:
        found += _of_secretary(session, actor, now)
    if actor.panel_seats:
        found += _of_judge(session, actor, now)
    if actor.council_seats:
        found += _of_council(session, actor, now)
    if actor.is_administrator:
        found += _of_administrator(session)
    return found


# --- facility -------------------------------------------------------------------------------------


def _of_facilities(session: Session, facility_ids: Collection[int], now: datetime) -> Iterator[Task]:
    due = (
        select(func.max(SupplementRequest.due_at))
        .where(SupplementRequest.entry_id == Entry.id, SupplementRequest.answered_at.is_(None))
        .correlate(Entry)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Entry.id,
            Entry.state,
            Entry.extended_until,
            Product.name,
            Round.name.label("round"),
            RoundPhase.closes_at,
            due.label("due"),
        )
        .join(Product, Product.id == Entry.product_id)
        .join(Round, Round.id == Entry.round_id)
        .outerjoin(RoundPhase, and_(RoundPhase.round_id == Round.id, RoundPhase.phase == Phase.REGISTRATION))
        .where(
            Entry.facility_id.in_(facility_ids),
            Entry.state.in_((EntryState.DRAFT, EntryState.SUPPLEMENT_REQUESTED)),
            Round.phase.in_((Phase.REGISTRATION, Phase.CHECKING)),
        )
        .order_by(Entry.state.desc(), Entry.id.desc())
        .limit(MAXIMUM)
    )
    for row in rows:
        is_draft = row.state is EntryState.DRAFT
        due_at = (row.extended_until or row.closes_at) if is_draft else row.due
        late = due_at is not None and is_passed(now, due_at)
        yield Task(Duty.DRAFT if is_draft else Duty.SUPPLEMENT, 1, row.id, row.name, row.round, due_at, late)
    yield from _results(session, facility_ids, now)


def _results(session: Session, facility_ids: Collection[int], now: datetime) -> Iterator[Task]:
    """Rounds whose results came out lately, with how many of the facilities' products they decided."""
    rows = session.execute(
        select(Round.id, Round.name, func.count().label("n"))
        .select_from(Recognition)
        .join(Entry, Entry.id == Recognition.entry_id)
        .join(Round, Round.id == Recognition.round_id)
        .where(Entry.facility_id.in_(facility_ids), Recognition.published_at > now - timedelta(days=RESULT_DAYS))
        .group_by(Round.id, Round.name)
        .order_by(Round.id.desc())
        .limit(MAXIMUM)
    )
    for row in rows:
        yield Task(Duty.RESULT, row.n, row.id, row.name)


# --- secretariat ----------------------------------------------------------------------------------


def _of_secretary(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    running = set(
        session.scalars(
            select(Round.id)
            .where(of_secretary(Round.id, actor), Round.phase.not_in((Phase.PUBLISHED, Phase.ARCHIVED)))
            .order_by(Round.id.desc())
            .limit(MAXIMUM)
        )
    )
    for row in secretary_desk(session, running, now=now):
        if row.overdue:
            yield Task(Duty.OVERDUE_SUPPLEMENTS, row.overdue, row.id, row.name, row.code, overdue=True)
        if row.waiting:
            yield Task(Duty.CHECK, row.waiting, row.id, row.name, row.code, row.closes_at, _late(now, row.closes_at))
        if row.supplements - row.overdue > 0:
            yield Task(Duty.OPEN_SUPPLEMENTS, row.supplements - row.overdue, row.id, row.name, row.code)
        yield Task(
            Duty.NEXT_STEP,
            1,
            row.id,
            row.name,
            row.code,
            row.closes_at,
            _late(now, row.closes_at),
            row.phase,
            row.sheets_signed,
            row.sheets_due,
        )


def _late(now: datetime, due_at: datetime | None) -> bool:
    return due_at is not None and is_passed(now, due_at)


# --- panel ----------------------------------------------------------------------------------------


def _of_judge(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    for row in my_rounds(session, actor):
        if row.phase is not Phase.JUDGING or row.role is PanelRole.SECRETARY:
            continue
        late = _late(now, row.closes_at)
        if row.answer not in ANSWERED:
            yield Task(Duty.DECLARE, row.total, row.id, row.name, row.code, row.closes_at, late)
        if row.left:
            yield Task(Duty.SHEETS, row.left, row.id, row.name, row.code, row.closes_at, late, None, row.signed, row.total)
    chaired = [round_id for round_id, seat in actor.panel_seats.items() if seat.role is PanelRole.CHAIR]
    if chaired:
        yield from _rulings(session, chaired)
        yield from _gaps(session, chaired)


def _rulings(session: Session, chaired: Collection[int]) -> Iterator[Task]:
    rows = session.execute(
        select(Round.id, Round.name, Round.code, func.count().label("n"))
        .select_from(ConflictDeclaration)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .join(Round, Round.id == PanelSeat.round_id)
        .where(Round.id.in_(chaired), Round.phase == Phase.JUDGING, ConflictDeclaration.ruling == ConflictRuling.PENDING)
        .group_by(Round.id, Round.name, Round.code)
        .order_by(Round.id.desc())
    )
    for row in rows:
        yield Task(Duty.RULINGS, row.n, row.id, row.name, row.code)


def _gaps(session: Session, chaired: Collection[int]) -> Iterator[Task]:
    """Entries whose signed sheets lie further apart than each round warns of, by round."""
    rounds = {
        row.id: row
        for row in session.execute(
            select(Round.id, Round.name, Round.code, Round.rules).where(Round.id.in_(chaired), Round.phase == Phase.JUDGING)
        )
    }
    limits = {key: RuleSet.from_dict(row.rules).gap_warning_points for key, row in rounds.items()}
    counts: dict[int, int] = {}
    for round_id, spread in _spreads(session, list(rounds), min(limits.values(), default=Decimal(0))):
        counts[round_id] = counts.get(round_id, 0) + (spread > limits[round_id])
    for round_id in (key for key, count in counts.items() if count):
        waiting = _waiting(session, round_id)
        if waiting:
            yield Task(Duty.GAPS, waiting, round_id, rounds[round_id].name, rounds[round_id].code)


def _waiting(session: Session, round_id: int) -> int:
    """Entries with an alert that the chair has neither kept nor given back."""
    round_ = session.get_one(Round, round_id)
    lines = alert_lines(session, round_, RuleSet.from_dict(round_.rules))
    return len({(line.entry_code, line.stage) for line in lines if line.state is AlertState.OPEN})


def _spreads(session: Session, round_ids: Collection[int], least: Decimal) -> Iterator[tuple[int, Decimal]]:
    stepped_back = exists().where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == Assignment.entry_id)
    spread = func.max(ScoreSheet.total) - func.min(ScoreSheet.total)
    rows = session.execute(
        select(Entry.round_id, func.max(ScoreSheet.total).label("high"), func.min(ScoreSheet.total).label("low"))
        .select_from(ScoreSheet)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Entry.round_id.in_(round_ids), ScoreSheet.state == SheetState.SIGNED, Assignment.active, ~stepped_back)
        .group_by(Entry.round_id, Entry.id, Assignment.stage)
        # A rough cut in the database; exact figures decide afterwards.
        .having(cast(spread, Float) > float(least) - 0.01)
    )
    for row in rows:
        yield row.round_id, row.high - row.low


# --- council --------------------------------------------------------------------------------------


def _of_council(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    ballot = (
        select(func.count())
        .where(ResultLine.run_id == CouncilSession.run_id, ResultLine.selection.in_(ON_BALLOT))
        .correlate(CouncilSession)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            CouncilSession.id,
            CouncilSession.number,
            CouncilSession.state,
            CouncilSession.ballot,
            CouncilSession.meets_at,
            CouncilSeat.role,
            Round.name,
            Round.id.label("round_id"),
            ballot.label("ballots"),
            _mine(Vote).label("votes"),
            _mine(CouncilRecusal).label("recused"),
            _marked().label("marked"),
            _decided().label("decided"),
        )
        .join(CouncilSeat, CouncilSeat.round_id == CouncilSession.round_id)
        .join(Round, Round.id == CouncilSession.round_id)
        .where(CouncilSeat.user_id == actor.user_id, Round.phase == Phase.DELIBERATION)
        .order_by(CouncilSession.meets_at)
        .limit(MAXIMUM)
    )
    for row in rows:
        has_vote, is_chair = row.role is not CouncilRole.SECRETARY, row.role is CouncilRole.CHAIR
        if row.state is SessionState.PLANNED:
            yield Task(Duty.MEETING, 1, row.id, row.name, str(row.number), row.meets_at, _late(now, row.meets_at))
        elif row.state is SessionState.OPEN and has_vote:
            total = row.ballots - row.recused
            done = (total if row.marked else 0) if row.ballot is BallotKind.SECRET else row.votes
            if done < total:
                yield Task(Duty.VOTE, total - done, row.id, row.name, str(row.number), None, False, None, done, total)
        elif row.state is SessionState.CLOSED and is_chair and row.decided < row.ballots:
            yield Task(Duty.DECIDE, row.ballots - row.decided, row.id, row.name, str(row.number))


def _mine(table: type[Vote] | type[CouncilRecusal]) -> ScalarSelect[int]:
    """How many rows of the table the seat has in the session."""
    return (
        select(func.count())
        .select_from(table)
        .where(table.session_id == CouncilSession.id, table.seat_id == CouncilSeat.id)
        .correlate(CouncilSession, CouncilSeat)
        .scalar_subquery()
    )


def _marked() -> Exists:
    return (
        exists()
        .where(BallotMark.session_id == CouncilSession.id, BallotMark.seat_id == CouncilSeat.id)
        .correlate(CouncilSession, CouncilSeat)
    )


def _decided() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Recognition)
        .join(ResultLine, ResultLine.entry_id == Recognition.entry_id)
        .where(ResultLine.run_id == CouncilSession.run_id, ResultLine.selection.in_(ON_BALLOT))
        .correlate(CouncilSession)
        .scalar_subquery()
    )


# --- administration -------------------------------------------------------------------------------


def _of_administrator(session: Session) -> Iterator[Task]:
    jobs = session.scalar(select(func.count()).where(Job.state == JobState.FAILED)) or 0
    mail = session.scalar(
        select(func.count()).where(
            or_(OutboxMail.state == MailState.FAILED, OutboxMail.error != ""), OutboxMail.sent_at.is_(None)
        )
    )
    if jobs:
        yield Task(Duty.FAILED_JOBS, jobs, overdue=True)
    if mail:
        yield Task(Duty.FAILED_MAIL, mail, overdue=True)
