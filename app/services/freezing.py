"""Freezing a round: rules, rubrics and roster under one SHA-256 when judging opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.models.panel import PanelSeat
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from app.services import audit
from scoring.canonical import sha256_of
from scoring.rubric import Rubric

SCHEMA = "tieubieu-freeze/1"
SHORT = 12
# What a rule set says that was frozen before the rule existed: a new default never changes an old round.
BEFORE_THE_RULE = {"gap_blocks_result": False}


def require_unfrozen(round_: Round) -> None:
    """Let a change of rules, rubrics or roster pass while the round is not frozen.

    Raises:
        Refused: ``frozen``, with the digest's first signs and the moment.
    """
    if round_.frozen_digest is not None:
        raise Refused("frozen", digest=round_.frozen_digest[:SHORT], at=round_.frozen_at)


def freeze(session: Session, actor: Actor, round_: Round, *, now: datetime) -> str:
    """Write down what decides the result and its digest; returns the digest (64 hexadecimal digits).

    Every seat that scores goes on the roster, and every rubric version in use can no longer be
    changed. The caller has locked the round and checked the actor's right.

    Raises:
        Refused: ``frozen``: it was done before.
    """
    require_unfrozen(round_)
    content = content_of(session, round_)
    round_.frozen_content, round_.frozen_digest, round_.frozen_at = content, sha256_of(content), now
    session.execute(update(PanelSeat).where(PanelSeat.round_id == round_.id).values(on_roster=True))
    used = select(RoundGroup.rubric_version_id).where(RoundGroup.round_id == round_.id)
    session.execute(
        update(RubricVersion)
        .where(RubricVersion.id.in_(used), RubricVersion.frozen_at.is_(None))
        .values(frozen_at=now)
        .execution_options(synchronize_session="fetch")
    )
    session.flush()
    audit.record(
        session,
        actor,
        action="round:freeze",
        subject=f"round:{round_.id}",
        round_id=round_.id,
        now=now,
        details={"digest": round_.frozen_digest, "judges": len(content["roster"])},
    )
    return round_.frozen_digest


def content_of(session: Session, round_: Round) -> dict[str, Any]:
    """What is frozen, ready for ``scoring.canonical``: no floats, lists in a fixed order."""
    groups = session.scalars(
        select(RoundGroup)
        .where(RoundGroup.round_id == round_.id)
        .options(joinedload(RoundGroup.rubric_version).joinedload(RubricVersion.rubric))
        .order_by(RoundGroup.group_code)
    )
    seats = session.scalars(
        select(PanelSeat).where(PanelSeat.round_id == round_.id).options(joinedload(PanelSeat.user)).order_by(PanelSeat.code)
    )
    return {
        "schema": SCHEMA,
        "round": round_.code,
        "rules": RuleSet.from_dict(round_.rules).to_dict(),
        "rubrics": {group.group_code: _rubric(group) for group in groups},
        "roster": [_seat(seat) for seat in seats],
    }


def _rubric(group: RoundGroup) -> dict[str, Any]:
    version = group.rubric_version
    return {
        "group": group.name,
        "rubric": version.rubric.code,
        "version": version.number,
        "digest": version.digest,
        "content": version.content,
    }


def _seat(seat: PanelSeat) -> dict[str, Any]:
    return {
        "code": seat.code,
        "name": seat.user.name,
        "role": seat.role.value,
        "position": seat.position,
        "groups": sorted(seat.groups or ()),
        "maximum_load": seat.maximum_load,
    }


def holds(round_: Round) -> bool:
    """True if the frozen content still has the digest that was printed; False if not frozen."""
    return round_.frozen_content is not None and sha256_of(round_.frozen_content) == round_.frozen_digest


def rules_of(round_: Round) -> RuleSet:
    """The rules that hold: the frozen ones from the moment that judging opened."""
    frozen = round_.frozen_content
    return RuleSet.from_dict(BEFORE_THE_RULE | frozen["rules"] if frozen else round_.rules)


def rubric_of(round_: Round, group_code: str) -> Rubric:
    """The frozen rubric of a group.

    Raises:
        Refused: ``not_frozen``: judging has not opened.
        KeyError: the round has no such group.
    """
    if round_.frozen_content is None:
        raise Refused("not_frozen")
    return Rubric.from_dict(round_.frozen_content["rubrics"][group_code]["content"])
