"""Prints of submitted dossiers: asked for, made once for a snapshot by a job, kept in storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.snapshot import SnapshotContent
from app.domain.vocabulary import JobState
from app.models.dossier import DossierPrint, DossierSnapshot
from app.models.entry import Entry
from app.models.record import Job
from app.models.round import Round
from app.services import jobs
from app.services.dossier_print import printable
from certificates.paperwork.contents.dossier import Dossier
from uploads.storage import Storage

KIND = "print_dossier"
LAYOUT = 1
"""Raise it with every change of what a print looks like: prints of another layout are made anew."""
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A print in storage: its digest, its size, its pages."""

    sha256: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class PrintState:
    """How far a print is: ``made`` names its file, ``job`` the work that makes it or could not."""

    made: DossierPrint | None
    job: Job | None

    @property
    def is_under_way(self) -> bool:
        """Whether the job waits or runs."""
        return self.made is None and self.job is not None and self.job.state in UNDER_WAY

    @property
    def file(self) -> PrintedFile | None:
        """The print that was made, as values."""
        row = self.made
        if row is None or row.sha256 is None or row.bytes is None or row.pages is None:
            return None
        return PrintedFile(row.sha256, row.bytes, row.pages)


def state_of(session: Session, snapshot_id: int) -> PrintState:
    """How far the print of a snapshot is; one of an old layout does not count."""
    row = session.get(DossierPrint, snapshot_id, populate_existing=True)
    if row is None or row.layout != LAYOUT:
        return PrintState(None, None)
    return PrintState(row if row.sha256 else None, session.get(Job, row.job_id, populate_existing=True))


def request(session: Session, actor: Actor, *, snapshot_id: int, now: datetime) -> DossierPrint:
    """Ask for the print of a snapshot; what is there or under way is not begun twice.

    Raises:
        NotFound: no such snapshot, or of a dossier that is neither the actor's nor of their round.
    """
    entry = _entry(session, actor, snapshot_id)
    row = _row(session, snapshot_id)
    if row is not None and row.layout == LAYOUT and (row.sha256 or _runs(session, row.job_id)):
        return row
    job = jobs.enqueue(session, actor, kind=KIND, payload={"snapshot": snapshot_id}, now=now, round_id=entry.round_id)
    if row is None:
        return _begun(session, snapshot_id, job)
    row.layout, row.job_id, row.sha256, row.bytes, row.pages, row.made_at = LAYOUT, job.id, None, None, None, None
    session.flush()
    return row


def begin_within(session: Session, *, snapshot_id: int, job_id: int) -> None:
    """Let a job that needs the print for a larger work make it itself; a print under way is left to its job."""
    row = _row(session, snapshot_id)
    if row is None:
        _begun(session, snapshot_id, session.get_one(Job, job_id))
    elif row.layout != LAYOUT:
        row.layout, row.job_id, row.sha256, row.bytes, row.pages, row.made_at = LAYOUT, job_id, None, None, None, None
        session.flush()


def content_of(session: Session, storage: Storage, snapshot_id: int) -> Dossier:
    """What is printed of a snapshot, with the bytes of its files.

    Raises:
        NotFound: no such snapshot.
        uploads.errors.BlobMissing: a file of the snapshot is not in the store.
    """
    snapshot = session.get(DossierSnapshot, snapshot_id)
    if snapshot is None:
        raise NotFound("snapshot")
    entry = session.scalars(
        select(Entry).where(Entry.id == snapshot.entry_id).options(joinedload(Entry.round).joinedload(Round.season))
    ).one()
    return printable(entry, SnapshotContent.from_dict(snapshot.content), storage, taken_at=snapshot.taken_at)


def keep(session: Session, *, snapshot_id: int, made: PrintedFile, now: datetime) -> None:
    """Write down which stored file is the print of a snapshot."""
    session.execute(
        update(DossierPrint)
        .where(DossierPrint.snapshot_id == snapshot_id, DossierPrint.layout == LAYOUT)
        .values(sha256=made.sha256, bytes=made.bytes, pages=made.pages, made_at=now)
    )


def _entry(session: Session, actor: Actor, snapshot_id: int) -> Entry:
    entry = session.scalar(
        select(Entry).join(DossierSnapshot, DossierSnapshot.entry_id == Entry.id).where(DossierSnapshot.id == snapshot_id)
    )
    if entry is None or (entry.facility_id not in actor.facility_ids and entry.round_id not in actor.secretary_of):
        raise NotFound("snapshot")
    return entry


def _row(session: Session, snapshot_id: int) -> DossierPrint | None:
    mine = select(DossierPrint).where(DossierPrint.snapshot_id == snapshot_id)
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _begun(session: Session, snapshot_id: int, job: Job) -> DossierPrint:
    """The new row, or that of somebody who asked at the same moment: then this job has nothing to do."""
    row = DossierPrint(snapshot_id=snapshot_id, layout=LAYOUT, job_id=job.id)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = _row(session, snapshot_id)
        assert found is not None
        return found
    return row


def _runs(session: Session, job_id: int) -> bool:
    job = session.get(Job, job_id, populate_existing=True)
    return job is not None and job.state in UNDER_WAY
