"""The list of entries that the council agreed to have scored, against the list as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.models.round import Round
from scoring.canonical import sha256_of

SCHEMA = "tieubieu-agreed-list/1"


@dataclass(frozen=True)
class ListNow:
    """The accepted entries of a round: how many, and the SHA-256 over their codes and snapshots (64 hex digits)."""

    count: int
    digest: str


@dataclass(frozen=True)
class Agreement:
    """What the council agreed to. ``outdated``: the accepted list has changed since."""

    agreed_at: datetime
    note: str
    digest: str
    outdated: bool


def list_now(session: Session, round_: Round) -> ListNow:
    """The accepted list in one statement; entries that were merged later stay on it."""
    rows = session.execute(
        select(Entry.code, DossierSnapshot.digest)
        .outerjoin(DossierSnapshot, DossierSnapshot.id == Entry.snapshot_id)
        .where(Entry.round_id == round_.id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.code)
    ).all()
    entries = [{"code": row.code, "snapshot": row.digest or ""} for row in rows]
    return ListNow(len(rows), sha256_of({"schema": SCHEMA, "round": round_.code, "entries": entries}))


def agreement(session: Session, round_: Round) -> Agreement | None:
    """The council's agreement, or None while there is none."""
    if round_.list_agreed_at is None or round_.list_digest is None:
        return None
    outdated = list_now(session, round_).digest != round_.list_digest
    return Agreement(round_.list_agreed_at, round_.list_agreed_note, round_.list_digest, outdated)
