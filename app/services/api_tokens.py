"""Tokens with which programs act for a person: made, used, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.policies import Actor
from app.domain.scopes import Scope
from app.domain.text import clean_line
from app.models.api_token import ApiToken
from app.services import audit

PREFIX = "tb_"
HINT_LENGTH = 9
# A word of a program is not typed each day: it lives long, not forever. [N]
LONGEST_DAYS = 366
MAXIMUM_PER_PERSON = 20
SEEN_EVERY = timedelta(minutes=5)


def digest_of(word: str) -> str:
    """What the database knows of a token's word: its SHA-256, in hexadecimal."""
    return hashlib.sha256(word.encode()).hexdigest()


def make(
    session: Session, actor: Actor, *, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A new token of the actor and its word, which nobody can read again.

    Raises:
        Invalid: ``name``: empty; ``scopes``: none; ``days``: not 1 to ``LONGEST_DAYS``; ``name``: ``too_many_tokens``.
    """
    assert actor.user_id is not None, "somebody signed in"
    name = clean_line(name)[:100]
    if not name:
        raise Invalid.one("name", "required")
    if not scopes:
        raise Invalid.one("scopes", "token_without_scope")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid.one("days", "token_period", days=LONGEST_DAYS)
    if _living(session, actor.user_id, now) >= MAXIMUM_PER_PERSON:
        raise Invalid.one("name", "too_many_tokens", count=MAXIMUM_PER_PERSON)
    word = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=actor.user_id,
        name=name,
        hint=word[:HINT_LENGTH],
        digest=digest_of(word),
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    details = {"name": name, "scopes": row.scopes, "expires_at": row.expires_at}
    audit.record(session, actor, action="token:make", subject=f"token:{row.id}", now=now, details=details)
    return row, word


def revoke(session: Session, actor: Actor, *, token_id: int, now: datetime) -> ApiToken:
    """End a token at once: its owner may, and administrators.

    Raises:
        NotFound: there is none, or it is not the actor's to end.
    """
    row = session.get(ApiToken, token_id, with_for_update=True)
    if row is None or not (actor.is_administrator or row.user_id == actor.user_id):
        raise NotFound("token")
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        audit.record(session, actor, action="token:revoke", subject=f"token:{row.id}", now=now, details={"name": row.name})
    return row


def find(session: Session, word: str, *, now: datetime) -> ApiToken | None:
    """The living token of a word; None if there is none, it ran out or was revoked."""
    row = session.scalar(select(ApiToken).where(ApiToken.digest == digest_of(word)))
    return row if row is not None and is_alive(row, now) else None


def is_alive(row: ApiToken, now: datetime) -> bool:
    """True while nobody revoked it and its time has not run out."""
    return row.revoked_at is None and now < row.expires_at


def is_seen_long_ago(row: ApiToken, now: datetime) -> bool:
    """True when its last use is worth writing down again."""
    return row.last_used_at is None or now - row.last_used_at > SEEN_EVERY


def see(session: Session, *, token_id: int, now: datetime) -> None:
    """Keep that the token was used."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def of_person(session: Session, user_id: int) -> Sequence[ApiToken]:
    """A person's tokens, newest first, with those that are over."""
    return session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())).all()


def _living(session: Session, user_id: int, now: datetime) -> int:
    statement = select(func.count()).where(
        ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
    )
    return session.scalar(statement) or 0
