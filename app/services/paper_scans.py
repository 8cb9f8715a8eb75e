"""Scanned score sheets: batches come in, their pages are told apart, and people settle what no code settles.

A page is never dropped: it belongs to a sheet, or is set aside with a reason, or waits in the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor, require
from app.domain.text import clean_line, clean_text
from app.domain.vocabulary import FileKind, JobState, PaperState, ScanFinding
from app.models.paper import PaperReading, PaperSheet, ScanBatch, ScanPage
from app.models.record import Job
from app.models.round import Round
from app.services import audit, files, jobs, paper_entry, scan_codes
from uploads.intake import Received, Rendition

KIND = "read_scan"
REASON_MAXIMUM = 500
# Whatever a person says, these figures belong elsewhere.
NEVER_OURS = (ScanFinding.OTHER_ROUND, ScanFinding.OTHER_RUBRIC)


def take_in(session: Session, actor: Actor, *, round_id: int, received: Received, filename: str, now: datetime) -> ScanBatch:
    """Keep a batch that intake has stored, and have its pages read in the background.

    Raises:
        NotFound, Forbidden: the actor is not the round's secretary.
        Refused: ``phase_closed``; ``scan_sent_before``: the same file is a batch of this round already.
    """
    require(actor, Verb.KEY_PAPER, _round(session, round_id))
    file = files.keep(session, received, kind=FileKind.PAPER, now=now)
    same = select(ScanBatch.id).where(ScanBatch.round_id == round_id, ScanBatch.sha256 == file.sha256)
    if session.scalar(same) is not None:
        raise Refused("scan_sent_before")
    batch = ScanBatch(
        round_id=round_id,
        sha256=file.sha256,
        filename=clean_line(filename),
        pages=received.pages,
        read=0,
        sent_by_id=actor.user_id,
        sent_at=now,
    )
    session.add(batch)
    session.flush()
    batch.job_id = jobs.enqueue(
        session, actor, kind=KIND, payload={"batch": batch.id}, round_id=round_id, total=received.pages, now=now
    ).id
    details = {"file": file.sha256, "name": batch.filename, "pages": batch.pages}
    audit.record(
        session, actor, action="paper:scan", subject=f"scan:{batch.id}", round_id=round_id, now=now, details=details
    )
    return batch


def read_again(session: Session, actor: Actor, *, batch_id: int, now: datetime) -> ScanBatch:
    """Have the missing pages of a batch read after its job was given up.

    Raises:
        NotFound, Forbidden, Refused: as ``take_in``; ``scan_being_read``: the job has not ended.
    """
    batch = session.get(ScanBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound("batch")
    require(actor, Verb.KEY_PAPER, _round(session, batch.round_id))
    job = session.get(Job, batch.job_id, populate_existing=True) if batch.job_id else None
    if job is not None and job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Refused("scan_being_read")
    batch.job_id = jobs.enqueue(
        session, actor, kind=KIND, payload={"batch": batch.id}, round_id=batch.round_id, total=batch.pages, now=now
    ).id
    session.flush()
    return batch


def keep_page(
    session: Session,
    *,
    batch_id: int,
    number: int,
    texts: Sequence[str],
    picture: Rendition,
    keys: Sequence[bytes],
    now: datetime,
) -> ScanPage:
    """Write down a page that was read, and join it to its sheet if its code says which; once a number.

    ``keys`` are those that may have sealed the codes in print.
    """
    batch = session.get_one(ScanBatch, batch_id, with_for_update=True, populate_existing=True)
    kept = session.scalars(select(ScanPage).where(ScanPage.batch_id == batch_id, ScanPage.number == number)).first()
    if kept is not None:
        return kept
    found = scan_codes.identify(session, session.get_one(Round, batch.round_id), texts, keys)
    page = ScanPage(
        batch_id=batch_id,
        number=number,
        picture=picture.sha256,
        width=picture.width,
        height=picture.height,
        said=found.said,
        finding=found.finding,
    )
    if found.assignment_id is not None:
        page.sheet_id = _sheet_for(session, found.assignment_id, now).id
    session.add(page)
    batch.read += 1
    session.flush()
    return page


def match(session: Session, actor: Actor, *, page_id: int, assignment_id: int, note: str = "", now: datetime) -> ScanPage:
    """Join a page to a sheet by hand: what a person reads on it where the code cannot be read.

    A sheet may have several pages. ``note`` tells why a page with a wrong seal is taken after all.

    Raises:
        NotFound: no such page or assignment of the actor's round.
        Refused: ``phase_closed``, ``scan_settled``, ``scan_not_matchable``, ``paper_entered``.
        Invalid: ``note``: ``required`` for a page with a wrong seal.
    """
    page, batch = _waiting_page(session, actor, page_id)
    if page.finding in NEVER_OURS:
        raise Refused("scan_not_matchable")
    note = clean_text(note)
    if page.finding is ScanFinding.FORGED and not note:
        raise Invalid.one("note", "required")
    held = paper_entry.held(session, assignment_id)
    if held.round.id != batch.round_id or not held.assignment.active:
        raise NotFound("assignment")
    sheet = _sheet_for(session, assignment_id, now)
    if sheet.state is PaperState.ENTERED:
        raise Refused("paper_entered")
    page.sheet_id = sheet.id
    told = {"sheet": sheet.id, "entry": held.entry.code, "judge": held.seat.code, "note": note}
    _settle(session, actor, page, batch, now, "paper:match", told)
    return page


def set_aside(session: Session, actor: Actor, *, page_id: int, reason: str, now: datetime) -> ScanPage:
    """Say that a page is not a sheet to be entered, and why; its picture stays.

    Where it was the last page of a sheet that was not entered, what was keyed in of it goes into the
    audit chain and the sheet is expected again.

    Raises:
        NotFound: no such page of the actor's round.
        Refused: ``phase_closed``, ``scan_settled``, ``paper_entered``.
        Invalid: ``reason``.
    """
    page, batch = _page(session, actor, page_id)
    if page.set_aside:
        raise Refused("scan_settled")
    reason = clean_text(reason)
    if not 0 < len(reason) <= REASON_MAXIMUM:
        raise Invalid.one("reason", "too_long" if reason else "required", maximum=REASON_MAXIMUM)
    told = {"reason": reason, **_leave_sheet(session, page)}
    page.set_aside = reason
    _settle(session, actor, page, batch, now, "paper:set_aside", told)
    return page


def put_back(session: Session, actor: Actor, *, page_id: int, now: datetime) -> ScanPage:
    """Put a page that was set aside back among those that wait.

    Raises:
        NotFound, Refused: as ``set_aside``; ``scan_not_settled``.
    """
    page, batch = _page(session, actor, page_id)
    if not page.set_aside:
        raise Refused("scan_not_settled")
    told = {"reason": page.set_aside}
    page.set_aside = ""
    _settle(session, actor, page, batch, now, "paper:put_back", told)
    page.settled_at = page.settled_by_id = None
    session.flush()
    return page


# --- the sheet of a page ---------------------------------------------------------------------


def _sheet_for(session: Session, assignment_id: int, now: datetime) -> PaperSheet:
    """The assignment's paper sheet, begun anew if its pages had been set aside."""
    sheet = session.scalars(
        select(PaperSheet)
        .where(PaperSheet.assignment_id == assignment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if sheet is None:
        sheet = PaperSheet(assignment_id=assignment_id, state=PaperState.CLOSED, arrived_at=now)
        session.add(sheet)
    if sheet.state is PaperState.CLOSED:
        sheet.obstacle = paper_entry.obstacle(session, paper_entry.held(session, assignment_id))
        sheet.state = PaperState.HELD if sheet.obstacle else PaperState.WAITING
        sheet.arrived_at = now
    session.flush()
    return sheet


def _leave_sheet(session: Session, page: ScanPage) -> dict[str, object]:
    """Take the page off its sheet; what is lost with the last page is returned for the record."""
    if page.sheet_id is None:
        return {}
    sheet = session.get_one(PaperSheet, page.sheet_id, with_for_update=True, populate_existing=True)
    if sheet.state is PaperState.ENTERED:
        raise Refused("paper_entered")
    page.sheet_id = None
    session.flush()
    if session.scalar(select(exists().where(ScanPage.sheet_id == sheet.id))):
        return {"sheet": sheet.id}
    rows = session.scalars(select(PaperReading).where(PaperReading.sheet_id == sheet.id).order_by(PaperReading.place)).all()
    lost = [{"keyer": row.keyer_id, "points": row.points, "total": row.written_total} for row in rows]
    for row in rows:
        session.delete(row)
    sheet.state, sheet.obstacle = PaperState.CLOSED, ""
    session.flush()
    return {"sheet": sheet.id, "readings": lost}


# --- what must hold, and the record -----------------------------------------------------------


def _round(session: Session, round_id: int) -> Round:
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("round")
    return row


def _page(session: Session, actor: Actor, page_id: int) -> tuple[ScanPage, ScanBatch]:
    page = session.get(ScanPage, page_id, with_for_update=True, populate_existing=True)
    if page is None:
        raise NotFound("page")
    batch = session.get_one(ScanBatch, page.batch_id)
    require(actor, Verb.KEY_PAPER, _round(session, batch.round_id))
    return page, batch


def _waiting_page(session: Session, actor: Actor, page_id: int) -> tuple[ScanPage, ScanBatch]:
    page, batch = _page(session, actor, page_id)
    if page.set_aside or page.sheet_id is not None:
        raise Refused("scan_settled")
    return page, batch


def _settle(
    session: Session, actor: Actor, page: ScanPage, batch: ScanBatch, now: datetime, action: str, told: Mapping[str, object]
) -> None:
    page.settled_by_id, page.settled_at = actor.user_id, now
    session.flush()
    details = {"page": page.number, "picture": page.picture, **told}
    audit.record(
        session, actor, action=action, subject=f"scan:{batch.id}", round_id=batch.round_id, now=now, details=details
    )
