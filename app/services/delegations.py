"""Parts in a round lent to somebody else for a period: never more than one's own, never longer than asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import DelegatedPart
from app.models.account import User
from app.models.council import CouncilSeat
from app.models.delegation import Delegation
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.panel import PanelSeat
from app.models.round import Round
from app.queries.delegations import holds
from app.services import audit, messages

# No rule names a longest period; a part that is lent for longer is better given by the organisers. [N]
LONGEST = timedelta(days=90)


def lend(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    part: DelegatedPart,
    email: str,
    valid_until: datetime,
    now: datetime,
    valid_from: datetime | None = None,
    reason: str = "",
) -> Delegation:
    """Let another person act in the actor's part of a round from ``valid_from`` (now) to ``valid_until``.

    Raises:
        NotFound: the actor does not hold the part by their own right.
        Invalid: ``email``: no such open account, the actor's own, without the seat that the part stands on, or
            in conflict (a judge or an entrant of the round as its secretary); ``valid_until``: not after the
            start, past, or more than ``LONGEST`` away.
    """
    if not holds(actor, part, round_id):
        raise NotFound("part")
    start = valid_from or now
    if valid_until <= max(start, now) or valid_until - start > LONGEST:
        raise Invalid.one("valid_until", "delegation_period", days=LONGEST.days)
    taker = _taker(session, actor, email, part, round_id)
    row = Delegation(
        giver_id=actor.user_id,
        taker_id=taker.id,
        round_id=round_id,
        part=part,
        reason=clean_line(reason),
        valid_from=start,
        valid_until=valid_until,
        made_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, actor, taker, row, now)
    details = {"part": part, "taker_id": taker.id, "valid_from": start, "valid_until": valid_until, "reason": row.reason}
    audit.record(
        session, actor, action="part:lend", subject=f"delegation:{row.id}", round_id=round_id, now=now, details=details
    )
    return row


def end(session: Session, actor: Actor, *, delegation_id: int, now: datetime) -> Delegation:
    """End a loan at once: either side may, and administrators.

    Raises:
        NotFound: there is none, or the actor is neither side.
    """
    row = session.get(Delegation, delegation_id, with_for_update=True)
    if row is None or not (actor.is_administrator or actor.user_id in (row.giver_id, row.taker_id)):
        raise NotFound("delegation")
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        audit.record(session, actor, action="part:take_back", subject=f"delegation:{row.id}", round_id=row.round_id, now=now)
    return row


def _taker(session: Session, actor: Actor, email: str, part: DelegatedPart, round_id: int) -> User:
    person = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active))
    if person is None:
        raise Invalid.one("email", "delegation_nobody")
    if person.id == actor.user_id:
        raise Invalid.one("email", "delegation_self")
    if part is DelegatedPart.SECRETARY:
        if _sits(session, PanelSeat, person.id, round_id) or _takes_part(session, person.id, round_id):
            raise Invalid.one("email", "delegation_conflict")
    elif not _votes(session, PanelSeat if part is DelegatedPart.PANEL_CHAIR else CouncilSeat, person.id, round_id):
        raise Invalid.one("email", "delegation_seat")
    return person


def _sits(session: Session, seats: type[PanelSeat] | type[CouncilSeat], user_id: int, round_id: int) -> bool:
    return session.scalar(select(seats.id).where(seats.user_id == user_id, seats.round_id == round_id).limit(1)) is not None


def _votes(session: Session, seats: type[PanelSeat] | type[CouncilSeat], user_id: int, round_id: int) -> bool:
    """Whether the person sits there other than as its secretary, who never scores or votes."""
    roles = session.scalars(select(seats.role).where(seats.user_id == user_id, seats.round_id == round_id))
    return any(role.value != "secretary" for role in roles)


def _takes_part(session: Session, user_id: int, round_id: int) -> bool:
    own = select(FacilityMember.facility_id).where(FacilityMember.user_id == user_id)
    statement = select(Entry.id).where(Entry.round_id == round_id, Entry.facility_id.in_(own)).limit(1)
    return session.scalar(statement) is not None


def _tell(session: Session, actor: Actor, taker: User, row: Delegation, now: datetime) -> None:
    name = session.scalar(select(Round.name).where(Round.id == row.round_id))
    values = {"person": actor.name, "round": name or ""}
    link = "/tai-khoan/uy-quyen"
    messages.tell(
        session, taker, event="delegation_received", round_id=row.round_id, values=values, now=now, link=link
    )  # fmt: skip
