"""A signed sheet corrected after the lock: reopened, written and signed again in the judge's own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.errors import FieldFault, Invalid
from app.domain.policies import Actor
from app.domain.vocabulary import SheetAction, SheetState
from app.models.panel import PanelSeat
from app.models.sheet import ScoreSheet
from app.queries.judging import Held
from app.services import chain, sheet_points
from app.services.judging import points_of, request_digest, saved_view
from scoring.rubric import Rubric


def new_points(rubric: Rubric, sheet: ScoreSheet, typed: Mapping[str, str]) -> dict[str, Decimal | None]:
    """The sheet's points with what was typed in their place.

    Raises:
        Invalid: every wrong field by its criterion's code; ``points_empty`` where one was taken away.
    """
    clean, faults = sheet_points.checked(rubric, typed)
    faults += [FieldFault(code, "points_empty") for code, value in clean.items() if value is None]
    if faults:
        raise Invalid(faults)
    have = points_of(sheet)
    return {code: clean.get(code, have.get(code)) for code in sheet_points.typed_codes(rubric)}


def heads_of(rubric: Rubric, values: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """The points of the criteria themselves; all of them, for a complete sheet."""
    rows = sheet_points.rows(rubric, values)
    return {code: points for code in rubric.codes if (points := rows[code][1]) is not None}


def correct(
    session: Session,
    actor: Actor,
    held: Held,
    rubric: Rubric,
    sheet: ScoreSheet,
    *,
    values: Mapping[str, Decimal | None],
    reason: str,
    operation: str,
    now: datetime,
) -> None:
    """Give the sheet its new points in three links: reopen, save, sign. The caller has locked the seat.

    The links name the actor, so that the chain tells who corrected what for whom.
    """
    sheet.state, sheet.signed_at, sheet.saved_at, sheet.reopened_reason = SheetState.DRAFT, None, now, reason
    _link(session, actor, held, rubric, sheet, SheetAction.REOPEN, operation, reason, now)
    rows = sheet_points.rows(rubric, values)
    for line in sheet.lines:
        line.maximum, line.points = rows[line.criterion]
    sheet.total = sheet_points.total(rubric, points_of(sheet))
    flag_modified(sheet, "saved_at")
    _link(session, actor, held, rubric, sheet, SheetAction.SAVE, operation, reason, now)
    sheet.state, sheet.signed_at = SheetState.SIGNED, now
    _link(session, actor, held, rubric, sheet, SheetAction.SIGN, operation, reason, now)


def _link(
    session: Session,
    actor: Actor,
    held: Held,
    rubric: Rubric,
    sheet: ScoreSheet,
    action: SheetAction,
    operation: str,
    reason: str,
    now: datetime,
) -> None:
    session.flush()
    saved = saved_view(rubric, sheet)
    seat: PanelSeat = held.seat
    chain.append(
        session,
        actor,
        seat,
        sheet,
        action=action,
        operation=f"{operation}-{action.value}",
        body={
            "assignment": held.assignment.id,
            "entry": held.entry.code,
            "stage": held.assignment.stage,
            "state": sheet.state.value,
            "points": {code: sheet_points.written(value) for code, value in saved.points.items()},
            "comment": sheet.comment,
            "total": sheet_points.written(sheet.total),
            "running": sheet_points.written(saved.running),
            "reason": reason,
        },
        body_digest=request_digest(action, {"sheet": sheet.id, "rescoring": operation, "reason": reason}),
        now=now,
    )
