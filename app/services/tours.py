"""First steps on a role's home: which of them a person has put away."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.models.account import User

TOURS = ("facility", "judge", "secretariat", "council", "admin")


def dismiss(session: Session, actor: Actor, *, tour: str) -> User:
    """Put the steps of ``tour`` away for this person; a second time changes nothing.

    Raises:
        NotFound: a guest, or no such tour.
    """
    person = _own(session, actor)
    if tour not in TOURS:
        raise NotFound("tour")
    away = {*person.tours_dismissed.split(), tour}
    person.tours_dismissed = " ".join(name for name in TOURS if name in away)
    session.flush()
    return person


def bring_back(session: Session, actor: Actor) -> User:
    """Show all first steps again.

    Raises:
        NotFound: a guest.
    """
    person = _own(session, actor)
    person.tours_dismissed = ""
    session.flush()
    return person


def _own(session: Session, actor: Actor) -> User:
    person = session.get(User, actor.user_id) if actor.user_id is not None else None
    if person is None:
        raise NotFound("person")
    return person
