"""What invitations by mail share: the address, the secret in the link, and when a link can still be answered.

The link's token is kept as its SHA-256 only: who reads the database cannot accept for another.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_vi
from app.domain.errors import Invalid, Refused
from app.domain.text import clean_line

LIFE = timedelta(days=14)
EMAIL_MAXIMUM = 254


class Invitation(Protocol):
    """An invitation's row, as far as its end goes."""

    email: str
    accepted_at: datetime | None
    closed_at: datetime | None
    expires_at: datetime


def new_token() -> str:
    """The secret of a new link: 192 random bits."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(email: str) -> str:
    """The address in small letters.

    Raises:
        Invalid: ``email_invalid``.
    """
    address = clean_line(email).lower()
    if len(address) > EMAIL_MAXIMUM or "@" not in address[1:-1] or " " in address:
        raise Invalid.one("email", "email_invalid")
    return address


def make_way(
    session: Session, waiting: Callable[[], Sequence[Invitation]], address: str, maximum: int, now: datetime
) -> None:
    """End earlier invitations of the address: a new one replaces them. ``waiting`` reads those without an answer.

    Raises:
        Refused: ``invitations_waiting`` (maximum): so many others wait already.
    """
    for earlier in waiting():
        if earlier.email == address:
            earlier.closed_at = now
    session.flush()
    if len(waiting()) >= maximum:
        raise Refused("invitations_waiting", maximum=maximum)


def require_unanswered(row: Invitation) -> None:
    """Let nobody answer, change or take back an invitation that has ended.

    Raises:
        Refused: ``invitation_used``, ``invitation_closed``.
    """
    if row.accepted_at is not None:
        raise Refused("invitation_used")
    if row.closed_at is not None:
        raise Refused("invitation_closed")


def require_open(row: Invitation, now: datetime) -> None:
    """Let an invitation be answered in its time.

    Raises:
        Refused: ``invitation_used``, ``invitation_closed``, ``invitation_expired``.
    """
    require_unanswered(row)
    if row.expires_at <= now:
        raise Refused("invitation_expired", when=format_datetime_vi(row.expires_at))
