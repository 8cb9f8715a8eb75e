"""What goes up with a nomination letter, in one file: asked for, made by a job, made anew when its contents change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.text import slug
from app.domain.vocabulary import JobState
from app.models.council import LegalDocument
from app.models.dossier import DossierSnapshot
from app.models.package import NominationPackage
from app.models.record import Job
from app.models.round import RoundGroup
from app.queries import nominations as reads
from app.queries import registration
from app.queries.nominations import Sent
from app.services import jobs

KIND = "package_nominations"
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)
NAME_LENGTH = 50


@dataclass(frozen=True)
class Item:
    """One product of the package; ``path`` is the place of its dossier in the archive."""

    sent: Sent
    snapshot_id: int
    snapshot_digest: str
    path: str


@dataclass(frozen=True)
class Package:
    """What belongs in a round's package of a letter; ``orders`` are the recognitions' acts behind it."""

    letter: LegalDocument
    orders: tuple[LegalDocument, ...]
    round_id: int
    items: tuple[Item, ...]

    @property
    def holds(self) -> str:
        """SHA-256 of all that decides what is in it."""
        parts = [
            (item.sent.entry.code, item.snapshot_digest, item.sent.certificate.serial if item.sent.certificate else "")
            for item in self.items
        ]
        acts = [(one.number, one.decided_on.isoformat(), one.sha256) for one in (self.letter, *self.orders)]
        return hashlib.sha256(json.dumps([acts, parts], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class PackageState:
    """How far a package is: ``made`` names its file; ``outdated`` tells that it holds something else than now."""

    made: NominationPackage | None
    job: Job | None
    outdated: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether the job waits or runs."""
        return self.made is None and self.job is not None and self.job.state in UNDER_WAY


def package_of(session: Session, actor: Actor, *, letter_id: int, round_id: int, now: datetime) -> Package:
    """What the actor's round may have of a letter: the round that wrote it all of it, a round above what came up to it.

    Raises:
        NotFound: not the actor's round, no such letter, or nothing of it for this round.
    """
    if round_id not in actor.secretary_of:
        raise NotFound("round")
    letter = session.get(LegalDocument, letter_id)
    found = reads.under_letter(session, letter_id) if letter is not None else []
    if letter is not None and letter.round_id != round_id:
        upper = registration.round_with_groups(session, round_id)
        mine = {} if upper is None else {item.row.id for item in reads.incoming(session, upper, local_date(now))}
        found = [item for item in found if item.row.id in mine]
    if letter is None or not found:
        raise NotFound("document")
    return _package(session, letter, round_id, found)


def package_by_ids(session: Session, *, letter_id: int, round_id: int, nomination_ids: Sequence[int]) -> Package:
    """The package that was asked for, for the job; whoever asked was looked at then.

    Raises:
        NotFound: none of it is there any more.
    """
    letter = session.get(LegalDocument, letter_id)
    wanted = set(nomination_ids)
    found = [item for item in reads.under_letter(session, letter_id) if item.row.id in wanted]
    if letter is None or not found:
        raise NotFound("document")
    return _package(session, letter, round_id, found)


def state_of(session: Session, package: Package) -> PackageState:
    """How far the package is."""
    row = session.get(NominationPackage, (package.letter.id, package.round_id), populate_existing=True)
    if row is None:
        return PackageState(None, None)
    if row.holds != package.holds:
        return PackageState(None, None, outdated=True)
    return PackageState(row if row.sha256 else None, session.get(Job, row.job_id, populate_existing=True))


def request(session: Session, actor: Actor, *, letter_id: int, round_id: int, now: datetime) -> None:
    """Ask for the package; what is there or under way is not begun twice.

    Raises:
        NotFound: as ``package_of``.
    """
    package = package_of(session, actor, letter_id=letter_id, round_id=round_id, now=now)
    state = state_of(session, package)
    if state.made is not None or state.is_under_way:
        return
    payload = {"letter": letter_id, "round": round_id, "nominations": [item.sent.row.id for item in package.items]}
    total = len(package.items) + 1
    job = jobs.enqueue(session, actor, kind=KIND, payload=payload, now=now, round_id=round_id, total=total)
    row = session.get(NominationPackage, (letter_id, round_id), with_for_update=True)
    if row is None:
        _begin(session, NominationPackage(letter_id=letter_id, round_id=round_id, holds=package.holds, job_id=job.id))
        return
    row.holds, row.job_id, row.sha256, row.bytes, row.made_at = package.holds, job.id, None, None, None
    session.flush()


def keep(
    session: Session, *, letter_id: int, round_id: int, holds: str, sha256: str, size_bytes: int, now: datetime
) -> None:
    """Write down which stored file is the package, unless one that holds something else was asked for meanwhile."""
    session.execute(
        update(NominationPackage)
        .where(
            NominationPackage.letter_id == letter_id,
            NominationPackage.round_id == round_id,
            NominationPackage.holds == holds,
        )
        .values(sha256=sha256, bytes=size_bytes, made_at=now)
    )


def group_names(session: Session, package: Package) -> dict[str, str]:
    """The product groups of the round that sent it: name by code."""
    lower = package.items[0].sent.lower
    rows = session.scalars(select(RoundGroup).where(RoundGroup.round_id == lower.id))
    return {row.group_code: row.name for row in rows}


def _begin(session: Session, row: NominationPackage) -> None:
    """Write the row; where somebody asked at the same moment, theirs stands and this job makes the same file."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return


def _package(session: Session, letter: LegalDocument, round_id: int, found: Sequence[Sent]) -> Package:
    snapshots = {item.entry.snapshot_id for item in found}
    rows = session.execute(select(DossierSnapshot.id, DossierSnapshot.digest).where(DossierSnapshot.id.in_(snapshots)))
    digests = {row.id: row.digest for row in rows}
    orders = session.scalars(
        select(LegalDocument)
        .where(LegalDocument.id.in_({item.row.recognition.order_id for item in found}))
        .order_by(LegalDocument.id)
    ).all()
    items = tuple(
        Item(item, item.entry.snapshot_id, digests[item.entry.snapshot_id], _path(item))
        for item in found
        if item.entry.snapshot_id is not None
    )
    if not items:
        raise NotFound("snapshot")
    return Package(letter, tuple(orders), round_id, items)


def _path(item: Sent) -> str:
    return f"ho-so/{item.entry.code} {slug(item.entry.product.name, NAME_LENGTH)}.pdf"
