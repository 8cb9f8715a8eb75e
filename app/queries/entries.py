"""One entry as its secretariat sees it: snapshots, checks, requests, and what happened when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.errors import NotFound
from app.domain.snapshot import Change, SnapshotContent, SnapshotDocument, SnapshotPhoto, difference
from app.models.account import User
from app.models.dossier import DossierSnapshot, StoredFile
from app.models.entry import EligibilityCheck, Entry, SupplementRequest
from app.models.record import AuditEvent
from app.models.round import RoundGroup


@dataclass(frozen=True)
class Snapshot:
    """One submission: its number, moment, digest and content."""

    id: int
    number: int
    taken_at: datetime
    digest: str
    content: SnapshotContent


@dataclass(frozen=True)
class Happening:
    """A line of the entry's history, newest first: from the audit chain."""

    action: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True)
class EntryFile:
    """Everything on the secretariat's page of an entry.

    ``changes`` is the difference between the last two snapshots; ``last_check`` the newest check of
    the present snapshot; ``decided_by`` the name of who decided last.
    """

    entry: Entry
    group: str
    snapshots: tuple[Snapshot, ...]
    changes: tuple[Change, ...]
    checks: tuple[EligibilityCheck, ...]
    supplements: tuple[SupplementRequest, ...]
    history: tuple[Happening, ...]
    decided_by: str

    @property
    def snapshot(self) -> Snapshot | None:
        """What officers and judges read: the entry's present snapshot."""
        return next((one for one in self.snapshots if one.id == self.entry.snapshot_id), None)

    @property
    def last_check(self) -> EligibilityCheck | None:
        """The newest check of the present snapshot."""
        return next((one for one in reversed(self.checks) if one.snapshot_id == self.entry.snapshot_id), None)

    @property
    def open_request(self) -> SupplementRequest | None:
        """The request that waits for the facility."""
        return next((one for one in reversed(self.supplements) if one.answered_at is None), None)


def file_of(session: Session, entry_id: int) -> EntryFile:
    """An entry with all that happened to it, in a constant number of statements.

    Raises:
        NotFound: there is no such entry.
    """
    entry = session.scalars(
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            joinedload(Entry.round),
            joinedload(Entry.product),
            joinedload(Entry.facility),
            joinedload(Entry.locality),
            selectinload(Entry.checks).joinedload(EligibilityCheck.officer),
            selectinload(Entry.supplements),
        )
        .execution_options(populate_existing=True)
    ).first()
    if entry is None:
        raise NotFound("entry")
    snapshots = _snapshots(session, entry_id)
    pair = snapshots[-2:]
    return EntryFile(
        entry=entry,
        group=_group_name(session, entry),
        snapshots=snapshots,
        changes=difference(pair[0].content, pair[1].content) if len(pair) == 2 else (),
        checks=tuple(entry.checks),
        supplements=tuple(entry.supplements),
        history=_history(session, entry_id),
        decided_by=_name(session, entry.decided_by_id),
    )


def round_of(session: Session, entry_id: int) -> int:
    """The round that an entry is in.

    Raises:
        NotFound: there is no such entry.
    """
    found = session.scalar(select(Entry.round_id).where(Entry.id == entry_id))
    if found is None:
        raise NotFound("entry")
    return found


def media_type_of(session: Session, entry_id: int, sha256: str) -> tuple[str, str]:
    """Media type and file name of a file that one of the entry's snapshots names.

    Raises:
        NotFound: no snapshot of this entry names the file.
    """
    for snapshot in reversed(_snapshots(session, entry_id)):
        files: tuple[SnapshotPhoto | SnapshotDocument, ...] = (*snapshot.content.photos, *snapshot.content.documents)
        for file in files:
            if file.sha256 == sha256:
                stored = session.get(StoredFile, sha256)
                kind = stored.media_type if stored else getattr(file, "media_type", "image/jpeg")
                return kind, file.filename or sha256[:12]
            for made in file.renditions.values():
                if made.sha256 == sha256:
                    return made.media_type, file.filename or sha256[:12]
    raise NotFound("file")


def _snapshots(session: Session, entry_id: int) -> tuple[Snapshot, ...]:
    rows = session.scalars(
        select(DossierSnapshot).where(DossierSnapshot.entry_id == entry_id).order_by(DossierSnapshot.number)
    )
    return tuple(
        Snapshot(row.id, row.number, row.taken_at, row.digest, SnapshotContent.from_dict(row.content)) for row in rows
    )


def _group_name(session: Session, entry: Entry) -> str:
    found = session.scalar(
        select(RoundGroup.name).where(RoundGroup.round_id == entry.round_id, RoundGroup.group_code == entry.group_code)
    )
    return found or entry.group_code


def _history(session: Session, entry_id: int) -> tuple[Happening, ...]:
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == f"entry:{entry_id}")
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    return tuple(Happening(row.action, row.actor_name, row.on_behalf_of, row.at, row.details) for row in rows)


def _name(session: Session, user_id: int | None) -> str:
    if user_id is None:
        return ""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""
