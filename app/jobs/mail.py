"""The job that empties the outbox through the mail server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.infra import mail
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.infra.toolbox import toolbox
from app.jobs.progress import Progress
from app.jobs.registry import kind
from app.models.record import OutboxMail
from app.services import outbox


@kind("send_mail")
def send_mail(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send every waiting message once; a message that fails is kept with its error.

    A worker killed between the mail server's yes and the note of it leaves a message that is handed over
    again, under the same Message-ID: SMTP has no better promise (RFC 1047). Without a mail server
    messages wait in the outbox, where their readers find them.
    """
    if not toolbox().settings.smtp_url:
        return {"sent": 0}
    sent = done = 0
    with unit_of_work() as session:
        total = outbox.waiting(session, now=now())
    while (message := _claim()) is not None:
        try:
            mail.send(message)
        except OSError as error:
            with unit_of_work() as session:
                outbox.mark_failed(session, message.id, error=str(error))
        else:
            sent += 1
            with unit_of_work() as session:
                outbox.mark_sent(session, message.id, now=now())
        done += 1
        progress(done, max(total, done))
    return {"sent": sent}


def _claim() -> OutboxMail | None:
    with unit_of_work() as session:
        return outbox.claim_next(session, now=now())
