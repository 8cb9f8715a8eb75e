"""Papers of a round that take longer than a request may: asked for, made by a job, kept for a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.policies import Actor
from app.domain.vocabulary import JobState
from app.models.panel import PanelSeat
from app.models.record import Job
from app.queries import ceremonies
from app.queries import round_prints as reads
from app.queries.papers import paper_round
from app.services import audit, ceremony_papers, jobs, papers, score_papers
from certificates.paperwork.registry import FORMS, render
from uploads.storage import Storage

KEPT = timedelta(days=30)
"""A file is kept so long; it can be made again from the same facts."""
PAPER, CEREMONY, SHEETS = "paper", "ceremony", "sheets"
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which paper is asked for.

    Attributes:
        group: `paper` (a form of the round), `ceremony` (one of its papers) or `sheets` (a judge's blank score sheets).
        name: the form's name, or that of the ceremony's paper; empty for sheets.
        kind: `pdf` or `docx`.
        key: the hall, where a ceremony's paper is of one; the judge's seat, for sheets.
    """

    group: str
    name: str
    kind: str
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper whose facts have been read: ``write`` lays it out without the database."""

    filename: str
    subject: str
    write: Callable[[], bytes]


def wanted_of(job: Job) -> Wanted:
    """What a job prints."""
    return Wanted(**job.payload)


def request(session: Session, actor: Actor, *, round_id: int, wanted: Wanted, now: datetime) -> Job:
    """Ask for a paper; one that is being made already is not begun twice.

    Raises:
        NotFound: no such paper for the actor.
    """
    if not may_have(actor, round_id, wanted):
        raise NotFound("paper")
    known = reads.of_round(session, round_id)
    _forget(known, before=now - KEPT)
    for job in known:
        if job.state in UNDER_WAY and wanted_of(job) == wanted:
            return job
    return jobs.enqueue(session, actor, kind=reads.KIND, payload=asdict(wanted), now=now, round_id=round_id)


def _forget(known: Sequence[Job], *, before: datetime) -> None:
    """Let go of files that are old: the upkeep collects what nothing refers to."""
    for job in known:
        if job.result and job.finished_at is not None and job.finished_at < before:
            job.result = {}


def may_have(actor: Actor, round_id: int, wanted: Wanted) -> bool:
    """Whether the actor may have the paper: by its readers; those of ceremony and judges are the secretariat's own."""
    if wanted.group == PAPER:
        return wanted.name in {offer.form for offer in papers.offers(actor, round_id)}
    return round_id in actor.secretary_of


def find(session: Session, actor: Actor, *, round_id: int, job_id: int) -> Job:
    """The job that prints a paper of the round.

    Raises:
        NotFound: there is none of that number, or its paper is not for the actor.
    """
    job = reads.one(session, round_id, job_id)
    if job is None or not may_have(actor, round_id, wanted_of(job)):
        raise NotFound("paper")
    return job


def prepare(
    session: Session, actor: Actor, storage: Storage, *, round_id: int, wanted: Wanted, sheet_key: bytes
) -> Prepared:
    """Read what the paper says, with the actor's rights as they are now.

    Raises:
        NotFound: no such paper for the actor, or what it tells of is not there any more.
        Refused: ``paper_not_ready``, ``paper_code_unfit``.
    """
    if not may_have(actor, round_id, wanted):
        raise NotFound("paper")
    if wanted.group == PAPER:
        return _form(session, actor, round_id, wanted)
    if wanted.group == CEREMONY:
        return _ceremony(session, storage, round_id, wanted)
    return _sheets(session, round_id, wanted, sheet_key)


def _form(session: Session, actor: Actor, round_id: int, wanted: Wanted) -> Prepared:
    facts = paper_round(session, round_id)
    content = papers.compose(actor, facts, wanted.name)
    kind = cast(Literal["pdf", "docx"], wanted.kind)
    filename = form_filename(wanted.name, wanted.kind, facts.round.code or str(round_id))
    return Prepared(filename, f"paper:{wanted.name}", lambda: render(wanted.name, content, kind))


def form_filename(form: str, kind: str, code: str) -> str:
    """Under which name a form of a round is saved."""
    return f"{FORMS[form].title} - {code}.{kind}"


def _ceremony(session: Session, storage: Storage, round_id: int, wanted: Wanted) -> Prepared:
    pack = ceremonies.pack(session, round_id)
    paper = ceremony_papers.FILES.get(wanted.name)
    if pack is None or paper is None:
        raise NotFound("ceremony")
    content = ceremony_papers.content_of(
        session, pack, hall_id=wanted.key, storage=storage if paper.shows_photos else None
    )
    return Prepared(f"{paper.title}.{wanted.kind}", f"ceremony:{pack.row.id}", lambda: paper.write(content))


def _sheets(session: Session, round_id: int, wanted: Wanted, sheet_key: bytes) -> Prepared:
    seat = session.get(PanelSeat, wanted.key)
    held = score_papers.assignments_of(session, seat.id) if seat is not None and seat.round_id == round_id else []
    if seat is None or not held:
        raise NotFound("sheet")
    contents = [score_papers.content_of(session, one, key=sheet_key, blank=True) for one in held]
    title = f"Phiếu chấm điểm {seat.code}"
    return Prepared(f"{title}.pdf", f"seat:{seat.id}", lambda: score_papers.pack_pdf(contents, title))


def keep(
    session: Session, actor: Actor, *, job_id: int, subject: str, filename: str, sha256: str, size_bytes: int, now: datetime
) -> Mapping[str, Any]:
    """Write down which stored file the job made, and its digest in the audit chain; a second run changes nothing."""
    job = session.get_one(Job, job_id, populate_existing=True)
    if job.result:
        return job.result
    details = {"kind": job.payload["kind"], "sha256": sha256}
    audit.record(session, actor, action="paper:produce", subject=subject, now=now, round_id=job.round_id, details=details)
    job.result = {"sha256": sha256, "bytes": size_bytes, "filename": filename}
    session.flush()
    return job.result
