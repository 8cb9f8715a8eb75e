"""Two stages: the chair closes the first, those above its mark go on, and the same judges score again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.text import clean_text
from app.models.account import User
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.round import Round
from app.models.stage import StageClosing
from app.queries.readiness import unsigned_sheets
from app.queries.round_board import pending_conflicts
from app.queries.scored_round import round_value
from app.queries.stages import FIRST, SECOND, closing_of
from app.services import audit, discrepancies, messages
from app.services.freezing import rules_of
from scoring.canonical import sha256_of
from scoring.stages import StageLine, first_stage


@dataclass(frozen=True)
class FirstStage:
    """What the first stage says of every entry by its code; ``digest`` names the sheets and rules it rests on."""

    lines: Mapping[str, StageLine]
    digest: str

    @property
    def advancing(self) -> list[str]:
        """The codes that go on, in order."""
        return sorted(code for code, line in self.lines.items() if line.reached)

    def to_list(self) -> list[dict[str, Any]]:
        """The lines as they are kept: code, counted, exact, published, reached."""
        return [{"code": code} | line.to_dict() for code, line in self.lines.items()]


def first_stage_of(session: Session, round_: Round) -> FirstStage:
    """Computed from the signed sheets as they are now; nothing is written.

    Raises:
        Refused: ``single_stage``; ``steps_differ``.
    """
    rules = rules_of(round_)
    if rules.stages == 1:
        raise Refused("single_stage")
    value = round_value(session, round_, rules)
    return FirstStage(first_stage(value), sha256_of(value.of_stage(FIRST).to_dict() | {"stages": rules.to_dict()}))


def missing(session: Session, round_: Round) -> list[Refused]:
    """Everything that still bars the closing of the first stage."""
    found: list[Refused] = []
    unsigned = unsigned_sheets(session, round_.id, FIRST)
    if unsigned:
        found.append(Refused("stage_unsigned", count=unsigned))
    unruled = pending_conflicts(session, round_.id)
    if unruled:
        found.append(Refused("stage_conflicts", count=unruled))
    thin = sum(line.exact is None for line in first_stage_of(session, round_).lines.values())
    if thin and not unsigned:
        found.append(Refused("stage_insufficient", count=thin))
    try:
        discrepancies.require_settled(session, round_, stage=FIRST)
    except Refused as refusal:
        found.append(refusal)
    return found


def close(session: Session, actor: Actor, *, round_id: int, seen: str, note: str, now: datetime) -> StageClosing:
    """The panel's chair confirms who goes on; the same judges are assigned to them for the second stage.

    From then on no sheet of the first stage can be changed. ``seen`` is the digest of what the chair was shown.

    Raises:
        NotFound, Forbidden: no such round for the actor; not the chair.
        Refused: ``phase_closed``; ``single_stage``; ``stage_closed`` before; ``stage_unsigned``, ``stage_conflicts``,
            ``stage_insufficient``, ``discrepancies_open`` (count); ``stage_changed`` since the page was shown.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.CLOSE_STAGE, round_)
    if closing_of(session, round_id) is not None:
        raise Refused("stage_closed")
    found = first_stage_of(session, round_)
    for refusal in missing(session, round_):
        raise refusal
    if found.digest != seen:
        raise Refused("stage_changed")
    row = StageClosing(
        round_id=round_id,
        advanced=found.advancing,
        lines=found.to_list(),
        digest=found.digest,
        note=clean_text(note).strip(),
        closed_at=now,
        closed_by_id=actor.user_id,
    )
    session.add(row)
    loads = _assign(session, round_id, found.advancing, now)
    session.flush()
    details = {"advanced": found.advancing, "of": len(found.lines), "digest": found.digest, "note": row.note}
    audit.record(
        session, actor, action="stage:close", subject=f"round:{round_id}", round_id=round_id, now=now, details=details
    )
    _tell(session, round_, loads, now)
    return row


def require_closed(session: Session, round_: Round) -> None:
    """Let a computation pass when the round has one stage, or its first was closed.

    Raises:
        Refused: ``first_stage_open``.
    """
    if rules_of(round_).stages > 1 and closing_of(session, round_.id) is None:
        raise Refused("first_stage_open")



def _assign(session: Session, round_id: int, codes: list[str], now: datetime) -> Counter[int]:
    """The judges of the first stage for the second; returns how many entries each person has."""
    rows = session.execute(
        select(Assignment, PanelSeat.user_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(Entry.round_id == round_id, Entry.code.in_(codes), Assignment.stage == FIRST, Assignment.active)
        .order_by(Assignment.id)
    ).all()
    loads: Counter[int] = Counter()
    for first, user_id in rows:
        session.add(
            Assignment(seat_id=first.seat_id, entry_id=first.entry_id, stage=SECOND, seed=first.seed, assigned_at=now)
        )
        loads[user_id] += 1
    return loads


def _tell(session: Session, round_: Round, loads: Mapping[int, int], now: datetime) -> None:
    """One message a judge."""
    people = session.scalars(select(User).where(User.id.in_(loads))).all()
    told = [(person, {"round": round_.name, "count": str(loads[person.id])}) for person in people]
    messages.tell_each(
        session, told, event="second_stage", round_id=round_.id, now=now, link=f"/giam-khao/dot/{round_.id}"
    )
