"""The audit chain: every deed leaves one link, in the transaction that does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.models.record import AuditChain, AuditEvent
from app.services import webhook_outbox

GENESIS = "0" * 64
OFFICE = "office"


def record(
    session: Session,
    actor: Actor,
    *,
    action: str,
    subject: str,
    now: datetime,
    round_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append a link to the round's chain, or to the office chain for what is of no round.

    ``action`` reads ``thing:verb`` (``entry:submit``), ``subject`` ``thing:id`` (``entry:12``).
    The head of the chain is locked, so that two writers cannot fork it.
    """
    chain = f"round:{round_id}" if round_id is not None else OFFICE
    head = _held_head(session, chain)
    event = AuditEvent(
        chain=chain,
        number=head.number + 1,
        at=now,
        actor_id=actor.user_id,
        actor_name=actor.name,
        on_behalf_of=actor.on_behalf_of or (actor.deputy_for.get(round_id) if round_id is not None else None),
        action=action,
        subject=subject,
        details=json.loads(_canonical(details or {})),
        previous=head.digest,
    )
    event.digest = digest_of(event)
    session.add(event)
    head.number, head.digest = event.number, event.digest
    session.flush()
    webhook_outbox.announce(session, event, round_id=round_id, now=now)
    return event


def _held_head(session: Session, chain: str) -> AuditChain:
    """The chain's head, locked; a second link of the same transaction finds it held already."""
    held: dict[str, object] = session.info.setdefault("audit_chains", {})
    transaction = session.get_transaction()
    head = session.get(AuditChain, chain) if transaction is not None and held.get(chain) is transaction else None
    if head is None:
        head = _lock_head(session, chain)
        held[chain] = session.get_transaction()
    return head


def _lock_head(session: Session, chain: str) -> AuditChain:
    statement = select(AuditChain).where(AuditChain.chain == chain).with_for_update()
    head = session.scalar(statement.execution_options(populate_existing=True))
    if head is None:
        try:
            with session.begin_nested():
                session.add(AuditChain(chain=chain, number=0, digest=GENESIS))
        except IntegrityError:  # somebody began the chain at the same moment
            pass
        head = session.scalars(statement.execution_options(populate_existing=True)).one()
    return head


def digest_of(event: AuditEvent) -> str:
    """The SHA-256 over every field of a link, the previous digest among them."""
    body = {
        "chain": event.chain,
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(),
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "on_behalf_of": event.on_behalf_of,
        "action": event.action,
        "subject": event.subject,
        "details": event.details,
        "previous": event.previous,
    }
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in an audit record")


@dataclass(frozen=True)
class Broken:
    """The first link of a chain that does not hold, and why: ``gap``, ``previous``, ``digest`` or ``head``."""

    chain: str
    number: int
    why: str


def verify(session: Session) -> list[Broken]:
    """Walk every chain from its start; the first broken link of each, none when all hold."""
    broken: dict[str, Broken] = {}
    heads: dict[str, tuple[int, str]] = {}
    links = select(AuditEvent).order_by(AuditEvent.chain, AuditEvent.number)
    rows = session.scalars(links.execution_options(yield_per=1000))
    for link in rows:
        number, head = heads.get(link.chain, (0, GENESIS))
        why = _fault(link, number, head)
        if why and link.chain not in broken:
            broken[link.chain] = Broken(link.chain, link.number, why)
        heads[link.chain] = (link.number, link.digest)
    for row in session.scalars(select(AuditChain).order_by(AuditChain.chain)):
        if heads.get(row.chain, (0, GENESIS)) != (row.number, row.digest) and row.chain not in broken:
            broken[row.chain] = Broken(row.chain, row.number, "head")
    return list(broken.values())


def _fault(link: AuditEvent, number: int, head: str) -> str | None:
    if link.number != number + 1:
        return "gap"
    if link.previous != head:
        return "previous"
    return "digest" if link.digest != digest_of(link) else None
