"""What the verbs of the council share: its rows, who runs a session, and the count of one vote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policies
from app.domain.errors import NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import SessionState, VoteChoice
from app.models.council import CouncilSession, Tally
from app.models.round import Round
from app.services import audit


def round_of(session: Session, round_id: int) -> Round:
    """The round.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("round")
    return row


def meeting_of(session: Session, session_id: int) -> tuple[CouncilSession, Round]:
    """The session, locked, and its round.

    Raises:
        NotFound: there is none.
    """
    meeting = session.get(CouncilSession, session_id, with_for_update=True)
    if meeting is None:
        raise NotFound("session")
    return meeting, round_of(session, meeting.round_id)


def require_steward(actor: Actor, round_: Round) -> None:
    """The secretariat and the council's chair run a session."""
    if policies.can(actor, Verb.PLAN_SESSION, round_) or policies.can(actor, Verb.DECIDE, round_):
        return
    policies.require(actor, Verb.PLAN_SESSION, round_)


def require_no_open_session(session: Session, round_id: int) -> None:
    """Let the change pass unless a session goes on.

    Raises:
        Refused: ``session_open``.
    """
    if session.scalar(
        select(CouncilSession.id).where(CouncilSession.round_id == round_id, CouncilSession.state == SessionState.OPEN)
    ):
        raise Refused("session_open")


def record(
    session: Session,
    actor: Actor,
    round_id: int,
    action: str,
    subject: str,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    """Leave a link in the round's audit chain."""
    audit.record(session, actor, action=action, subject=subject, now=now, round_id=round_id, details=details)


def count_vote(tally: Tally, choice: VoteChoice, change: int) -> None:
    """Add a vote to a tally, or take it away (``change`` is +1 or -1)."""
    if choice is VoteChoice.FOR:
        tally.votes_for += change
    elif choice is VoteChoice.AGAINST:
        tally.votes_against += change
    else:
        tally.votes_blank += change
