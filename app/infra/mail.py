"""Mail: sends what stands in the outbox through SMTP, when an SMTP server is set."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import EmailMessage, Mail

from app.infra.settings import Settings
from app.models.record import OutboxMail


def init_mail(app: Flask, settings: Settings) -> None:
    """Attach Flask-Mailman. Without an SMTP address mail stays readable in the outbox."""
    parts = urlsplit(settings.smtp_url)
    app.config.update(
        MAIL_SERVER=parts.hostname or "localhost",
        MAIL_PORT=parts.port or 25,
        MAIL_USE_SSL=parts.scheme == "smtps",
        MAIL_USERNAME=unquote(parts.username) if parts.username else None,
        MAIL_PASSWORD=unquote(parts.password) if parts.password else None,
        MAIL_DEFAULT_SENDER=settings.mail_from,
        MAIL_BACKEND="smtp" if settings.smtp_url else "dummy",
    )
    Mail(app)


def send(message: OutboxMail) -> None:
    """Hand one message to the mail server.

    Raises:
        OSError: the server cannot be reached or refuses.
    """
    subject = " ".join(message.subject.split())
    EmailMessage(subject=subject, body=message.body, to=[message.recipient]).send()
