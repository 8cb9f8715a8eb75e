"""The job that tells other systems, and the look at pauses that are over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.infra import outgoing
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.models.webhook import WebhookDelivery
from app.services import webhook_outbox, webhooks


@kind(webhook_outbox.KIND)
def deliver_webhooks(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send every message that is due once; what is not taken is tried again after a pause."""
    done = 0
    while True:
        with unit_of_work() as session:
            rows = webhooks.take_due(session, now=now())
            wanted = {row.id for row in rows if webhooks.is_wanted(session, row.subscription, now=now())}
        for row in rows:
            _deliver(row, wanted=row.id in wanted)
            done += 1
            progress(done)
        if len(rows) < webhooks.BATCH:
            return {"tried": done}


def retry_due() -> None:
    """Put messages whose pause is over in the queue."""
    with unit_of_work() as session:
        webhooks.enqueue_due(session, now=now())


def _deliver(row: WebhookDelivery, *, wanted: bool) -> None:
    status, error = None, "" if wanted else "ended"
    if wanted:
        try:
            status = _send(row)
        except outgoing.Unreachable as fault:
            error = str(fault)
    with unit_of_work() as session:
        webhooks.mark(session, row.id, status=status, error=error, now=now(), last=not wanted)


def _send(row: WebhookDelivery) -> int:
    tools = toolbox()
    settings = tools.settings
    plain = settings.webhook_private_allowed and not settings.is_production
    target = outgoing.look_at(row.subscription.url, private=settings.webhook_private_allowed, plain=plain)
    message_id, moment = f"msg_{row.id}", int(now().timestamp())
    body = json.dumps({"id": message_id, **row.payload}, ensure_ascii=False, separators=(",", ":")).encode()
    secret = webhooks.secret_of(row.subscription, tools.webhook_key)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tieu-Bieu",
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": webhooks.signature_of(secret, message_id, moment, body),
    }
    return outgoing.post(target, body, headers)
