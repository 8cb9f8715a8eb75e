"""Publication at a set time: asked for by the secretariat, done by the sweep, refused as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import DomainError, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import SYSTEM, Actor
from app.domain.vocabulary import Phase
from app.models.account import RoleGrant, User
from app.models.round import Round
from app.queries.rights import SECRETARIAL, actor_for
from app.services import audit, messages, publication

# A message is written once, in Vietnamese, as all messages of the outbox.
REASONS = {
    "undecided": "Còn %(missing)s sản phẩm chưa có quyết định của hội đồng.",
    "no_order": "Còn %(missing)s sản phẩm được công nhận chưa gắn quyết định công nhận.",
}
NO_RIGHT = "Người hẹn giờ không còn quyền công bố đợt này."


def schedule(session: Session, actor: Actor, *, round_id: int, release_at: datetime | None, now: datetime) -> Round:
    """Set the moment of publication, or take it away with None. Nothing is published by this.

    What is still missing is looked at again when the moment comes.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``.
        Invalid: ``release_at`` is not in the future.
    """
    round_ = session.get(Round, round_id, with_for_update=True)
    if round_ is None:
        raise NotFound("round")
    policies.require(actor, Verb.PUBLISH, round_)
    if release_at is not None and release_at <= now:
        raise Invalid.one("release_at", "release_in_past")
    before = round_.release_at
    round_.release_at = release_at
    round_.release_by_id = actor.user_id if release_at is not None else None
    session.flush()
    audit.record(
        session,
        actor,
        action="round:schedule",
        subject=f"round:{round_id}",
        now=now,
        round_id=round_id,
        details={"before": _written(before), "after": _written(release_at)},
    )
    return round_


def due(session: Session, *, now: datetime) -> Sequence[int]:
    """Ids of the rounds whose moment has come and that are not published yet."""
    return session.scalars(
        select(Round.id)
        .where(Round.phase == Phase.DELIBERATION, Round.release_at.is_not(None), Round.release_at <= now)
        .order_by(Round.id)
    ).all()


def release(session: Session, *, round_id: int, now: datetime) -> Round | None:
    """Publish in the name of the person who set the moment, by the rights that they have now.

    None when the round is not due any more: another worker was first, or the moment was moved.

    Raises:
        DomainError: as ``publication.publish``; the caller's transaction is to be rolled back.
    """
    round_ = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if round_ is None or round_.phase is not Phase.DELIBERATION:
        return None
    if round_.release_at is None or round_.release_at > now:
        return None
    actor = actor_for(session, round_.release_by_id, now=now)
    return publication.publish(session, actor, round_id=round_id, now=now)


def report_failure(session: Session, *, round_id: int, refusal: DomainError, now: datetime) -> None:
    """Take the moment away and tell the secretariat why nothing was published."""
    reason = REASONS.get(refusal.code, NO_RIGHT)
    if isinstance(refusal, Refused):
        reason %= refusal.params
    round_ = session.get_one(Round, round_id, with_for_update=True)
    planned, asked_by = round_.release_at, round_.release_by_id
    round_.release_at = round_.release_by_id = None
    session.flush()
    audit.record(
        session,
        SYSTEM,
        action="round:release_failed",
        subject=f"round:{round_id}",
        now=now,
        round_id=round_id,
        details={"planned": _written(planned), "reason": refusal.code},
    )
    told = [(person, {"round": round_.name, "reason": reason}) for person in _secretaries(session, round_id, asked_by, now)]
    messages.tell_each(
        session, told, event="release_failed", round_id=round_id, now=now, link=f"/to-giup-viec/dot/{round_id}/cong-bo"
    )


def _secretaries(session: Session, round_id: int, asked_by: int | None, now: datetime) -> Sequence[User]:
    """Who is secretary of this very round, and who set the moment."""
    granted = select(RoleGrant.user_id).where(
        RoleGrant.round_id == round_id,
        RoleGrant.role.in_(SECRETARIAL),
        RoleGrant.valid_until.is_(None) | (RoleGrant.valid_until > now),
    )
    return session.scalars(
        select(User).where(User.id.in_(granted) | (User.id == asked_by), User.active).order_by(User.id)
    ).all()


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
