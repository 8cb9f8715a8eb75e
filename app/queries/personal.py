"""Everything that is kept about one person, in parts that a page shows and a file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.delegation import Delegation
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.privacy import Consent, ErasureRequest
from app.models.record import AuditEvent
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.models.sign_in import ExternalIdentity, Passkey, UserSession
from app.queries import people

Part = Sequence[Mapping[str, Any]]


def collected(session: Session, user_id: int) -> dict[str, Any]:
    """The account's data and all rows that name the person, JSON-ready; no secrets of signing in.

    A constant number of statements; empty if there is no such person.
    """
    account = people.own_data(session, user_id)
    if not account:
        return {}
    return {**account, **{name: _rows(session, statement) for name, statement in _statements(user_id).items()}}


def requests_of(session: Session, user_id: int) -> Sequence[ErasureRequest]:
    """The person's requests to be erased, newest first."""
    return session.scalars(
        select(ErasureRequest).where(ErasureRequest.user_id == user_id).order_by(ErasureRequest.id.desc())
    ).all()


def consents_of(session: Session, user_id: int) -> Sequence[Consent]:
    """What the person agreed to, newest first."""
    return session.scalars(select(Consent).where(Consent.user_id == user_id).order_by(Consent.id.desc())).all()


def requests(session: Session) -> Sequence[tuple[ErasureRequest, str, str]]:
    """All requests with name and address of who asked, waiting ones first, at most 200."""
    statement = select(ErasureRequest, User.name, User.email).join(User, User.id == ErasureRequest.user_id)
    waiting_first = ErasureRequest.decided_at.is_not(None), ErasureRequest.id.desc()
    return [tuple(row) for row in session.execute(statement.order_by(*waiting_first).limit(200))]  # type: ignore[misc]


def _statements(user_id: int) -> dict[str, Any]:
    mine = PanelSeat.user_id == user_id
    return {
        "consents": select(Consent.purpose, Consent.version, Consent.given_at, Consent.withdrawn_at)
        .where(Consent.user_id == user_id)
        .order_by(Consent.id),
        "sessions": select(
            UserSession.device, UserSession.address, UserSession.began_at, UserSession.seen_at, UserSession.ended_at
        )
        .where(UserSession.user_id == user_id)
        .order_by(UserSession.id),
        "passkeys": select(Passkey.name, Passkey.usage, Passkey.create_datetime, Passkey.lastuse_datetime).where(
            Passkey.user_id == user_id
        ),
        "identities": select(ExternalIdentity.issuer, ExternalIdentity.subject, ExternalIdentity.linked_at).where(
            ExternalIdentity.user_id == user_id
        ),
        "delegations": select(
            Round.name.label("round"), Delegation.part, Delegation.valid_from, Delegation.valid_until, Delegation.reason
        )
        .join(Round, Round.id == Delegation.round_id)
        .where(or_(Delegation.giver_id == user_id, Delegation.taker_id == user_id)),
        "sheets": select(Round.name.label("round"), Entry.code, ScoreSheet.state, ScoreSheet.signed_at)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Round, Round.id == Entry.round_id)
        .where(mine)
        .order_by(ScoreSheet.id),
        "conflicts": select(
            Entry.code, ConflictDeclaration.kind, ConflictDeclaration.reason, ConflictDeclaration.declared_at
        )
        .join(PanelSeat, PanelSeat.id == ConflictDeclaration.seat_id)
        .join(Entry, Entry.id == ConflictDeclaration.entry_id)
        .where(mine),
        "erasure_requests": select(
            ErasureRequest.reason, ErasureRequest.state, ErasureRequest.asked_at, ErasureRequest.answer
        ).where(ErasureRequest.user_id == user_id),
        "trail": select(AuditEvent.at, AuditEvent.action, AuditEvent.subject)
        .where(AuditEvent.actor_id == user_id)
        .order_by(AuditEvent.id),
    }


def _rows(session: Session, statement: Any) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in session.execute(statement)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
