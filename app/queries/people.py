"""Reads about people: the list, one person with their parts, and a person's own data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.text import fold, sort_key
from app.domain.vocabulary import CouncilRole, MemberRole, PanelRole, Role
from app.models.account import RoleGrant, User
from app.models.council import CouncilSeat
from app.models.facility import Facility, FacilityMember
from app.models.panel import PanelSeat
from app.models.record import OutboxMail
from app.models.round import Round
from app.models.unit import Unit

PAGE = 50


@dataclass(frozen=True)
class PersonLine:
    """An account in a list."""

    id: int
    name: str
    email: str
    title: str
    employer: str
    active: bool
    last_login_at: datetime | None


def find(session: Session, q: str = "", *, active: bool | None = None) -> list[PersonLine]:
    """Accounts by a part of name, mail, title or employer, marks aside, in dictionary order of names.

    Names are folded here, because accounts keep no folded column; one statement.
    """
    statement = select(User.id, User.name, User.email, User.title, User.employer, User.active, User.last_login_at)
    if active is not None:
        statement = statement.where(User.active.is_(active))
    words = fold(q).split()
    lines = [PersonLine(**row._mapping) for row in session.execute(statement)]
    found = [line for line in lines if _holds(line, words)]
    return sorted(found, key=lambda line: (sort_key(line.name), line.id))


def _holds(line: PersonLine, words: Sequence[str]) -> bool:
    text = fold(f"{line.name} {line.email} {line.title} {line.employer}") if words else ""
    return all(word in text for word in words)


@dataclass(frozen=True)
class GrantLine:
    """A role that was given, for which round or territory, until when."""

    id: int
    role: Role
    round_name: str | None
    unit_name: str | None
    granted_at: datetime
    granted_by: str | None
    valid_until: datetime | None

    def is_over(self, now: datetime) -> bool:
        """True once the grant has ended."""
        return self.valid_until is not None and self.valid_until <= now


@dataclass(frozen=True)
class SeatLine:
    """A seat in a panel or a council."""

    round_id: int
    round_name: str
    role: PanelRole | CouncilRole


@dataclass(frozen=True)
class Person:
    """An account with every part that it plays."""

    user: User
    grants: tuple[GrantLine, ...]
    seats: tuple[SeatLine, ...]
    facilities: tuple[tuple[str, MemberRole], ...]


def person(session: Session, user_id: int) -> Person | None:
    """The account of an id with grants, seats and facilities, in a constant number of statements."""
    user = session.get(User, user_id)
    if user is None:
        return None
    facilities = session.execute(
        select(Facility.name, FacilityMember.role)
        .join(Facility, Facility.id == FacilityMember.facility_id)
        .where(FacilityMember.user_id == user_id)
        .order_by(Facility.name)
    )
    return Person(user, tuple(_grants(session, user_id)), tuple(_seats(session, user_id)), tuple(facilities.all()))


def _grants(session: Session, user_id: int) -> list[GrantLine]:
    rows = session.execute(
        select(
            RoleGrant.id,
            RoleGrant.role,
            Round.name.label("round_name"),
            Unit.full_name.label("unit_name"),
            RoleGrant.granted_at,
            User.name.label("granted_by"),
            RoleGrant.valid_until,
        )
        .outerjoin(Round, Round.id == RoleGrant.round_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(User, User.id == RoleGrant.granted_by_id)
        .where(RoleGrant.user_id == user_id)
        .order_by(RoleGrant.id.desc())
    )
    return [GrantLine(**row._mapping) for row in rows]


def _seats(session: Session, user_id: int) -> list[SeatLine]:
    tables: tuple[Any, ...] = (PanelSeat, CouncilSeat)
    found = []
    for table in tables:
        statement: Select[Any] = (
            select(Round.id, Round.name, table.role)
            .join(table, table.round_id == Round.id)
            .where(table.user_id == user_id)
            .order_by(Round.id.desc())
        )
        found += [SeatLine(*row) for row in session.execute(statement)]
    return found


def own_data(session: Session, user_id: int) -> dict[str, Any]:
    """Everything about a person that the account holds, JSON-ready; no secrets of signing in."""
    found = person(session, user_id)
    if found is None:
        return {}
    user = found.user
    messages = session.execute(
        select(OutboxMail.subject, OutboxMail.body, OutboxMail.written_at, OutboxMail.read_at)
        .where(or_(OutboxMail.user_id == user_id, func.lower(OutboxMail.recipient) == user.email.lower()))
        .where(OutboxMail.secret.is_(False))
        .order_by(OutboxMail.id)
    )
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "phone": user.phone,
            "title": user.title,
            "employer": user.employer,
            "language": user.language,
            "created_at": _instant(user.created_at),
            "last_login_at": _instant(user.last_login_at),
            "login_count": user.login_count,
            "consent_version": user.consent_version,
            "consented_at": _instant(user.consented_at),
        },
        "roles": [
            {
                "role": item.role.value,
                "round": item.round_name,
                "territory": item.unit_name,
                "granted_at": _instant(item.granted_at),
                "valid_until": _instant(item.valid_until),
            }
            for item in found.grants
        ],
        "seats": [{"round": item.round_name, "role": item.role.value} for item in found.seats],
        "facilities": [{"name": name, "role": role.value} for name, role in found.facilities],
        "messages": [
            {
                "subject": row.subject,
                "body": row.body,
                "written_at": _instant(row.written_at),
                "read_at": _instant(row.read_at),
            }
            for row in messages
        ],
    }


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
