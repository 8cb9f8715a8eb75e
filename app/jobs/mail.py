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
from app.services import outbox


@kind("send_mail")
def send_mail(progress: Progress, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send every waiting message once; a message that fails is kept with its error.

    Without a mail server messages wait in the outbox, where their readers find them.
    """
    if not toolbox().settings.smtp_url:
        return {"sent": 0}
    sent = 0
    with unit_of_work() as session:
        waiting = outbox.take_waiting(session)
    for done, message in enumerate(waiting, start=1):
        try:
            mail.send(message)
        except OSError as error:
            with unit_of_work() as session:
                outbox.mark_failed(session, message.id, error=str(error))
        else:
            sent += 1
            with unit_of_work() as session:
                outbox.mark_sent(session, message.id, now=now())
        progress(done, len(waiting))
    return {"sent": sent}
