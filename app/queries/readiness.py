"""What a round still lacks before it may go into its next phase, as a list of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, exists, func, select, true
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import ConflictRuling, EntryState, PanelRole, Phase, SheetState
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.round import Round, RoundGroup, RoundPhase
from app.models.sheet import ScoreSheet
from app.queries.agreed_list import agreement
from app.queries.discrepancies import UNSETTLED, alert_lines
from app.queries.stages import FIRST, SECOND, closing_of

OPEN_STATES = (EntryState.SUBMITTED, EntryState.SUPPLEMENT_REQUESTED)


@dataclass(frozen=True)
class Condition:
    """One line of the checklist. A condition that is not ``blocking`` only warns.

    ``count`` is how many things are meant (open entries, missing judges); ``params`` fill the
    sentence of ``code``.
    """

    code: str
    met: bool
    blocking: bool = True
    count: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)


def conditions(session: Session, round_: Round, to: Phase) -> tuple[Condition, ...]:
    """The conditions for moving ``round_`` to ``to``, in a constant number of statements.

    Source of the order of steps: TT 26/2014 Điều 11 to 17; how many judges are enough is the
    round's own rule ``minimum_sheets``.
    """
    if to is Phase.REGISTRATION:
        return _for_registration(session, round_)
    if to is Phase.CHECKING:
        return (_windows(session, round_, Phase.CHECKING, blocking=False),)
    if to is Phase.JUDGING:
        return _for_judging(session, round_)
    if to is Phase.DELIBERATION:
        return _for_deliberation(session, round_)
    return ()


def _for_registration(session: Session, round_: Round) -> tuple[Condition, ...]:
    groups = session.scalar(select(func.count()).where(RoundGroup.round_id == round_.id)) or 0
    return (
        Condition("has_groups", groups > 0, count=groups),
        Condition("has_authority", bool(round_.authority and round_.signer_title)),
        _windows(session, round_, Phase.REGISTRATION, blocking=True),
    )


def _windows(session: Session, round_: Round, phase: Phase, *, blocking: bool) -> Condition:
    known = session.scalar(select(func.count()).where(RoundPhase.round_id == round_.id, RoundPhase.phase == phase))
    return Condition(f"has_window_{phase.value}", bool(known), blocking=blocking)


def _for_judging(session: Session, round_: Round) -> tuple[Condition, ...]:
    least = RuleSet.from_dict(round_.rules).minimum_sheets
    states = _entries_by_state(session, round_.id)
    waiting = sum(states.get(state, 0) for state in OPEN_STATES)
    seats = _scoring_seats(session, round_.id)
    short = _short_groups(session, round_.id, seats, least)
    thin = _entries_with_few_judges(session, round_.id, least)
    return (
        Condition("no_open_entries", waiting == 0, count=waiting),
        Condition("has_accepted_entries", states.get(EntryState.ACCEPTED, 0) > 0),
        Condition("has_chair", any(role is PanelRole.CHAIR for role, _ in seats)),
        Condition("enough_judges", len(seats) >= least, count=len(seats), params={"minimum": least}),
        Condition("groups_have_judges", not short, count=len(short), params={"groups": ", ".join(short)}),
        Condition("judges_assigned", thin == 0, blocking=False, count=thin, params={"minimum": least}),
        _agreed_list(session, round_),
        Condition("no_drafts", not states.get(EntryState.DRAFT), blocking=False, count=states.get(EntryState.DRAFT, 0)),
        _windows(session, round_, Phase.JUDGING, blocking=False),
    )


def _agreed_list(session: Session, round_: Round) -> Condition:
    """The council's word on the list is a step of some places' procedure, so that it only warns."""
    found = agreement(session, round_)
    met = found is not None and not found.outdated
    return Condition("list_agreed", met, blocking=False, params={"outdated": found is not None and found.outdated})


def _entries_by_state(session: Session, round_id: int) -> dict[EntryState, int]:
    found = session.execute(
        select(Entry.state, func.count().label("n")).where(Entry.round_id == round_id).group_by(Entry.state)
    )
    return {row.state: row.n for row in found}


def _scoring_seats(session: Session, round_id: int) -> list[tuple[PanelRole, tuple[str, ...]]]:
    """Role and groups of every seat that scores; its secretary does not."""
    rows = session.execute(
        select(PanelSeat.role, PanelSeat.groups).where(PanelSeat.round_id == round_id, PanelSeat.role != PanelRole.SECRETARY)
    )
    return [(role, tuple(groups or ())) for role, groups in rows]


def _short_groups(session: Session, round_id: int, seats: list[tuple[PanelRole, tuple[str, ...]]], least: int) -> list[str]:
    """Names of groups with accepted entries for which fewer than ``least`` judges sit."""
    rows = session.execute(
        select(RoundGroup.group_code, RoundGroup.name)
        .where(
            RoundGroup.round_id == round_id,
            exists().where(
                Entry.round_id == round_id,
                Entry.group_code == RoundGroup.group_code,
                Entry.state == EntryState.ACCEPTED,
            ),
        )
        .order_by(RoundGroup.position)
    )
    return [name for code, name in rows if sum(not groups or code in groups for _, groups in seats) < least]


def _entries_with_few_judges(session: Session, round_id: int, least: int) -> int:
    judges = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.entry_id == Entry.id, Assignment.active, Assignment.stage == 1)
        .correlate(Entry)
        .scalar_subquery()
    )
    found = session.scalar(
        select(func.count()).where(Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, judges < least)
    )
    return found or 0


def _for_deliberation(session: Session, round_: Round) -> tuple[Condition, ...]:
    least = RuleSet.from_dict(round_.rules).minimum_sheets
    unsigned, few = unsigned_sheets(session, round_.id), _entries_with_few_sheets(session, round_, least)
    pending = session.scalar(
        select(func.count())
        .select_from(ConflictDeclaration)
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .where(PanelSeat.round_id == round_.id, ConflictDeclaration.ruling == ConflictRuling.PENDING)
    )
    return (
        *_first_stage(session, round_),
        Condition("sheets_signed", unsigned == 0, count=unsigned),
        Condition("conflicts_ruled", not pending, count=pending or 0),
        Condition("enough_sheets", few == 0, blocking=False, count=few, params={"minimum": least}),
        _discrepancies(session, round_),
    )


def _first_stage(session: Session, round_: Round) -> tuple[Condition, ...]:
    """Where there are two stages, the first has been closed."""
    if RuleSet.from_dict(round_.rules).stages == 1:
        return ()
    return (Condition("first_stage_closed", closing_of(session, round_.id) is not None),)


def _discrepancies(session: Session, round_: Round) -> Condition:
    """Judges can be asked to revise only while they judge; afterwards the chair can only keep with a note."""
    lines = alert_lines(session, round_, RuleSet.from_dict(round_.rules))
    waiting = sum(line.state in UNSETTLED for line in lines)
    return Condition("discrepancies_settled", waiting == 0, blocking=False, count=waiting)


def unsigned_sheets(session: Session, round_id: int, stage: int | None = None) -> int:
    """Active assignments (of one stage) without a signed sheet, leaving out whoever stepped back."""
    stepped_back = exists().where(Recusal.seat_id == Assignment.seat_id, Recusal.entry_id == Assignment.entry_id)
    found = session.scalar(
        select(func.count())
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(
            Entry.round_id == round_id,
            Entry.state == EntryState.ACCEPTED,
            true() if stage is None else Assignment.stage == stage,
            Assignment.active,
            ~stepped_back,
            func.coalesce(ScoreSheet.state, SheetState.DRAFT) != SheetState.SIGNED,
        )
    )
    return found or 0


def _entries_with_few_sheets(session: Session, round_: Round, least: int) -> int:
    """Entries of the last stage that have fewer than ``least`` signed sheets in it."""
    closing = closing_of(session, round_.id)
    signed = (
        select(func.count())
        .select_from(Assignment)
        .join(
            ScoreSheet,
            and_(ScoreSheet.assignment_id == Assignment.id, ScoreSheet.state == SheetState.SIGNED),
        )
        .where(Assignment.entry_id == Entry.id, Assignment.stage == (FIRST if closing is None else SECOND))
        .correlate(Entry)
        .scalar_subquery()
    )
    wanted = [Entry.round_id == round_.id, Entry.state == EntryState.ACCEPTED, signed < least]
    if closing is not None:
        wanted.append(Entry.code.in_(closing.advanced))
    return session.scalar(select(func.count()).select_from(Entry).where(*wanted)) or 0
