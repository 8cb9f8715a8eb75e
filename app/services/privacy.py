"""A person's own say over their data: consents, and the request to be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import ErasureState
from app.models.account import User
from app.models.privacy import Consent, ErasureRequest
from app.services import audit

CONTEST = "contest"


def consent(session: Session, actor: Actor, *, version: str, now: datetime, purpose: str = CONTEST) -> Consent:
    """Keep a person's yes to one version of a purpose's text; a second yes to the same changes nothing.

    Raises:
        NotFound: a guest.
    """
    person = _own(session, actor)
    row = session.scalar(
        select(Consent).where(
            Consent.user_id == person.id,
            Consent.purpose == purpose,
            Consent.version == version,
            Consent.withdrawn_at.is_(None),
        )
    )
    if row is not None:
        return row
    row = Consent(user_id=person.id, purpose=purpose, version=version, given_at=now)
    session.add(row)
    person.consent_version, person.consented_at = version, now
    session.flush()
    details = {"purpose": purpose, "version": version}
    audit.record(session, actor, action="consent:give", subject=f"user:{person.id}", now=now, details=details)
    return row


def withdraw_consents(session: Session, user_id: int, *, now: datetime) -> None:
    """Mark every consent of a person as taken back; the rows stay as proof of what was agreed, and when."""
    statement = update(Consent).where(Consent.user_id == user_id, Consent.withdrawn_at.is_(None))
    session.execute(statement.values(withdrawn_at=now))


def ask_erasure(session: Session, actor: Actor, *, reason: str, now: datetime) -> ErasureRequest:
    """Ask to be erased.

    Raises:
        NotFound: a guest.
        Refused: ``erasure_waits``; one request waits already.
    """
    person = _own(session, actor)
    if waiting(session, person.id) is not None:
        raise Refused("erasure_waits")
    row = ErasureRequest(user_id=person.id, reason=clean_line(reason), asked_at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor, action="erasure:ask", subject=f"user:{person.id}", now=now)
    return row


def take_back_erasure(session: Session, actor: Actor, *, now: datetime) -> ErasureRequest:
    """Take the waiting request back.

    Raises:
        NotFound: none waits.
    """
    row = waiting(session, actor.user_id or 0)
    if row is None:
        raise NotFound("erasure")
    row.state = ErasureState.WITHDRAWN
    session.flush()
    audit.record(session, actor, action="erasure:take_back", subject=f"user:{row.user_id}", now=now)
    return row


def waiting(session: Session, user_id: int) -> ErasureRequest | None:
    """The person's request that waits for a decision."""
    statement = select(ErasureRequest).where(ErasureRequest.user_id == user_id, ErasureRequest.state == ErasureState.WAITING)
    return session.scalar(statement.with_for_update())


def _own(session: Session, actor: Actor) -> User:
    person = session.get(User, actor.user_id) if actor.user_id else None
    if person is None:
        raise NotFound("user")
    return person
