"""Scoring: drafts that are never lost, signatures that lock, reopening by the chair.

Every deed is one link of the judge's score chain, written in the same transaction as the sheet.
Drafts stand in that chain alone; signing and reopening also leave a link in the round's audit
chain. (One chain a round for every key stroke would make all judges wait for each other.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.errors import FieldFault, Invalid, NotFound, Refused, Stale
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_text
from app.domain.vocabulary import SheetAction, SheetState
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.models.sheet import ScoreEvent, ScoreLine, ScoreSheet
from app.queries.judging import Held, find_assignment, require_ruled
from app.queries.saving import Standing, kept_sheet, standing_of
from app.queries.stages import require_stage_open
from app.services import audit, chain, messages, sheet_points
from scoring.canonical import sha256_of
from scoring.points import format_points
from scoring.rubric import Rubric
from scoring.sheet import DraftSheet

COMMENT_MAXIMUM = 4000
OPERATION_MAXIMUM = 64


@dataclass(frozen=True)
class SavedSheet:
    """A sheet as it stands after a deed.

    ``points`` maps each criterion and pointed sub-criterion to its points or None; ``total`` is
    None until every criterion has points; ``running`` is the sum of those that have.
    """

    sheet_id: int
    assignment_id: int
    version: int
    state: SheetState
    points: Mapping[str, Decimal | None]
    comment: str
    total: Decimal | None
    running: Decimal
    saved_at: datetime


def save_draft(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    points: Mapping[str, str],
    comment: str,
    version: int,
    operation: str,
    now: datetime,
) -> SavedSheet:
    """Keep what the judge has so far; ``version`` is that of the page, 0 for a sheet not yet begun.

    ``points`` maps codes of criteria to what was typed; an empty text takes the points away, a code
    that is absent keeps what it has, the sum of pointed parts is left out. The same ``operation`` with
    the same content is answered as the first time and changes nothing.

    Raises:
        NotFound: not the actor's assignment.
        Refused: ``phase_closed``, ``declare_first``, ``conflict_pending``, ``sheet_signed``.
        Invalid: every wrong field by its criterion's code; ``operation`` when the id was used for another body.
        Stale: the sheet was saved from elsewhere since the page was loaded.
    """
    held, standing = _open_to(session, actor, assignment_id, Verb.SAVE_SHEET, operation)
    rubric, points = standing.rubric, sheet_points.typed_only(standing.rubric, points)
    request = {"assignment": assignment_id, "points": dict(points), "comment": comment, "version": version}
    repeated = _repeated(standing, operation, SheetAction.SAVE, request)
    if repeated is not None:
        return repeated
    sheet = kept_sheet(session, assignment_id)
    _require_draft(sheet)
    _require_version(sheet, version, {**points, "comment": comment})
    typed, comment = _checked(rubric, points, comment)
    sheet = _write(session, held, rubric, sheet, typed, comment, now)
    return _record(session, actor, held, rubric, sheet, SheetAction.SAVE, operation, request, now)


def sign(session: Session, actor: Actor, *, assignment_id: int, version: int, operation: str, now: datetime) -> SavedSheet:
    """Sign the sheet as it was saved last: it is locked, and its total is what the server counts.

    Raises:
        NotFound, Refused, Stale: as ``save_draft``.
        Invalid: ``points_empty`` for every criterion that has no points.
    """
    held, standing = _open_to(session, actor, assignment_id, Verb.SIGN_SHEET, operation)
    request = {"assignment": assignment_id, "version": version}
    repeated = _repeated(standing, operation, SheetAction.SIGN, request)
    if repeated is not None:
        return repeated
    rubric, sheet = standing.rubric, kept_sheet(session, assignment_id)
    _require_draft(sheet)
    _require_version(sheet, version, {})
    _require_complete(rubric, sheet)
    assert sheet is not None
    sheet.total = _signed_total(rubric, held, sheet)
    sheet.state, sheet.signed_at, sheet.saved_at = SheetState.SIGNED, now, now
    session.flush()
    saved = _record(session, actor, held, rubric, sheet, SheetAction.SIGN, operation, request, now)
    _log(session, actor, "sheet:sign", sheet, held.round.id, now, {"entry": held.entry.code, "total": sheet.total})
    return saved


def reopen(
    session: Session, actor: Actor, *, sheet_id: int, reason: str, operation: str, now: datetime, tell: bool = True
) -> SavedSheet:
    """The panel's chair gives a signed sheet back to its judge, with the reason; its points stay.

    ``tell`` is False where the caller writes one message about several sheets.

    Raises:
        NotFound: no such sheet in a round where the actor has a part.
        Forbidden, Refused: not the chair; not while judging; ``sheet_not_signed``; ``stage_closed``.
        Invalid: no reason.
    """
    held = _held_sheet(session, sheet_id)
    require(actor, Verb.REOPEN_SHEET, held.round)
    reason = clean_text(reason)
    request = {"sheet": sheet_id, "reason": reason}
    standing = standing_of(session, held, operation)
    repeated = _repeated(standing, operation, SheetAction.REOPEN, request)
    if repeated is not None:
        return repeated
    if not reason:
        raise Invalid.one("reason", "required")
    require_stage_open(held.assignment, held.round, first_is_closed=standing.first_is_closed)
    sheet = kept_sheet(session, held.assignment.id)
    if sheet is None or sheet.state is not SheetState.SIGNED:
        raise Refused("sheet_not_signed")
    sheet.state, sheet.signed_at, sheet.saved_at = SheetState.DRAFT, None, now
    sheet.reopened_reason = reason
    session.flush()
    saved = _record(session, actor, held, standing.rubric, sheet, SheetAction.REOPEN, operation, request, now, reason=reason)
    _log(session, actor, "sheet:reopen", sheet, held.round.id, now, {"entry": held.entry.code, "reason": reason})
    if tell:
        _tell_judge(session, held, reason, now)
    return saved


def points_of(sheet: ScoreSheet | None) -> dict[str, Decimal | None]:
    """The points of every line of a sheet; empty for a sheet not yet begun."""
    return {} if sheet is None else {line.criterion: line.points for line in sheet.lines}


def saved_view(rubric: Rubric, sheet: ScoreSheet) -> SavedSheet:
    """The sheet's row, with its lines loaded, as a value."""
    points = points_of(sheet)
    return SavedSheet(
        sheet_id=sheet.id,
        assignment_id=sheet.assignment_id,
        version=sheet.version,
        state=sheet.state,
        points=points,
        comment=sheet.comment,
        total=sheet.total,
        running=sheet_points.running(rubric, points),
        saved_at=sheet.saved_at,
    )


# --- what must hold ---------------------------------------------------------------------------


def _open_to(session: Session, actor: Actor, assignment_id: int, verb: Verb, operation: str) -> tuple[Held, Standing]:
    held = find_assignment(session, actor, assignment_id, lock=True)
    require(actor, verb, held.round)
    standing = standing_of(session, held, operation)
    require_ruled(held, standing.ruling)
    require_stage_open(held.assignment, held.round, first_is_closed=standing.first_is_closed)
    return held, standing


def _held_sheet(session: Session, sheet_id: int) -> Held:
    row = session.execute(
        select(Assignment, PanelSeat, Entry, Round)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(ScoreSheet.id == sheet_id)
        .with_for_update(of=PanelSeat)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("sheet")
    return Held(*row)


def _require_draft(sheet: ScoreSheet | None) -> None:
    if sheet is not None and sheet.state is SheetState.SIGNED:
        raise Refused("sheet_signed")


def _require_version(sheet: ScoreSheet | None, version: int, yours: Mapping[str, str]) -> None:
    current = sheet.version if sheet else 0
    if version != current:
        raise Stale(_texts(sheet), yours, current)


def _texts(sheet: ScoreSheet | None) -> dict[str, str]:
    """The kept values as they would be typed, for the page that shows both versions."""
    if sheet is None:
        return {}
    shown = {line.criterion: "" if line.points is None else format_points(line.points) for line in sheet.lines}
    return {**shown, "comment": sheet.comment}


def _require_complete(rubric: Rubric, sheet: ScoreSheet | None) -> None:
    have = points_of(sheet)
    missing = [code for code in sheet_points.typed_codes(rubric) if have.get(code) is None]
    if missing:
        raise Invalid([FieldFault(code, "points_empty") for code in missing])


def _signed_total(rubric: Rubric, held: Held, sheet: ScoreSheet) -> Decimal:
    points = points_of(sheet)
    heads = {code: value for code in rubric.codes if (value := points[code]) is not None}
    return DraftSheet(held.entry.code or "", held.seat.code, heads).sign(rubric).total


def _checked(rubric: Rubric, points: Mapping[str, str], comment: str) -> tuple[dict[str, Decimal | None], str]:
    """Clean values, or every fault at once: a wrong save changes nothing."""
    clean, faults = sheet_points.checked(rubric, points)
    comment = clean_text(comment)
    if len(comment) > COMMENT_MAXIMUM:
        faults.append(FieldFault("comment", "too_long", {"maximum": COMMENT_MAXIMUM}))
    if faults:
        raise Invalid(faults)
    return clean, comment


# --- writing ----------------------------------------------------------------------------------


def _write(
    session: Session,
    held: Held,
    rubric: Rubric,
    sheet: ScoreSheet | None,
    typed: Mapping[str, Decimal | None],
    comment: str,
    now: datetime,
) -> ScoreSheet:
    if sheet is None:
        sheet = ScoreSheet(assignment_id=held.assignment.id, saved_at=now, state=SheetState.DRAFT, lines=[])
        session.add(sheet)
    have = points_of(sheet)
    values = {code: typed.get(code, have.get(code)) for code in sheet_points.typed_codes(rubric)}
    _write_lines(sheet, rubric, values)
    sheet.comment, sheet.saved_at = comment, now
    sheet.total = sheet_points.total(rubric, points_of(sheet))
    # Also where only the points changed: a save always makes a new version.
    flag_modified(sheet, "saved_at")
    session.flush()
    return sheet


def _write_lines(sheet: ScoreSheet, rubric: Rubric, values: Mapping[str, Decimal | None]) -> None:
    lines = {line.criterion: line for line in sheet.lines}
    for code, (maximum, points) in sheet_points.rows(rubric, values).items():
        if code in lines:
            lines[code].points, lines[code].maximum = points, maximum
        else:
            sheet.lines.append(ScoreLine(criterion=code, points=points, maximum=maximum))


# --- the record -------------------------------------------------------------------------------


def _repeated(
    standing: Standing, operation: str, action: SheetAction, request: Mapping[str, Any]
) -> SavedSheet | None:
    """The first answer to an operation that is sent again, or None for a new one.

    Raises:
        Invalid: ``operation``: no id, too long, or used before for something else.
    """
    if not 0 < len(operation) <= OPERATION_MAXIMUM:
        raise Invalid.one("operation", "operation_missing")
    event = standing.event
    if event is None:
        return None
    if event.body_digest != request_digest(action, request):
        raise Invalid.one("operation", "operation_reused")
    return _answer_of(event)


def request_digest(action: SheetAction, request: Mapping[str, Any]) -> str:
    """SHA-256 of what was asked, word for word."""
    return sha256_of({"action": action.value, "request": dict(request)})


def _answer_of(event: ScoreEvent) -> SavedSheet:
    body = event.body
    points = {code: None if text is None else Decimal(text) for code, text in body["points"].items()}
    return SavedSheet(
        sheet_id=event.sheet_id,
        assignment_id=body["assignment"],
        version=event.sheet_version,
        state=SheetState(body["state"]),
        points=points,
        comment=body["comment"],
        total=None if body["total"] is None else Decimal(body["total"]),
        running=Decimal(body["running"]),
        saved_at=event.at,
    )


def _record(
    session: Session,
    actor: Actor,
    held: Held,
    rubric: Rubric,
    sheet: ScoreSheet,
    action: SheetAction,
    operation: str,
    request: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> SavedSheet:
    saved = saved_view(rubric, sheet)
    body = {
        "assignment": held.assignment.id,
        "entry": held.entry.code,
        "stage": held.assignment.stage,
        "state": sheet.state.value,
        "points": {code: sheet_points.written(value) for code, value in saved.points.items()},
        "comment": sheet.comment,
        "total": sheet_points.written(sheet.total),
        "running": sheet_points.written(saved.running),
        **({"reason": reason} if reason else {}),
    }
    chain.append(
        session,
        actor,
        held.seat,
        sheet,
        action=action,
        operation=operation,
        body=body,
        body_digest=request_digest(action, request),
        now=now,
    )
    return saved


def _log(
    session: Session, actor: Actor, action: str, sheet: ScoreSheet, round_id: int, now: datetime, details: Mapping[str, Any]
) -> None:
    audit.record(session, actor, action=action, subject=f"sheet:{sheet.id}", round_id=round_id, now=now, details=details)


def _tell_judge(session: Session, held: Held, reason: str, now: datetime) -> None:
    judge = session.get(User, held.seat.user_id)
    if judge is not None:
        round_ = session.get_one(Round, held.seat.round_id)
        values = {"round": round_.name, "code": held.entry.code or "", "reason": reason}
        link = f"/giam-khao/phieu/{held.assignment.id}"
        messages.tell(session, judge, event="sheet_reopened", round_id=round_.id, values=values, now=now, link=link)
