"""Passing entries of one facility become a set, after scoring and before the council decides (decision 0008)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import EntryState, SessionState
from app.models.council import CouncilSession, Recognition
from app.models.entry import Entry
from app.models.merge import EntryMerge
from app.models.result import ResultLine, ResultRun
from app.models.round import Round
from app.services import audit, results
from app.services.freezing import rules_of
from scoring.combining import SET_RULES, combine

RULES = ("highest", "lowest")
NAME_MAXIMUM = 200


def merge(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    entry_ids: Sequence[int],
    name: str,
    rule: str,
    reason: str,
    now: datetime,
) -> EntryMerge:
    """Make a set of entries; the one whose figure the rule chooses leads it, and the result is computed anew.

    Raises:
        NotFound: no such round for the actor, or an entry of another round.
        Refused: ``phase_closed``; ``no_result``; ``already_decided``; ``session_pending``;
            ``merge_facilities_differ``, ``merge_groups_differ``, ``already_merged``, ``merge_needs_passing``.
        Invalid: ``name``, ``reason``, ``rule``; ``entries``: ``merge_too_few``.
    """
    round_ = _round(session, actor, round_id)
    name, reason = _checked(entry_ids, name, rule, reason)
    run = session.scalar(select(ResultRun).where(ResultRun.round_id == round_id, ResultRun.superseded_at.is_(None)))
    if run is None:
        raise Refused("no_result")
    entries = _entries(session, round_id, entry_ids)
    figures = _figures(session, round_, run, entries)
    leader = _leader(entries, figures, rule)
    row = EntryMerge(
        round_id=round_id,
        entry_id=leader.id,
        run_id=run.id,
        name=name,
        rule=rule,
        reason=reason,
        figures={entry.code or "": str(figures[entry.id]) for entry in entries},
        merged_at=now,
        merged_by_id=actor.user_id,
    )
    session.add(row)
    for entry in entries:
        entry.merged_into_id = None if entry is leader else leader.id
    session.flush()
    details = {"name": name, "rule": rule, "reason": reason, "leader": leader.code, "figures": row.figures}
    _record(session, actor, row, "entry:merge", now, details)
    results.compute(session, actor, round_id=round_id, now=now)
    return row


def separate(session: Session, actor: Actor, *, merge_id: int, now: datetime) -> None:
    """Take a set apart again; the result is computed anew.

    Raises:
        NotFound: no such set for the actor.
        Refused: ``phase_closed``, ``already_decided``, ``session_pending``.
    """
    row = session.get(EntryMerge, merge_id, with_for_update=True)
    if row is None:
        raise NotFound("merge")
    _round(session, actor, row.round_id)
    for entry in session.scalars(select(Entry).where(Entry.merged_into_id == row.entry_id)):
        entry.merged_into_id = None
    _record(session, actor, row, "entry:separate", now, {"name": row.name, "figures": row.figures})
    session.delete(row)
    session.flush()
    results.compute(session, actor, round_id=row.round_id, now=now)


def _round(session: Session, actor: Actor, round_id: int) -> Round:
    """The round, locked, while its council has neither decided nor sits."""
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.MERGE, round_)
    if session.scalar(select(Recognition.id).where(Recognition.round_id == round_id).limit(1)):
        raise Refused("already_decided")
    if session.scalar(
        select(CouncilSession.id).where(CouncilSession.round_id == round_id, CouncilSession.state != SessionState.CLOSED)
    ):
        raise Refused("session_pending")
    return round_


def _checked(entry_ids: Sequence[int], name: str, rule: str, reason: str) -> tuple[str, str]:
    name, reason = clean_line(name), clean_line(reason)
    faults = [FieldFault(field, "required") for field, text in (("name", name), ("reason", reason)) if not text]
    if len(name) > NAME_MAXIMUM:
        faults.append(FieldFault("name", "too_long", {"maximum": NAME_MAXIMUM}))
    if rule not in RULES:
        faults.append(FieldFault("rule", "not_a_choice"))
    if len(set(entry_ids)) < 2:
        faults.append(FieldFault("entries", "merge_too_few"))
    if faults:
        raise Invalid(faults)
    return name, reason


def _entries(session: Session, round_id: int, entry_ids: Sequence[int]) -> list[Entry]:
    rows = list(
        session.scalars(
            select(Entry)
            .where(Entry.id.in_(set(entry_ids)), Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED)
            .order_by(Entry.code)
            .with_for_update()
        )
    )
    if len(rows) != len(set(entry_ids)):
        raise NotFound("entry")
    if len({row.facility_id for row in rows}) > 1:
        raise Refused("merge_facilities_differ")
    if len({row.group_code for row in rows}) > 1:
        raise Refused("merge_groups_differ")
    leads = session.scalar(select(EntryMerge.id).where(EntryMerge.entry_id.in_([row.id for row in rows])).limit(1))
    if leads is not None or any(row.merged_into_id is not None for row in rows):
        raise Refused("already_merged")
    return rows


def _figures(session: Session, round_: Round, run: ResultRun, entries: Sequence[Entry]) -> dict[int, Fraction]:
    """The exact figures of passing entries in the present run."""
    lines = session.scalars(
        select(ResultLine).where(ResultLine.run_id == run.id, ResultLine.entry_id.in_([entry.id for entry in entries]))
    )
    mark = rules_of(round_).pass_mark
    found = {
        line.entry_id: Fraction(line.exact)
        for line in lines
        if line.exact is not None and line.published is not None and line.published >= mark
    }
    if len(found) != len(entries):
        raise Refused("merge_needs_passing")
    return found


def _leader(entries: Sequence[Entry], figures: dict[int, Fraction], rule: str) -> Entry:
    """The first entry, by code, whose figure is the set's."""
    figure = combine(list(figures.values()), SET_RULES[rule])
    return next(entry for entry in entries if figures[entry.id] == figure)


def _record(session: Session, actor: Actor, row: EntryMerge, action: str, now: datetime, details: object) -> None:
    audit.record(
        session, actor, action=action, subject=f"entry:{row.entry_id}", now=now, round_id=row.round_id,
        details=details,  # type: ignore[arg-type]
    )  # fmt: skip
