"""Mail: sends what stands in the outbox through SMTP, when an SMTP server is set."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail

from app.infra import unsubscribing
from app.infra.settings import Settings
from app.models.record import OutboxMail

TIMEOUT_SECONDS = 20


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
        MAIL_TIMEOUT=TIMEOUT_SECONDS,
        MAIL_BACKEND="smtp" if settings.smtp_url else "dummy",
    )
    Mail(app)


def send(message: OutboxMail) -> None:
    """Hand one message to the mail server, however often under the same Message-ID: who gets it twice sees it once.

    Raises:
        OSError: the server cannot be reached or refuses.
    """
    subject = " ".join(message.subject.split())
    headers = {"Message-ID": message_id(message, current_app.config["MAIL_DEFAULT_SENDER"])}
    headers |= unsubscribing.headers_of(message)
    mail = EmailMessage(subject=subject, body=body_of(message), to=[message.recipient], headers=headers)
    if message.calendar:
        mail.attach("lich.ics", message.calendar, "text/calendar")
    mail.send()


def body_of(message: OutboxMail) -> str:
    """The text of the mail, with the way to decline its kind where that is lawful."""
    link = unsubscribing.link_of(message)
    return f"{message.body}\n\n--\nKhông muốn nhận loại thư này nữa: {link}" if link else message.body


def message_id(message: OutboxMail, sender: str) -> str:
    """The one name of a message: its row, when it was written, and the sender's domain."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{message.id}.{int(message.written_at.timestamp())}@{domain}>"
