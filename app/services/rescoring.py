"""Rescoring proposals: reason, change, what would follow, and the panel chair's word in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.domain.vocabulary import (
    ComplaintState,
    PanelRole,
    Phase,
    RescoringKind,
    RescoringState,
    SessionState,
    SheetState,
)
from app.models.account import User
from app.models.complaint import Complaint
from app.models.council import CouncilSession, Recognition
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.rescoring import Rescoring
from app.models.result import ResultRun
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.queries.judging import Held, held_of_sheet, rubric_for
from app.services import audit, correcting, messages, results
from scoring.result import EntryResult, compute
from scoring.round import Recusal as RecusalValue
from scoring.round import Round as RoundValue
from scoring.rubric import Rubric
from scoring.sheet import SignedSheet

REASON_MAXIMUM = 2000


@dataclass(frozen=True)
class Moved:
    """An entry before and after; at least one of figure, place, selection or status differs."""

    code: str
    before: EntryResult
    after: EntryResult


@dataclass(frozen=True)
class Preview:
    """What the change would do: every entry that moves, and how selections go over into each other.

    ``selections`` counts entries by (before, after), ``insufficient`` for those without a figure;
    ``seen`` is the digest of the changed round, by which the approval knows what was looked at.
    """

    moved: tuple[Moved, ...]
    selections: Mapping[tuple[str, str], int]
    seen: str


def propose(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    kind: RescoringKind,
    assignment_id: int,
    reason: str,
    now: datetime,
    points: Mapping[str, str] | None = None,
    complaint_id: int | None = None,
) -> Rescoring:
    """Write down a proposal and tell the panel's chair; nothing else changes.

    After publication it rests on a complaint about the entry.

    Raises:
        NotFound: no such round for the actor, or no signed sheet of it under this assignment.
        Refused: ``phase_closed``, ``already_decided``, ``council_sits``, ``no_result``,
            ``rescoring_pending``, ``no_change``, ``already_recused``; ``rescoring_needs_complaint`` after publication.
        Invalid: ``reason``, or points by their criterion's code.
    """
    round_ = _round(session, round_id)
    policies.require(actor, Verb.PROPOSE_RESCORING, round_)
    if round_.phase is Phase.PUBLISHED:
        _require_complaint(session, complaint_id, assignment_id)
    else:
        _require_before_council(session, round_id)
    if session.scalar(_of_round(round_id).where(Rescoring.state == RescoringState.PROPOSED).limit(1)):
        raise Refused("rescoring_pending")
    reason = clean_text(reason)
    if not 0 < len(reason) <= REASON_MAXIMUM:
        raise Invalid.one("reason", "too_long" if reason else "required", maximum=REASON_MAXIMUM)
    row = Rescoring(
        round_id=round_id,
        number=1 + (session.scalar(select(func.max(Rescoring.number)).where(Rescoring.round_id == round_id)) or 0),
        kind=kind,
        assignment_id=assignment_id,
        complaint_id=complaint_id if round_.phase is Phase.PUBLISHED else None,
        points={code: text for code, text in (points or {}).items() if text.strip()},
        reason=reason,
        state=RescoringState.PROPOSED,
        proposed_at=now,
        proposed_by_id=actor.user_id,
    )
    _changed(session, round_, row)
    session.add(row)
    session.flush()
    _log(session, actor, "rescoring:propose", row, now, {"kind": kind, "assignment": assignment_id, "reason": reason})
    _tell_chair(session, row, now)
    return row


def preview(session: Session, row: Rescoring) -> Preview:
    """Before and after, computed from the rows as they are now; nothing is written.

    Raises:
        NotFound, Refused, Invalid: as ``propose``, for the change itself.
    """
    round_ = session.get_one(Round, row.round_id)
    old = results.round_value(session, round_)
    new = _changed(session, round_, row, old)
    before, after = compute(old).by_code, compute(new)
    lines = [Moved(code, before[code], line) for code, line in after.by_code.items()]
    return Preview(
        moved=tuple(line for line in lines if _said(line.before) != _said(line.after)),
        selections=Counter((_selection(line.before), _selection(line.after)) for line in lines),
        seen=after.round_sha256,
    )


def approve(session: Session, actor: Actor, *, rescoring_id: int, seen: str, now: datetime) -> ResultRun:
    """The panel's chair approves what they saw: change and new result run, or nothing at all.

    For a complaint no sheet changes: the run is kept aside, and what was published stays until a new decision.

    Raises:
        NotFound: no such proposal for the actor.
        Forbidden: not the panel's chair.
        Refused: ``rescoring_settled``, ``rescoring_changed`` (``seen`` is of an older preview), and as ``propose``.
    """
    row, round_ = _settling(session, actor, rescoring_id)
    if row.complaint_id is None:
        _require_before_council(session, round_.id)
    if preview(session, row).seen != seen:
        raise Refused("rescoring_changed")
    if row.complaint_id is not None:
        run = results.keep_aside(session, actor, round_, _changed(session, round_, row), now=now)
        row.run_id = run.id
        _settle(session, actor, row, RescoringState.APPROVED, "", now)
        return run
    return _apply(session, actor, row, round_, now)


def _apply(session: Session, actor: Actor, row: Rescoring, round_: Round, now: datetime) -> ResultRun:
    """Change the sheet or take the judge from the entry, and compute the result anew."""
    held = _held(session, row)
    if row.kind is RescoringKind.RECUSAL:
        session.add(Recusal(seat_id=held.seat.id, entry_id=held.entry.id, reason=row.reason, recused_at=now))
        held.assignment.active = False
        session.flush()
    else:
        rubric, sheet = _sheet(session, held)
        values = correcting.new_points(rubric, sheet, row.points)
        operation = f"rescoring-{row.id}"
        correcting.correct(
            session, actor, held, rubric, sheet, values=values, reason=row.reason, operation=operation, now=now
        )
    run = results.compute_run(session, actor, round_, now=now)
    row.run_id = run.id
    _settle(session, actor, row, RescoringState.APPROVED, "", now)
    _tell(session, held.seat.user_id, row, "sheet_rescored", {"code": held.entry.code or ""}, now)
    return run


def cancel(session: Session, actor: Actor, *, rescoring_id: int, note: str, now: datetime) -> Rescoring:
    """The panel's chair turns the proposal down, with the reason; nothing changes.

    Raises:
        NotFound, Forbidden, Refused: as ``approve``; ``phase_closed``.
        Invalid: ``note`` is missing.
    """
    row, _round_row = _settling(session, actor, rescoring_id)
    note = clean_text(note)
    if not 0 < len(note) <= REASON_MAXIMUM:
        raise Invalid.one("note", "too_long" if note else "required", maximum=REASON_MAXIMUM)
    _settle(session, actor, row, RescoringState.CANCELLED, note, now)
    return row


# --- the change -------------------------------------------------------------------------------


def _changed(session: Session, round_: Round, row: Rescoring, value: RoundValue | None = None) -> RoundValue:
    """The round with the change, in memory."""
    held = _held(session, row)
    rubric, sheet = _sheet(session, held)
    value = value or results.round_value(session, round_)
    entry, judge = held.entry.code or "", held.seat.code
    if any((item.entry, item.judge) == (entry, judge) for item in value.recusals):
        raise Refused("already_recused")
    if row.kind is RescoringKind.RECUSAL:
        return replace(value, recusals=(*value.recusals, RecusalValue(entry, judge, row.reason)), _checked=False)
    heads = correcting.heads_of(rubric, correcting.new_points(rubric, sheet, row.points))
    new = SignedSheet(entry, judge, heads, held.assignment.stage)
    place = (entry, judge, new.stage)
    sheets = tuple(new if (old.entry, old.judge, old.stage) == place else old for old in value.sheets)
    if sheets == value.sheets:
        raise Refused("no_change")
    return replace(value, sheets=sheets, _checked=False)


def _held(session: Session, row: Rescoring) -> Held:
    held = held_of_sheet(session, row.assignment_id)
    if held is None or held.round.id != row.round_id:
        raise NotFound("sheet")
    return held


def _sheet(session: Session, held: Held) -> tuple[Rubric, ScoreSheet]:
    sheet = session.scalars(
        select(ScoreSheet)
        .where(ScoreSheet.assignment_id == held.assignment.id, ScoreSheet.state == SheetState.SIGNED)
        .options(selectinload(ScoreSheet.lines))
        .execution_options(populate_existing=True)
    ).first()
    if sheet is None:
        raise NotFound("sheet")
    return rubric_for(session, held.round.id, held.entry.group_code), sheet


def _said(line: EntryResult) -> tuple[object, ...]:
    return (line.status, line.published, line.place, line.group_place, line.selection, line.tier)


def _selection(line: EntryResult) -> str:
    return line.selection or line.status


# --- what must hold ---------------------------------------------------------------------------


def _round(session: Session, round_id: int) -> Round:
    row = session.get(Round, round_id, with_for_update=True)
    if row is None:
        raise NotFound("round")
    return row


def _of_round(round_id: int) -> Select[int]:
    return select(Rescoring.id).where(Rescoring.round_id == round_id)


def _require_before_council(session: Session, round_id: int) -> None:
    if session.scalar(select(Recognition.id).where(Recognition.round_id == round_id).limit(1)):
        raise Refused("already_decided")
    sat = CouncilSession.state != SessionState.PLANNED
    if session.scalar(select(CouncilSession.id).where(CouncilSession.round_id == round_id, sat).limit(1)):
        raise Refused("council_sits")
    if not session.scalar(select(ResultRun.id).where(ResultRun.round_id == round_id).limit(1)):
        raise Refused("no_result")


def _require_complaint(session: Session, complaint_id: int | None, assignment_id: int) -> None:
    """A complaint about the very entry that an officer looks into, or whose answer proposes rescoring."""
    row = session.get(Complaint, complaint_id) if complaint_id is not None else None
    entry_id = session.scalar(select(Assignment.entry_id).where(Assignment.id == assignment_id))
    open_ = row is not None and (row.state is ComplaintState.ASSIGNED or row.proposes_rescoring)
    if row is None or not open_ or row.entry_id != entry_id:
        raise Refused("rescoring_needs_complaint")


def _settling(session: Session, actor: Actor, rescoring_id: int) -> tuple[Rescoring, Round]:
    row = session.get(Rescoring, rescoring_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("rescoring")
    round_ = _round(session, row.round_id)
    policies.require(actor, Verb.SETTLE_RESCORING, round_)
    if row.state is not RescoringState.PROPOSED:
        raise Refused("rescoring_settled")
    return row, round_


# --- the record -------------------------------------------------------------------------------


def _settle(session: Session, actor: Actor, row: Rescoring, state: RescoringState, note: str, now: datetime) -> None:
    row.state, row.note, row.settled_at, row.settled_by_id = state, note, now, actor.user_id
    session.flush()
    _log(session, actor, f"rescoring:{state.value}", row, now, {"note": note, "run": row.run_id})
    word = "được duyệt" if state is RescoringState.APPROVED else f"không được duyệt: {note}"
    _tell(session, row.proposed_by_id, row, "rescoring_settled", {"decision": word}, now)


def _log(session: Session, actor: Actor, action: str, row: Rescoring, now: datetime, details: Mapping[str, object]) -> None:
    subject = f"rescoring:{row.id}"
    audit.record(session, actor, action=action, subject=subject, round_id=row.round_id, now=now, details=details)


def _tell_chair(session: Session, row: Rescoring, now: datetime) -> None:
    chairs = session.scalars(
        select(PanelSeat.user_id).where(PanelSeat.round_id == row.round_id, PanelSeat.role == PanelRole.CHAIR)
    )
    for user_id in list(chairs):
        _tell(session, user_id, row, "rescoring_proposed", {}, now)


def _tell(session: Session, user_id: int, row: Rescoring, event: str, values: Mapping[str, str], now: datetime) -> None:
    person = session.get(User, user_id)
    if person is not None:
        known = {"round": session.get_one(Round, row.round_id).name, "number": str(row.number), "reason": row.reason}
        link = f"/giam-khao/dot/{row.round_id}/sua-diem"
        messages.tell(
            session, person, event=event, round_id=row.round_id, values={**known, **values}, now=now, link=link
        )  # fmt: skip
