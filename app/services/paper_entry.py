"""A sheet that came back on paper enters the judge's own chain as signed, with its origin written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, SheetAction, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat, Recusal
from app.models.round import Round
from app.models.sheet import ScoreLine, ScoreSheet
from app.queries.judging import Held, require_open, rubric_for
from app.services import chain, messages, sheet_points
from app.services.judging import points_of, request_digest, saved_view
from scoring.points import format_points
from scoring.rubric import Rubric

ORIGIN = "paper"
OBSTACLES = {
    "judging_not_open": "phase_closed",
    "declare_first": "paper_not_declared",
    "conflict_pending": "paper_conflict_pending",
}


def held(session: Session, assignment_id: int, *, lock: bool = False) -> Held:
    """Any judge's assignment; ``lock`` takes the seat, so that its chain has one writer. Raises: NotFound."""
    statement = (
        select(Assignment, PanelSeat, Entry, Round)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(Assignment.id == assignment_id)
    )
    if lock:
        statement = statement.with_for_update(of=PanelSeat).execution_options(populate_existing=True)
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("assignment")
    return Held(*row)


def obstacle(session: Session, one: Held) -> str:
    """The code of what keeps the sheet from being entered now, or "" if nothing does.

    The gate of the screen holds on paper too: the judge has declared, and did not step back.
    """
    if not one.assignment.active or one.entry.state is not EntryState.ACCEPTED:
        return "paper_withdrawn"
    sheet = _sheet_of(session, one.assignment.id)
    if sheet is not None and sheet.state is SheetState.SIGNED:
        return "paper_signed_on_screen"
    recused = select(Recusal.id).where(Recusal.seat_id == one.seat.id, Recusal.entry_id == one.entry.id)
    if session.scalar(recused) is not None:
        return "paper_recused"
    try:
        require_open(session, one)
    except Refused as refusal:
        return OBSTACLES.get(refusal.code, refusal.code)
    except NotFound:
        return "paper_recused"
    return ""


def enter(
    session: Session,
    actor: Actor,
    one: Held,
    *,
    operation: str,
    points: Mapping[str, Decimal],
    comment: str,
    told: Mapping[str, Any],
    now: datetime,
) -> ScoreSheet:
    """Write the sheet and sign it, in two links that say ``origin: paper`` and ``told``: scan, keyers, written total.

    The caller has locked the seat (``held``), checked the points and found no ``obstacle``. A draft
    from the screen is overwritten; what it held stays in the chain.
    """
    rubric = rubric_for(session, one.round.id, one.entry.group_code)
    sheet = _written(session, one, rubric, points, comment, now)
    _link(session, actor, one, rubric, sheet, SheetAction.SAVE, operation, told, now)
    sheet.state, sheet.signed_at, sheet.saved_at = SheetState.SIGNED, now, now
    _link(session, actor, one, rubric, sheet, SheetAction.SIGN, operation, told, now)
    _tell_judge(session, one, sheet, now)
    return sheet


def _sheet_of(session: Session, assignment_id: int) -> ScoreSheet | None:
    return session.scalars(
        select(ScoreSheet)
        .where(ScoreSheet.assignment_id == assignment_id)
        .options(selectinload(ScoreSheet.lines))
        .execution_options(populate_existing=True)
    ).first()


def _written(
    session: Session, one: Held, rubric: Rubric, points: Mapping[str, Decimal], comment: str, now: datetime
) -> ScoreSheet:
    sheet = _sheet_of(session, one.assignment.id)
    if sheet is None:
        sheet = ScoreSheet(assignment_id=one.assignment.id, saved_at=now, state=SheetState.DRAFT, lines=[])
        session.add(sheet)
    lines = {line.criterion: line for line in sheet.lines}
    for code, (maximum, value) in sheet_points.rows(rubric, points).items():
        if code in lines:
            lines[code].points, lines[code].maximum = value, maximum
        else:
            sheet.lines.append(ScoreLine(criterion=code, points=value, maximum=maximum))
    sheet.comment, sheet.saved_at = comment, now
    sheet.total = sheet_points.total(rubric, points_of(sheet))
    return sheet


def _link(
    session: Session,
    actor: Actor,
    one: Held,
    rubric: Rubric,
    sheet: ScoreSheet,
    action: SheetAction,
    operation: str,
    told: Mapping[str, Any],
    now: datetime,
) -> None:
    session.flush()
    saved = saved_view(rubric, sheet)
    chain.append(
        session,
        actor,
        one.seat,
        sheet,
        action=action,
        operation=f"{operation}-{action.value}",
        body={
            "assignment": one.assignment.id,
            "entry": one.entry.code,
            "stage": one.assignment.stage,
            "state": sheet.state.value,
            "points": {code: sheet_points.written(value) for code, value in saved.points.items()},
            "comment": sheet.comment,
            "total": sheet_points.written(sheet.total),
            "running": sheet_points.written(saved.running),
            "origin": ORIGIN,
            "paper": dict(told),
        },
        body_digest=request_digest(action, {"operation": operation, "paper": dict(told)}),
        now=now,
    )


def _tell_judge(session: Session, one: Held, sheet: ScoreSheet, now: datetime) -> None:
    """The judge learns what was entered in their name, and where to look."""
    judge = session.get(User, one.seat.user_id)
    if judge is None or sheet.total is None:
        return
    messages.tell(
        session,
        judge,
        event="paper_entered",
        round_id=one.round.id,
        values={"round": one.round.name, "code": one.entry.code or "", "points": format_points(sheet.total)},
        link=f"/giam-khao/phieu/{one.assignment.id}",
        now=now,
    )
