"""Mails of the accounts library: through the outbox, like every other mail."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request
from flask_security import MailUtil

from app.infra.clock import now
from app.infra.database import commit_and_ring, db
from app.services import outbox


class AccountMail(MailUtil):
    """Puts a mail into the outbox instead of waiting for the mail server.

    The answer is as quick for an address that has an account as for one that has none, and a mail
    server that is down loses nothing.
    """

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: str | None, html: str | None, **more: Any
    ) -> None:
        """Write the mail; it opens an account, so no page shows it."""
        outbox.write_to_address(db.session(), str(recipient), subject=str(subject), body=body or "", now=now(), secret=True)
        after_this_request(_kept)


def _kept(response: Response) -> Response:
    commit_and_ring()
    return response
