"""Who judges what: planned from expertise, load and conflicts, looked at first, applied with its seed on record."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.models.account import User
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.queries.assigning import Assigning, forbidden_pairs, gather
from app.services import audit, messages
from app.services.panels import round_of
from scoring.assignment import Mode, Plan, Request
from scoring.assignment import assign as solve
from scoring.canonical import sha256_of
from scoring.errors import AssignmentInfeasible, AssignmentInvalid

SEEDS = 10**9  # nine digits: what the form reads back


@dataclass(frozen=True)
class Preview:
    """A plan to be looked at: entries, judges and pairs by code.

    ``kept`` are assignments in force that stay, ``added`` new ones, ``dropped`` those that a conflict
    takes away. ``digest`` names the plan: applying with it refuses another one.
    """

    assigning: Assigning
    plan: Plan
    kept: frozenset[tuple[str, str]]
    added: frozenset[tuple[str, str]]
    dropped: frozenset[tuple[str, str]]
    digest: str


def preview(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    mode: Mode,
    per_entry: int | None = None,
    seed: int | None = None,
) -> Preview:
    """What ``assign`` would do with the same arguments; nothing is written.

    Raises:
        NotFound, Forbidden, Refused: as ``assign``.
        Invalid: ``per_entry`` below 1 or missing in the mode k per entry.
    """
    round_ = round_of(session, round_id)
    require(actor, Verb.ASSIGN, round_)
    return _planned(session, round_id, Mode(mode), per_entry, secrets.randbelow(SEEDS) if seed is None else seed)


def assign(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    mode: Mode,
    per_entry: int | None = None,
    seed: int | None = None,
    expected: str | None = None,
    now: datetime,
) -> int:
    """Assign the accepted entries to judges; returns how many assignments are then in force.

    What was assigned before stays, unless a conflict forbids it. The seed is kept with each new
    assignment, so that the draw can be done again. ``expected`` is the digest of the preview that the
    secretary saw.

    Raises:
        NotFound, Forbidden: the actor is not the round's secretary.
        Refused: ``phase_closed``; ``nothing_to_assign``; ``assignment_infeasible`` with ``shortages``, a
            sentence for each entry; ``plan_changed``: the plan is not the expected one.
        Invalid: ``per_entry``.
    """
    round_ = round_of(session, round_id, lock=True)
    require(actor, Verb.ASSIGN, round_)
    shown = _planned(session, round_id, Mode(mode), per_entry, secrets.randbelow(SEEDS) if seed is None else seed)
    if expected is not None and shown.digest != expected:
        raise Refused("plan_changed")
    _apply(session, shown, now)
    audit.record(
        session,
        actor,
        action="panel:assign",
        subject=f"round:{round_id}",
        round_id=round_id,
        now=now,
        details={
            "mode": shown.plan.mode.value,
            "per_entry": shown.plan.k,
            "seed": shown.plan.seed,
            "plan": shown.digest,
            "added": len(shown.added),
            "dropped": sorted(shown.dropped),
        },
    )
    tell_assignments(session, round_, added=(judge for _, judge in shown.added), dropped=shown.dropped, now=now)
    return len(shown.plan.pairs)


# --- the plan ---------------------------------------------------------------------------------


def _planned(session: Session, round_id: int, mode: Mode, per_entry: int | None, seed: int) -> Preview:
    if mode is Mode.K_PER_ENTRY and (per_entry is None or per_entry < 1):
        raise Invalid.one("per_entry", "out_of_range", minimum=1, maximum=99)
    found = gather(session, round_id)
    if not found.entries or not found.judges:
        raise Refused("nothing_to_assign")
    request = Request(
        entries=tuple(entry.assignable for entry in found.entries),
        judges=tuple(judge.assignable for judge in found.judges),
        mode=mode,
        k=per_entry or 1,
        conflicts=forbidden_pairs(found),
        fixed=frozenset(found.in_force),
        seed=seed,
    )
    plan = _solved(request)
    pairs = frozenset(plan.pairs)
    return Preview(
        assigning=found,
        plan=plan,
        kept=pairs & found.in_force.keys(),
        added=pairs - found.in_force.keys(),
        dropped=frozenset(plan.dropped),
        digest=sha256_of({"pairs": [list(pair) for pair in plan.pairs], "seed": seed, "mode": mode.value}),
    )


def _solved(request: Request) -> Plan:
    try:
        return solve(request)
    except AssignmentInfeasible as error:
        told = tuple(shortage.sentence for shortage in error.shortages)
        raise Refused("assignment_infeasible", count=len(told), shortages=told) from error
    except AssignmentInvalid as error:
        raise Refused("assignment_invalid", reason=error.reason) from error


def _apply(session: Session, shown: Preview, now: datetime) -> None:
    entries = {entry.code: entry.id for entry in shown.assigning.entries}
    judges = {judge.code: judge.seat_id for judge in shown.assigning.judges}
    withdrawn = shown.assigning.withdrawn
    for pair in sorted(shown.added):
        row = withdrawn.get(pair)
        if row is None:
            entry, judge = pair
            row = Assignment(seat_id=judges[judge], entry_id=entries[entry], stage=shown.assigning.stage)
            session.add(row)
        row.active, row.seed, row.assigned_at = True, shown.plan.seed, now
    for pair in shown.dropped:
        shown.assigning.in_force[pair].active = False
    session.flush()


# --- messages ---------------------------------------------------------------------------------


def tell_assignments(
    session: Session, round_: Round, *, added: Iterable[str], dropped: Iterable[tuple[str, str]], now: datetime
) -> None:
    """One message a judge about everything that one change gave them or took away.

    ``added`` names a judge's code once for every entry; ``dropped`` are pairs of entry and judge.
    """
    new = Counter(added)
    gone: dict[str, list[str]] = {}
    for entry, judge in sorted(dropped):
        gone.setdefault(judge, []).append(entry)
    people = session.execute(
        select(PanelSeat.code, User)
        .join(User, User.id == PanelSeat.user_id)
        .where(PanelSeat.round_id == round_.id, PanelSeat.code.in_({*new, *gone}))
    )
    letters = []
    for code, person in people:
        told = [f"Bạn được phân công thêm {new[code]} sản phẩm để chấm điểm."] if new[code] else []
        if code in gone:
            told.append(f"Bạn không còn chấm: {', '.join(gone[code])}.")
        letters.append((person, {"round": round_.name, "changes": "\n".join(told)}))
    link = f"/giam-khao/dot/{round_.id}"
    messages.tell_each(session, letters, event="judge_assigned", round_id=round_.id, now=now, link=link)
