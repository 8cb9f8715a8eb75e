"""Reads of how people come in: the session of a cookie, a person's sessions and linked identities."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from app.models.sign_in import ExternalIdentity, UserSession

# Built once: every request of somebody signed in asks it.
_BY_DIGEST = (
    select(UserSession)
    .where(UserSession.digest == bindparam("digest", type_=String))
    .execution_options(populate_existing=True)
)


def by_digest(session: Session, digest: str) -> UserSession | None:
    """The session of a cookie, open or ended."""
    return session.scalar(_BY_DIGEST, {"digest": digest})


def of_person(session: Session, user_id: int) -> Sequence[UserSession]:
    """The person's sessions that nobody ended, the last used first."""
    statement = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    return session.scalars(statement.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def identities(session: Session, user_id: int) -> Sequence[ExternalIdentity]:
    """The single sign-on accounts that are linked with the person's."""
    return session.scalars(select(ExternalIdentity).where(ExternalIdentity.user_id == user_id)).all()
