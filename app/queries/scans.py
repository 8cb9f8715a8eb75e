"""Scans of paper sheets as the secretariat sees them: batches, their pages, and those that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.vocabulary import PaperState, ScanFinding
from app.models.account import User
from app.models.dossier import StoredFile
from app.models.entry import Entry
from app.models.panel import Assignment, PanelSeat
from app.models.paper import PaperSheet, ScanBatch, ScanPage
from app.queries import sheet_pages
from certificates.paperwork.score_code import PAGES_MAXIMUM


@dataclass(frozen=True)
class BatchRow:
    """A batch: ``read`` of ``pages`` were split off so far, ``waiting`` of those wait for a person."""

    id: int
    round_id: int
    filename: str
    sha256: str
    pages: int
    read: int
    waiting: int
    sent_by: str
    sent_at: datetime
    job_id: int | None


def batches(session: Session, round_id: int) -> list[BatchRow]:
    """The round's batches, newest first."""
    rows = session.execute(_batch_rows().where(ScanBatch.round_id == round_id).order_by(ScanBatch.id.desc()))
    return [_batch(row) for row in rows]


def batch(session: Session, batch_id: int) -> BatchRow:
    """One batch. Raises: NotFound."""
    row = session.execute(_batch_rows().where(ScanBatch.id == batch_id)).first()
    if row is None:
        raise NotFound("batch")
    return _batch(row)


def media_type_of_batch(session: Session, batch_id: int) -> str:
    """The kind of a batch's file."""
    of = select(StoredFile.media_type).join(ScanBatch, ScanBatch.sha256 == StoredFile.sha256)
    return session.scalars(of.where(ScanBatch.id == batch_id)).one()


def assignment_of(session: Session, round_id: int, entry_code: str, judge_code: str) -> int | None:
    """The assignment in force of a judge for an entry, of the latest stage; None if there is none."""
    return session.scalar(
        select(Assignment.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(Entry.round_id == round_id, Entry.code == entry_code, PanelSeat.code == judge_code, Assignment.active)
        .order_by(Assignment.stage.desc())
        .limit(1)
    )


def choices(session: Session, round_id: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Entries, and judges by code and name, that have assignments in force: what a page can be matched to."""
    rows = session.execute(
        select(Entry.code, PanelSeat.code, User.name)
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .join(User, User.id == PanelSeat.user_id)
        .where(Entry.round_id == round_id, Assignment.active)
    ).all()
    return sorted({row[0] or "" for row in rows}), sorted({(row[1], row[2]) for row in rows})


def _batch_rows() -> Select[Any]:
    waiting = (
        select(func.count())
        .where(ScanPage.batch_id == ScanBatch.id, ScanPage.sheet_id.is_(None), ScanPage.set_aside == "")
        .scalar_subquery()
    )
    return select(ScanBatch, User.name, waiting).join(User, User.id == ScanBatch.sent_by_id)


def _batch(row: Any) -> BatchRow:
    one, name, waiting = row
    return BatchRow(
        one.id, one.round_id, one.filename, one.sha256, one.pages, one.read, waiting, name, one.sent_at, one.job_id
    )


# --- pages ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageRow:
    """A page: its finding, the sheet that it belongs to (entry and judge by code), or why it was set aside."""

    id: int
    batch_id: int
    round_id: int
    number: int
    filename: str
    picture: str
    width: int
    height: int
    said: str
    finding: ScanFinding
    paper_id: int | None
    entry_code: str
    judge_code: str
    set_aside: str
    settled_by: str
    settled_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """True as long as nobody and nothing said what the page is."""
        return self.paper_id is None and not self.set_aside

    @property
    def of_sheet(self) -> tuple[int, int]:
        """Which of how many pages of its sheet it says that it is; 0 and 0 where it does not say."""
        return sheet_pages.page_of(self.said)


def pages_of_batch(session: Session, batch_id: int) -> list[PageRow]:
    """All pages of a batch in the order of the scan."""
    return _pages(session, _page_rows().where(ScanPage.batch_id == batch_id).order_by(ScanPage.number))


def waiting_pages(session: Session, round_id: int) -> list[PageRow]:
    """The round's pages that wait for a person, oldest first."""
    waits = (ScanPage.sheet_id.is_(None), ScanPage.set_aside == "")
    return _pages(session, _page_rows().where(ScanBatch.round_id == round_id, *waits).order_by(ScanPage.id))


def pages_of_paper(session: Session, paper_id: int) -> list[PageRow]:
    """The pages of a sheet by their number on paper, those without one last, in the order of the scans."""
    of = _page_rows().where(ScanPage.sheet_id == paper_id).order_by(ScanPage.batch_id, ScanPage.number)
    return sorted(_pages(session, of), key=lambda one: one.of_sheet[0] or PAGES_MAXIMUM + 1)


def page(session: Session, page_id: int) -> PageRow:
    """One page. Raises: NotFound."""
    found = _pages(session, _page_rows().where(ScanPage.id == page_id))
    if not found:
        raise NotFound("page")
    return found[0]


def sheet_before(session: Session, one: PageRow) -> tuple[int, str, str] | None:
    """Assignment, entry and judge of the sheet on the page before it, which this page may continue."""
    row = session.execute(
        select(PaperSheet.assignment_id, Entry.code, PanelSeat.code)
        .join(ScanPage, ScanPage.sheet_id == PaperSheet.id)
        .join(Assignment, Assignment.id == PaperSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(
            ScanPage.batch_id == one.batch_id,
            ScanPage.number == one.number - 1,
            PaperSheet.state != PaperState.ENTERED,
        )
    ).first()
    return None if row is None else (row[0], row[1] or "", row[2])


def _page_rows() -> Any:
    return (
        select(ScanPage, ScanBatch, Entry.code, PanelSeat.code, User.name)
        .join(ScanBatch, ScanBatch.id == ScanPage.batch_id)
        .outerjoin(PaperSheet, PaperSheet.id == ScanPage.sheet_id)
        .outerjoin(Assignment, Assignment.id == PaperSheet.assignment_id)
        .outerjoin(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .outerjoin(User, User.id == ScanPage.settled_by_id)
    )


def _pages(session: Session, statement: Any) -> list[PageRow]:
    return [
        PageRow(
            id=one.id,
            batch_id=of.id,
            round_id=of.round_id,
            number=one.number,
            filename=of.filename,
            picture=one.picture,
            width=one.width,
            height=one.height,
            said=one.said,
            finding=one.finding,
            paper_id=one.sheet_id,
            entry_code=entry or "",
            judge_code=judge or "",
            set_aside=one.set_aside,
            settled_by=name or "",
            settled_at=one.settled_at,
        )
        for one, of, entry, judge, name in session.execute(statement)
    ]
