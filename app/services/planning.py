"""The plan of a round: how many the organiser means to see, set before judging and compared afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import FieldFault, Invalid, NotFound
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.models.round import Round
from app.queries.statistics import COLUMNS
from app.services import audit

MAXIMUM = 100_000


def set_plan(session: Session, actor: Actor, *, round_id: int, plan: Mapping[str, str], now: datetime) -> Round:
    """Write the planned figures by column of the statistics; an empty text plans nothing for its column.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``: a plan that is written after judging has begun would be none.
        Invalid: ``plan_not_number`` for every figure that is no whole number from 0 to 100 000.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.EDIT_ROUND, round_)
    typed = {name: text.strip() for name, text in plan.items() if text.strip()}
    faults = [FieldFault(name, "plan_not_number") for name, text in typed.items() if not _is_figure(name, text)]
    if faults:
        raise Invalid(faults)
    before, round_.plan = round_.plan, {name: int(text) for name, text in typed.items()}
    session.flush()
    audit.record(
        session,
        actor,
        action="round:plan",
        subject=f"round:{round_id}",
        now=now,
        round_id=round_id,
        details={"before": before, "after": round_.plan},
    )
    return round_


def _is_figure(name: str, text: str) -> bool:
    return name in COLUMNS and text.isascii() and text.isdigit() and int(text) <= MAXIMUM
