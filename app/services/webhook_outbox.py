"""Events for other systems, written in the transaction that causes them and sent after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.models.record import AuditEvent
from app.models.webhook import WebhookDelivery, WebhookSubscription
from app.services import jobs

KIND = "deliver_webhooks"
# What the audit chain calls a deed -> what other systems call it.
EVENTS = {
    "entry:submit": "entry.submitted",
    "entry:withdraw": "entry.withdrawn",
    "entry:accepted": "entry.accepted",
    "entry:refused": "entry.refused",
    "entry:supplement_requested": "entry.supplement_requested",
    "round:move": "round.moved",
    "round:publish": "round.published",
    "certificate:reissue": "certificate.reissued",
    "certificate:revoke": "certificate.revoked",
}


def announce(session: Session, link: AuditEvent, *, round_id: int | None, now: datetime) -> None:
    """Put the deed in the outbox of every subscription that asks for it; most deeds are nobody's business.

    The message names event, moment, round and thing: what they hold is read with a token, under its owner's rights.
    """
    event = EVENTS.get(link.action)
    if event is None or round_id is None:
        return
    found = session.scalars(
        select(WebhookSubscription).where(
            WebhookSubscription.ended_at.is_(None),
            or_(WebhookSubscription.round_id == round_id, WebhookSubscription.round_id.is_(None)),
        )
    ).all()
    payload = {"type": event, "at": link.at.isoformat(), "round_id": round_id, "subject": link.subject}
    wanted = [row for row in found if event in row.events]
    session.add_all(
        WebhookDelivery(subscription_id=row.id, event=event, payload=payload, written_at=now, due_at=now) for row in wanted
    )
    if wanted:
        ring(session, now=now)


def ring(session: Session, *, now: datetime) -> None:
    """Have what is due delivered, once for each transaction."""
    if "webhook_job" not in session.info:
        session.info["webhook_job"] = True
        jobs.enqueue(session, SYSTEM, kind=KIND, payload={}, now=now)
