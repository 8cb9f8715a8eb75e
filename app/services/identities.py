"""Accounts of a single sign-on: to whom they belong here. No account is made and no right is given by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.policies import Actor, holds_office
from app.models.account import User
from app.models.sign_in import ExternalIdentity
from app.queries.rights import actor_for
from app.services import audit


@dataclass(frozen=True)
class Claims:
    """What the provider says of a person who has just signed in there."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False


def person_of(session: Session, claims: Claims, *, now: datetime) -> User:
    """The account that belongs to the identity; linked on the way, when the rule allows it.

    The rule: the provider has verified the address, the address was confirmed here too, and the account
    holds no office. Chairs, secretaries and administrators link it themselves while signed in.

    Raises:
        NotFound: no account here belongs to it.
        Refused: ``sso_closed``, the account is closed; ``sso_unverified``, the address is not verified on
            both sides; ``sso_office``, the account holds an office and is not linked.
    """
    linked = session.scalar(select(User).join(ExternalIdentity, ExternalIdentity.user_id == User.id).where(*_is(claims)))
    person = linked or _by_address(session, claims)
    if person is None:
        raise NotFound("user")
    if not person.active:
        raise Refused("sso_closed")
    if linked is None:
        _require_rule(session, person, claims, now)
        link(session, Actor(user_id=person.id, name=person.name or person.email), claims, now=now)
    return person


def link(session: Session, actor: Actor, claims: Claims, *, now: datetime) -> ExternalIdentity:
    """Tie the identity to the actor's own account.

    Raises:
        NotFound: a guest has no account.
        Refused: ``sso_taken``, the identity belongs to another account.
    """
    if actor.user_id is None:
        raise NotFound("user")
    row = session.scalar(select(ExternalIdentity).where(*_is(claims)))
    if row is not None and row.user_id != actor.user_id:
        raise Refused("sso_taken")
    if row is None:
        row = ExternalIdentity(user_id=actor.user_id, issuer=claims.issuer, subject=claims.subject, linked_at=now)
        session.add(row)
        session.flush()
        audit.record(
            session,
            actor,
            action="identity:link",
            subject=f"user:{actor.user_id}",
            now=now,
            details={"issuer": claims.issuer},
        )
    return row


def unlink(session: Session, actor: Actor, *, identity_id: int, now: datetime) -> None:
    """Take one of the actor's own identities off the account.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    row = session.get(ExternalIdentity, identity_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound("identity")
    session.delete(row)
    session.flush()
    audit.record(session, actor, action="identity:unlink", subject=f"user:{actor.user_id}", now=now)


def _is(claims: Claims) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ExternalIdentity.issuer == claims.issuer, ExternalIdentity.subject == claims.subject


def _by_address(session: Session, claims: Claims) -> User | None:
    if not claims.email:
        return None
    return session.scalar(select(User).where(func.lower(User.email) == claims.email.lower()))


def _require_rule(session: Session, person: User, claims: Claims, now: datetime) -> None:
    if not claims.email_verified or person.confirmed_at is None:
        raise Refused("sso_unverified")
    if holds_office(actor_for(session, person.id, now=now)):
        raise Refused("sso_office")
