"""Addresses of other systems: added and ended by people, told of events with a signature, tried again when they fail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Invalid, NotFound
from app.domain.policies import Actor
from app.domain.vocabulary import DeliveryState, JobState
from app.models.record import Job
from app.models.webhook import WebhookDelivery, WebhookSubscription
from app.queries.among import of_secretary
from app.queries.rights import actor_for
from app.services import audit
from app.services.webhook_outbox import EVENTS, KIND, ring

# How long after the first, second, ... failed try the next one comes; after the last the message is given up. [N]
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
MAXIMUM_ATTEMPTS = len(PAUSES) + 1
BATCH = 100


def subscribe(
    session: Session, actor: Actor, *, url: str, events: Collection[str], round_id: int | None, now: datetime
) -> WebhookSubscription:
    """Add an address; its form and where it leads are the caller's to check.

    Raises:
        Invalid: ``round_id``: not the actor's; ``events``: none, or one that there is not.
    """
    if not may_have(actor, round_id):
        raise Invalid.one("round_id", "webhook_round")
    if not events or not set(events) <= set(EVENTS.values()):
        raise Invalid.one("events", "webhook_event")
    row = WebhookSubscription(
        round_id=round_id,
        owner_id=actor.user_id,
        url=url,
        events=sorted(events),
        salt=secrets.token_hex(16),
        made_at=now,
    )
    session.add(row)
    session.flush()
    details = {"url": url, "events": row.events}
    _record(session, actor, row, "add", now, details)
    return row


def end(session: Session, actor: Actor, *, subscription_id: int, now: datetime) -> WebhookSubscription:
    """Send nothing more to an address.

    Raises:
        NotFound: there is none, or it is of a round that is not the actor's.
    """
    row = find(session, actor, subscription_id)
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _record(session, actor, row, "end", now, {"url": row.url})
    return row


def resend(session: Session, actor: Actor, *, subscription_id: int, delivery_id: int, now: datetime) -> WebhookDelivery:
    """Have a message delivered again, under the same number, so that its receiver may know it.

    Raises:
        NotFound: there is none, or it is not the actor's to send.
    """
    find(session, actor, subscription_id)
    row = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if row is None or row.subscription_id != subscription_id:
        raise NotFound("delivery")
    row.state, row.attempts, row.due_at, row.delivered_at, row.error = DeliveryState.WAITING, 0, now, None, ""
    session.flush()
    ring(session, now=now)
    return row


def find(session: Session, actor: Actor, subscription_id: int) -> WebhookSubscription:
    """A subscription that is the actor's to see.

    Raises:
        NotFound: there is none.
    """
    row = session.get(WebhookSubscription, subscription_id)
    if row is None or not may_have(actor, row.round_id):
        raise NotFound("webhook")
    return row


def may_have(actor: Actor, round_id: int | None) -> bool:
    """Administrators may have every round told; secretaries their own."""
    return actor.is_administrator or (round_id is not None and round_id in actor.secretary_of)


def of_actor(session: Session, actor: Actor) -> Sequence[WebhookSubscription]:
    """The subscriptions that are the actor's to see, newest first."""
    statement = select(WebhookSubscription).order_by(WebhookSubscription.id.desc())
    if not actor.is_administrator:
        statement = statement.where(of_secretary(WebhookSubscription.round_id, actor))
    return session.scalars(statement).all()


def deliveries(session: Session, subscription_id: int, *, limit: int) -> Sequence[WebhookDelivery]:
    """The newest messages of a subscription."""
    statement = select(WebhookDelivery).where(WebhookDelivery.subscription_id == subscription_id)
    return session.scalars(statement.order_by(WebhookDelivery.id.desc()).limit(limit)).all()


# --- signing: the Standard Webhooks scheme ---------------------------------------------------------------


def secret_of(row: WebhookSubscription, key: bytes) -> str:
    """The secret of a subscription, made from the installation's key: shown once, kept nowhere."""
    made = hmac.digest(key, f"{row.id}:{row.salt}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(made).decode()


def signature_of(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 in base64 over id, timestamp and body, joined by points."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


# --- delivering ------------------------------------------------------------------------------------------


def take_due(session: Session, *, now: datetime) -> Sequence[WebhookDelivery]:
    """Messages that are due, oldest first; each try is counted, and the next one planned, before it is made."""
    rows = session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.due_at <= now)
        .options(joinedload(WebhookDelivery.subscription))
        .order_by(WebhookDelivery.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    ).all()
    for row in rows:
        row.due_at = now + PAUSES[min(row.attempts, len(PAUSES) - 1)]
        row.attempts += 1
    session.flush()
    return rows


def is_wanted(session: Session, row: WebhookSubscription, *, now: datetime) -> bool:
    """True while the address is not ended and whoever added it still may have the round's events."""
    return row.ended_at is None and may_have(actor_for(session, row.owner_id, now=now), row.round_id)


def mark(session: Session, delivery_id: int, *, status: int | None, error: str, now: datetime, last: bool = False) -> None:
    """Keep how a try went: a 2xx answer delivered it; after the last try, or when ``last``, it is given up."""
    row = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    assert row is not None, "deliveries are never deleted"
    row.status, row.error = status, error[:500]
    if status is not None and 200 <= status < 300:
        row.state, row.delivered_at = DeliveryState.DELIVERED, now
    elif last or row.attempts >= MAXIMUM_ATTEMPTS:
        row.state = DeliveryState.FAILED
    session.flush()


def enqueue_due(session: Session, *, now: datetime) -> bool:
    """Have messages whose pause is over delivered, unless a job does it already."""
    open_job = select(Job.id).where(Job.kind == KIND, Job.state.in_([JobState.WAITING, JobState.RUNNING])).limit(1)
    due = select(WebhookDelivery.id).where(WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.due_at <= now)
    if session.scalar(due.limit(1)) is None or session.scalar(open_job) is not None:
        return False
    ring(session, now=now)
    return True


def _record(
    session: Session, actor: Actor, row: WebhookSubscription, verb: str, now: datetime, details: Mapping[str, object]
) -> None:
    subject = f"webhook:{row.id}"
    audit.record(session, actor, action=f"webhook:{verb}", subject=subject, round_id=row.round_id, now=now, details=details)
