"""The signed link that stops mails of one kind to one person; it works without signing in and never runs out."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.sealing import sealer
from app.infra.toolbox import toolbox
from app.models.record import OutboxMail

SALT = "unsubscribe"


def _signer() -> URLSafeSerializer:
    return sealer(SALT)


def link_of(message: OutboxMail) -> str:
    """The address to decline messages of this kind; empty where they cannot be declined."""
    if not message.kind or message.user_id is None:
        return ""
    return f"{toolbox().settings.base_url}/thu/ngung/{_signer().dumps([message.user_id, message.kind])}"


def read(token: str) -> tuple[int, str] | None:
    """Person and kind of a link, or None when it was not made here."""
    try:
        user_id, kind = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(kind)


def headers_of(message: OutboxMail) -> dict[str, str]:
    """What mail programs turn into a button (RFC 2369, RFC 8058)."""
    link = link_of(message)
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if link else {}
