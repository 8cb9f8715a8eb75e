"""Accounts made by people in charge, and the roles granted to them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.policies import Actor
from app.domain.text import clean_line
from app.domain.vocabulary import Role
from app.models.account import RoleGrant, User
from app.services import audit, sessions

# The languages of the pages; the first is the one that the messages are written in.
LANGUAGES = ("vi", "en")


def create_user(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    password_digest: str | None,
    now: datetime,
    phone: str = "",
    title: str = "",
    employer: str = "",
    demo: bool = False,
) -> User:
    """Make an active account; without a password digest its owner sets one by the recovery mail.

    Raises:
        Invalid: the name is missing, or the mail address is missing or taken.
    """
    email = email.strip().lower()
    if "@" not in email:
        raise Invalid.one("email", "email_invalid")
    if not clean_line(name):
        raise Invalid.one("name", "required")
    if session.scalar(select(User.id).where(func.lower(User.email) == email)):
        raise Invalid.one("email", "email_taken")
    person = User(
        email=email,
        name=clean_line(name),
        password=password_digest,
        phone=phone,
        title=clean_line(title),
        employer=clean_line(employer),
        demo=demo,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
        confirmed_at=now,  # whoever makes it vouches for the address
    )
    session.add(person)
    session.flush()
    audit.record(session, actor, action="user:create", subject=f"user:{person.id}", now=now, details={"name": person.name})
    return person


def grant(
    session: Session,
    actor: Actor,
    *,
    user_id: int,
    role: Role,
    now: datetime,
    round_id: int | None = None,
    unit_id: int | None = None,
    valid_until: datetime | None = None,
) -> RoleGrant:
    """Give a person a role for a round, a territory or the whole installation.

    Raises:
        NotFound: no such person.
        Forbidden: the actor is neither administrator nor the system.
    """
    _require_administrator(actor)
    if session.get(User, user_id) is None:
        raise NotFound("user")
    row = RoleGrant(
        user_id=user_id,
        role=role,
        round_id=round_id,
        unit_id=unit_id,
        granted_by_id=actor.user_id,
        granted_at=now,
        valid_until=valid_until,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        action="role:grant",
        subject=f"user:{user_id}",
        now=now,
        details={"role": role, "round_id": round_id, "unit_id": unit_id, "valid_until": valid_until},
    )
    return row


def withdraw_grant(session: Session, actor: Actor, *, grant_id: int, now: datetime) -> None:
    """End a grant at once.

    Raises:
        NotFound: no such grant.
        Forbidden: the actor is neither administrator nor the system.
    """
    _require_administrator(actor)
    row = session.get(RoleGrant, grant_id)
    if row is None:
        raise NotFound("grant")
    row.valid_until = now
    session.flush()
    audit.record(session, actor, action="role:withdraw", subject=f"user:{row.user_id}", now=now, details={"role": row.role})


def set_active(session: Session, actor: Actor, *, user_id: int, active: bool, now: datetime) -> User:
    """Close or open an account; closing ends all of its sessions.

    Raises:
        NotFound: no such person.
        Forbidden: the actor is neither administrator nor the system.
    """
    _require_administrator(actor)
    person = session.get(User, user_id)
    if person is None:
        raise NotFound("user")
    person.active = active
    if not active:
        person.fs_uniquifier = uuid.uuid4().hex
        sessions.end_all(session, actor, user_id=user_id, now=now)
    session.flush()
    action = "user:open" if active else "user:close"
    audit.record(session, actor, action=action, subject=f"user:{user_id}", now=now)
    return person


def edit_profile(
    session: Session,
    actor: Actor,
    *,
    name: str,
    phone: str,
    title: str,
    employer: str,
    language: str = LANGUAGES[0],
    now: datetime,
) -> User:
    """Change what a person says about themselves, and the language of their pages.

    Raises:
        NotFound: a guest has no profile.
        Invalid: the name is missing, or the pages do not speak the language.
    """
    person = session.get(User, actor.user_id) if actor.user_id else None
    if person is None:
        raise NotFound("user")
    if not clean_line(name):
        raise Invalid.one("name", "required")
    if language not in LANGUAGES:
        raise Invalid.one("language", "not_a_choice")
    person.name, person.phone = clean_line(name), clean_line(phone)
    person.title, person.employer = clean_line(title), clean_line(employer)
    person.language = language
    session.flush()
    audit.record(session, actor, action="user:edit", subject=f"user:{person.id}", now=now)
    return person


def _require_administrator(actor: Actor) -> None:
    is_system = actor.is_guest and actor.name != ""
    if not (actor.is_administrator or is_system):
        raise Forbidden("grant")
