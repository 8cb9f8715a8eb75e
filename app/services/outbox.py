"""Messages to people: written in the transaction that causes them, sent after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import MailState
from app.models.account import User
from app.models.record import OutboxMail
from app.services import jobs

MAXIMUM_ATTEMPTS = 5


def write(session: Session, user: User, *, subject: str, body: str, now: datetime, link: str = "") -> OutboxMail:
    """Put a message to a person in the outbox; it is their inbox as well."""
    return _put(session, OutboxMail(recipient=user.email, user_id=user.id, body=body, link=link), subject, now)


def write_to_address(
    session: Session, address: str, *, subject: str, body: str, now: datetime, secret: bool = False
) -> OutboxMail:
    """Put a message to an address in the outbox, in nobody's inbox; ``body`` holds every link in full.

    A ``secret`` one opens an account: its body is kept only until it is sent.
    """
    message = OutboxMail(recipient=address, user_id=None, body=body, link="", secret=secret)
    return _put(session, message, subject, now)


def _put(session: Session, message: OutboxMail, subject: str, now: datetime) -> OutboxMail:
    message.subject, message.written_at, message.state = " ".join(subject.split()), now, MailState.WAITING
    session.add(message)
    session.flush()
    if "mail_job" not in session.info:
        session.info["mail_job"] = True
        jobs.enqueue(session, SYSTEM, kind="send_mail", payload={}, now=now)
    return message


def take_waiting(session: Session) -> Sequence[OutboxMail]:
    """Messages to be sent, oldest first; each try is counted."""
    waiting = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.state == MailState.WAITING, OutboxMail.attempts < MAXIMUM_ATTEMPTS)
        .order_by(OutboxMail.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    ).all()
    for message in waiting:
        message.attempts += 1
    session.flush()
    return waiting


def mark_sent(session: Session, message_id: int, *, now: datetime) -> None:
    """The mail server took the message."""
    session.execute(
        update(OutboxMail).where(OutboxMail.id == message_id).values(state=MailState.SENT, sent_at=now, error="")
    )
    session.execute(update(OutboxMail).where(OutboxMail.id == message_id, OutboxMail.secret).values(body=""))


def mark_failed(session: Session, message_id: int, *, error: str) -> None:
    """Keep the reason; after the last try the message is given up."""
    session.execute(update(OutboxMail).where(OutboxMail.id == message_id).values(error=error[:500]))
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == message_id, OutboxMail.attempts >= MAXIMUM_ATTEMPTS)
        .values(state=MailState.FAILED)
    )
