"""Sheets that lie too far apart: the chair gives some back to their judges, or keeps them with a note."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.domain.vocabulary import AlertDeed, AlertState
from app.models.account import User
from app.models.discrepancy import DiscrepancyDeed
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.queries import discrepancies as reads
from app.queries.discrepancies import AlertLine
from app.services import audit, judging, messages
from app.services.freezing import rules_of

NOTE_MAXIMUM = 2000


def ask(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    sheet_ids: Collection[int],
    reason: str,
    operation: str,
    now: datetime,
) -> int:
    """The panel's chair gives sheets behind open alerts back to their judges; returns how many.

    Each judge revises their own sheets, every earlier value stays in the chain, and each gets one message about all.

    Raises:
        NotFound: no such round for the actor; a sheet is not of the round.
        Forbidden, Refused: not the chair; not while judging; ``no_alert`` when no open alert is about a sheet's entry;
            as ``judging.reopen``.
        Invalid: ``sheets`` none chosen; ``reason`` missing or too long.
    """
    round_ = _judged(session, actor, round_id)
    reason = _note("reason", reason)
    if not sheet_ids:
        raise Invalid.one("sheets", "required")
    lines = reads.alert_lines(session, round_, rules_of(round_))
    told: dict[int, list[str]] = {}
    for assignment, seat, entry, sheet in _asked(session, round_id, sheet_ids):
        about = [line for line in lines if _waits(line, entry.code or "", assignment.stage)]
        if not about:
            raise Refused("no_alert", entry=entry.code)
        total = sheet.total
        judging.reopen(
            session, actor, sheet_id=sheet.id, reason=reason, operation=f"{operation}-{sheet.id}", tell=False, now=now
        )
        for line in about:
            _write(session, actor, round_id, entry.id, line, AlertDeed.ASKED, reason, now, sheet_id=sheet.id, total=total)
        told.setdefault(seat.user_id, []).append(entry.code or "")
    session.flush()
    _log(session, actor, "discrepancy:ask", round_id, now, {"sheets": sorted(sheet_ids), "reason": reason})
    _tell(session, round_, told, reason, now)
    return sum(len(codes) for codes in told.values())


def keep(session: Session, actor: Actor, *, round_id: int, entry_code: str, stage: int, note: str, now: datetime) -> int:
    """The panel's chair lets the open alerts of an entry stand, with a note for the minutes; returns how many.

    Raises:
        NotFound: no such round for the actor.
        Forbidden, Refused: not the chair; ``phase_closed``; ``no_alert`` when none of the entry's is open.
        Invalid: ``note`` missing or too long.
    """
    round_ = _judged(session, actor, round_id)
    note = _note("note", note)
    lines = reads.alert_lines(session, round_, rules_of(round_))
    about = [line for line in lines if _waits(line, entry_code, stage)]
    entry_id = session.scalar(select(Entry.id).where(Entry.round_id == round_id, Entry.code == entry_code))
    if not about or entry_id is None:
        raise Refused("no_alert", entry=entry_code)
    for line in about:
        _write(session, actor, round_id, entry_id, line, AlertDeed.KEPT, note, now)
    session.flush()
    _log(session, actor, "discrepancy:keep", round_id, now, {"entry": entry_code, "stage": stage, "note": note})
    return len(about)


def require_settled(session: Session, round_: Round, *, stage: int | None = None) -> None:
    """Let a computation pass when no alert waits, or the rules do not ask for that.

    Raises:
        Refused: ``discrepancies_open`` (count).
    """
    rules = rules_of(round_)
    if not rules.gap_blocks_result:
        return
    lines = reads.alert_lines(session, round_, rules)
    count = sum(line.state in reads.UNSETTLED and stage in (None, line.stage) for line in lines)
    if count:
        raise Refused("discrepancies_open", count=count)


# --- what must hold ---------------------------------------------------------------------------


def _judged(session: Session, actor: Actor, round_id: int) -> Round:
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.SETTLE_DISCREPANCY, round_)
    return round_


def _note(field: str, typed: str) -> str:
    clean = clean_text(typed).strip()
    if not clean:
        raise Invalid.one(field, "required")
    if len(clean) > NOTE_MAXIMUM:
        raise Invalid.one(field, "too_long", maximum=NOTE_MAXIMUM)
    return clean


def _waits(line: AlertLine, entry_code: str, stage: int) -> bool:
    return (line.entry_code, line.stage, line.state) == (entry_code, stage, AlertState.OPEN)


def _asked(
    session: Session, round_id: int, sheet_ids: Collection[int]
) -> Sequence[Any]:
    rows = session.execute(
        select(Assignment, PanelSeat, Entry, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(ScoreSheet.id.in_(sheet_ids), Entry.round_id == round_id)
        .order_by(Entry.code, PanelSeat.code)
    ).all()
    if len(rows) != len(set(sheet_ids)):
        raise NotFound("sheet")
    return rows


# --- the record -------------------------------------------------------------------------------


def _write(
    session: Session,
    actor: Actor,
    round_id: int,
    entry_id: int,
    line: AlertLine,
    deed: AlertDeed,
    note: str,
    now: datetime,
    **sheet: Any,
) -> None:
    session.add(
        DiscrepancyDeed(
            round_id=round_id,
            entry_id=entry_id,
            stage=line.stage,
            kind=line.kind,
            criterion=line.criterion,
            judges=list(line.judges),
            difference=line.difference,
            threshold=line.threshold,
            deed=deed,
            note=note,
            at=now,
            by_id=actor.user_id,
            **sheet,
        )
    )


def _log(session: Session, actor: Actor, action: str, round_id: int, now: datetime, details: Mapping[str, object]) -> None:
    audit.record(session, actor, action=action, subject=f"round:{round_id}", round_id=round_id, now=now, details=details)


def _tell(session: Session, round_: Round, told: Mapping[int, Iterable[str]], reason: str, now: datetime) -> None:
    """One message a judge; it names their own sheets and no figure of anybody."""
    letters = []
    for person in session.scalars(select(User).where(User.id.in_(told))).all():
        codes = list(told[person.id])
        values = {"round": round_.name, "codes": ", ".join(codes), "count": str(len(codes)), "reason": reason}
        letters.append((person, values))
    link = f"/giam-khao/dot/{round_.id}"
    messages.tell_each(session, letters, event="sheets_apart", round_id=round_.id, now=now, link=link)
