"""Screening: an officer checks an entry paper by paper, accepts, refuses, or asks for supplements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import format_datetime_seconds_vi, is_passed
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.lifecycle import entry_may_become
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_text
from app.domain.vocabulary import EntryState, PaperVerdict
from app.models.entry import EligibilityCheck, Entry, SupplementRequest
from app.models.record import AuditEvent
from app.services import audit, checking_mail, rechecking

FAULTY = frozenset({PaperVerdict.EXPIRED, PaperVerdict.UNCLEAR, PaperVerdict.MISSING})
MAXIMUM_TEXT = 4000


def check(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    items: Mapping[str, Mapping[str, str]],
    note: str = "",
    now: datetime,
) -> EligibilityCheck:
    """Keep what the officer found of the present snapshot; nothing is decided by it.

    ``items`` maps ``facility``, ``conditions``, ``photos``, ``paper:<slot>:<id>`` or, for a paper
    that is not there, ``slot:<slot>`` to ``{verdict, note}``.

    Raises:
        Invalid: ``not_a_choice`` at an item whose verdict is none.
        Refused: ``not_submitted``: there is nothing to check.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.CHECK, entry.round)
    if entry.snapshot_id is None:
        raise Refused("not_submitted")
    row = _keep(session, actor, entry, _clean_items(items), clean_text(note), None, now)
    found = {key: item["verdict"] for key, item in row.items.items()}
    _log(session, actor, entry, "entry:check", now, {"items": found, "note": row.note})
    return row


def accept(
    session: Session, actor: Actor, *, entry_id: int, note: str = "", version: int | None = None, now: datetime
) -> Entry:
    """The entry fulfils the conditions and goes on to the jury; its facility is told.

    Raises:
        Refused: ``decided_by_other`` when the entry changed since ``version``; ``entry_state``;
            ``check_not_clean`` while the last check of this snapshot names a faulty paper;
            ``papers_expired``, ``lower_certificate_invalid``: as ``rechecking.require_in_force``.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.CHECK, entry.round)
    _require_unchanged(session, entry, version)
    _require_next(entry, EntryState.ACCEPTED)
    items = _last_items(session, entry)
    faulty = [key for key, item in items.items() if PaperVerdict(item["verdict"]) in FAULTY]
    if faulty:
        raise Refused("check_not_clean", count=len(faulty))
    rechecking.require_in_force(session, entry.id, now=now)
    _decide(session, actor, entry, EntryState.ACCEPTED, now, note=clean_text(note), items=items)
    entry.refusal_reason = ""
    session.flush()
    checking_mail.accepted(session, entry, now=now)
    return entry


def refuse(
    session: Session, actor: Actor, *, entry_id: int, reason: str, version: int | None = None, now: datetime
) -> Entry:
    """The entry does not fulfil the conditions, for a reason that its facility reads.

    Raises:
        Invalid: ``required`` at ``reason``.
        Refused: ``decided_by_other``, ``entry_state``.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.CHECK, entry.round)
    _require_unchanged(session, entry, version)
    _require_next(entry, EntryState.REFUSED)
    reason = _required_text("reason", reason)
    _decide(session, actor, entry, EntryState.REFUSED, now, note=reason, items=_last_items(session, entry))
    entry.refusal_reason = reason
    session.flush()
    checking_mail.refused(session, entry, now=now)
    return entry


def reconsider(
    session: Session, actor: Actor, *, entry_id: int, reason: str, version: int | None = None, now: datetime
) -> Entry:
    """Take a refusal back: the entry waits for a check again.

    Raises:
        Invalid, Refused: as ``refuse``.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.CHECK, entry.round)
    _require_unchanged(session, entry, version)
    if entry.state is not EntryState.REFUSED:
        raise Refused("entry_state", state=entry.state.value)
    reason = _required_text("reason", reason)
    _decide(session, actor, entry, EntryState.SUBMITTED, now, note=reason, items={})
    entry.refusal_reason = ""
    session.flush()
    checking_mail.reconsidered(session, entry, now=now)
    return entry


def return_for_supplement(
    session: Session,
    actor: Actor,
    *,
    entry_id: int,
    items: Sequence[Mapping[str, str]],
    reason: str,
    due_at: datetime,
    version: int | None = None,
    now: datetime,
) -> SupplementRequest:
    """Ask the facility to add or mend the items until ``due_at``; it may edit the dossier again.

    Raises:
        Invalid: ``required`` at ``items`` or ``reason``; ``due_in_past`` at ``due_at``.
        Refused: ``decided_by_other``, ``entry_state``.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.RETURN_FOR_SUPPLEMENT, entry.round)
    _require_unchanged(session, entry, version)
    _require_next(entry, EntryState.SUPPLEMENT_REQUESTED)
    wanted, reason = _supplement(items, reason, due_at, now)
    request = SupplementRequest(
        entry_id=entry.id,
        items=wanted,
        reason=reason,
        due_at=due_at,
        requested_at=now,
        requested_by_id=actor.user_id,
    )
    session.add(request)
    details = {"items": wanted, "due_at": due_at}
    kept = _last_items(session, entry)
    _decide(session, actor, entry, EntryState.SUPPLEMENT_REQUESTED, now, note=reason, items=kept, details=details)
    checking_mail.returned(session, entry, request, now=now)
    return request


def extend(session: Session, actor: Actor, *, entry_id: int, until: datetime, reason: str, now: datetime) -> Entry:
    """Give one entry more time to submit or to answer an open request; who and why are recorded.

    Raises:
        Invalid: ``required`` at ``reason``; ``due_in_past`` or ``not_later`` at ``until``.
    """
    entry = _entry(session, entry_id)
    require(actor, Verb.EXTEND, entry.round)
    open_request = _open_request(session, entry)
    before = open_request.due_at if open_request else entry.extended_until
    reason = _required_text("reason", reason)
    if is_passed(now, until):
        raise Invalid.one("until", "due_in_past", now=format_datetime_seconds_vi(now))
    if before is not None and until <= before:
        raise Invalid.one("until", "not_later", before=format_datetime_seconds_vi(before))
    entry.extended_until = until
    if open_request is not None:
        open_request.due_at = until
    session.flush()
    _log(session, actor, entry, "entry:extend", now, {"before": before, "after": until, "reason": reason})
    checking_mail.extended(session, entry, reason, now=now)
    return entry


def _entry(session: Session, entry_id: int) -> Entry:
    """The locked entry with what a decision needs."""
    entry = session.scalars(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(joinedload(Entry.round), joinedload(Entry.product))
        .with_for_update(of=Entry)
        .execution_options(populate_existing=True)
    ).first()
    if entry is None:
        raise NotFound("entry")
    return entry


def _require_unchanged(session: Session, entry: Entry, version: int | None) -> None:
    """The second of two officers is told who acted, and when."""
    if version is None or version == entry.version:
        return
    last = session.execute(
        select(AuditEvent.actor_name, AuditEvent.at)
        .where(AuditEvent.subject == f"entry:{entry.id}")
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(1)
    ).first()
    who, at = (last.actor_name, format_datetime_seconds_vi(last.at)) if last else ("–", "–")
    raise Refused("decided_by_other", who=who, at=at, state=entry.state.value)


def _require_next(entry: Entry, following: EntryState) -> None:
    if not entry_may_become(entry.state, following):
        raise Refused("entry_state", state=entry.state.value)


def _decide(
    session: Session,
    actor: Actor,
    entry: Entry,
    state: EntryState,
    now: datetime,
    *,
    note: str,
    items: Mapping[str, Any],
    details: Mapping[str, Any] | None = None,
) -> None:
    before, entry.state = entry.state, state
    entry.decided_at, entry.decided_by_id = now, actor.user_id
    _keep(session, actor, entry, items, note, state, now)
    change = {"before": before, "after": state, "note": note, **(details or {})}
    _log(session, actor, entry, f"entry:{state.value}", now, change)


def _keep(
    session: Session,
    actor: Actor,
    entry: Entry,
    items: Mapping[str, Any],
    note: str,
    outcome: EntryState | None,
    now: datetime,
) -> EligibilityCheck:
    row = EligibilityCheck(
        entry_id=entry.id,
        snapshot_id=entry.snapshot_id,
        officer_id=actor.user_id,
        items=dict(items),
        outcome=outcome,
        note=note,
        checked_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _last_items(session: Session, entry: Entry) -> dict[str, Any]:
    """What the last check of the present snapshot found."""
    found = session.scalar(
        select(EligibilityCheck.items)
        .where(EligibilityCheck.entry_id == entry.id, EligibilityCheck.snapshot_id == entry.snapshot_id)
        .order_by(EligibilityCheck.id.desc())
        .limit(1)
    )
    return dict(found or {})


def _open_request(session: Session, entry: Entry) -> SupplementRequest | None:
    return session.scalars(
        select(SupplementRequest)
        .where(SupplementRequest.entry_id == entry.id, SupplementRequest.answered_at.is_(None))
        .order_by(SupplementRequest.id.desc())
        .limit(1)
    ).first()


def _clean_items(items: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    faults, kept = [], {}
    for key, item in items.items():
        verdict = item.get("verdict", "")
        if verdict not in set(PaperVerdict):
            faults.append(FieldFault(key, "not_a_choice"))
        kept[key] = {"verdict": str(verdict), "note": clean_text(item.get("note", ""))[:MAXIMUM_TEXT]}
    if faults:
        raise Invalid(faults)
    return kept


def _supplement(
    items: Sequence[Mapping[str, str]], reason: str, due_at: datetime, now: datetime
) -> tuple[list[dict[str, str]], str]:
    """The cleaned items and reason of a request, or every fault at once."""
    wanted = [{"item": item["item"], "text": clean_text(item.get("text", ""))} for item in items]
    wanted = [item for item in wanted if item["text"]]
    reason, faults = clean_text(reason), []
    if not wanted:
        faults.append(FieldFault("items", "supplement_empty"))
    if not reason:
        faults.append(FieldFault("reason", "required"))
    if is_passed(now, due_at):
        faults.append(FieldFault("due_at", "due_in_past", {"now": format_datetime_seconds_vi(now)}))
    if faults:
        raise Invalid(faults)
    return wanted, reason


def _required_text(field: str, text: str) -> str:
    text = clean_text(text)
    if not text:
        raise Invalid.one(field, "required")
    if len(text) > MAXIMUM_TEXT:
        raise Invalid.one(field, "too_long", maximum=MAXIMUM_TEXT)
    return text


def _log(session: Session, actor: Actor, entry: Entry, action: str, now: datetime, details: Mapping[str, Any]) -> None:
    audit.record(
        session,
        actor,
        action=action,
        subject=f"entry:{entry.id}",
        round_id=entry.round_id,
        now=now,
        details=details,
    )
