"""Messages to people: written in the transaction that causes them, sent after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import MailState
from app.models.account import User
from app.models.record import OutboxMail
from app.services import jobs

MAXIMUM_ATTEMPTS = 5
# Longer than a mail server may take, shorter than a job's lease: the claims of a dead worker end before its job does.
CLAIM = timedelta(seconds=40)


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


def waiting(session: Session, *, now: datetime) -> int:
    """How many messages a worker may try at this instant."""
    return session.scalar(select(func.count()).select_from(OutboxMail).where(_free(now))) or 0


def claim_next(session: Session, *, now: datetime) -> OutboxMail | None:
    """The oldest message that waits, claimed for this worker and its try counted; None when there is none.

    Claimed one by one, so that a worker that is killed costs no other message a try, and two that
    work at once never send the same. A message that failed is free again when its claim has run out.
    """
    message = session.scalar(
        select(OutboxMail).where(_free(now)).order_by(OutboxMail.id).limit(1).with_for_update(skip_locked=True)
    )
    if message is not None:
        message.attempts += 1
        message.claimed_until = now + CLAIM
        session.flush()
    return message


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting and claimed by nobody; a claim further ahead than any can be was made before the clock went back."""
    claimed = OutboxMail.claimed_until
    free = or_(claimed.is_(None), claimed < now, claimed > now + 2 * CLAIM)
    return and_(OutboxMail.state == MailState.WAITING, OutboxMail.attempts < MAXIMUM_ATTEMPTS, free)


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
