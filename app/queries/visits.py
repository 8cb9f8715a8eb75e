"""Site visits for the secretariat, and the allow-listed part of them that a judge sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.blinding import masked
from app.domain.errors import NotFound
from app.domain.snapshot import SnapshotContent
from app.domain.vocabulary import EntryState, VisitVerdict
from app.models.entry import Entry
from app.models.visit import SiteVisit, VisitPhoto
from app.queries.judge_dossier import ServedFile, facility_secrets


@dataclass(frozen=True)
class JudgeVisit:
    """A visit as a judge sees it: no names of visitors; in a blind round findings masked and no photos."""

    id: int
    visited_on: date
    verdict: VisitVerdict
    findings: str
    ruling: str
    photos: int


def of_entry(session: Session, entry_id: int) -> Sequence[SiteVisit]:
    """The visits of an entry with photos, newest first."""
    return session.scalars(
        select(SiteVisit)
        .where(SiteVisit.entry_id == entry_id)
        .options(selectinload(SiteVisit.photos))
        .order_by(SiteVisit.visited_on.desc(), SiteVisit.id.desc())
    ).all()


def for_judge(session: Session, entry_id: int, content: Mapping[str, Any], *, blind: bool) -> tuple[JudgeVisit, ...]:
    """The visits of an entry as its judge may see them; ``content`` is the snapshot's."""
    secrets = facility_secrets(SnapshotContent.from_dict(content).facility) if blind else ()
    return tuple(
        JudgeVisit(
            id=row.id,
            visited_on=row.visited_on,
            verdict=row.verdict,
            findings=masked(row.findings, secrets),
            ruling=masked(row.ruling, secrets),
            photos=0 if blind else len(row.photos),
        )
        for row in of_entry(session, entry_id)
    )


def unruled(session: Session, round_id: int) -> int:
    """How many visits found an accepted entry not as declared and have no ruling yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SiteVisit)
            .join(Entry, Entry.id == SiteVisit.entry_id)
            .where(
                SiteVisit.round_id == round_id,
                SiteVisit.verdict == VisitVerdict.NOT_AS_DECLARED,
                SiteVisit.ruled_at.is_(None),
                Entry.state == EntryState.ACCEPTED,
            )
        )
        or 0
    )


def to_rule(session: Session, round_id: int) -> Sequence[SiteVisit]:
    """Visits of a round that found an entry not as declared: unruled ones first."""
    return session.scalars(
        select(SiteVisit)
        .where(SiteVisit.round_id == round_id, SiteVisit.verdict == VisitVerdict.NOT_AS_DECLARED)
        .options(joinedload(SiteVisit.entry))
        .order_by(SiteVisit.ruled_at.is_not(None), SiteVisit.id)
    ).all()


def photo(session: Session, entry_id: int, visit_id: int, number: int, size: str) -> ServedFile:
    """A visit's photo by its number from 1, in the size ``page`` or ``list``.

    Raises:
        NotFound: no such photo of a visit of that entry.
    """
    rows = session.scalars(
        select(VisitPhoto)
        .join(SiteVisit, SiteVisit.id == VisitPhoto.visit_id)
        .where(SiteVisit.id == visit_id, SiteVisit.entry_id == entry_id)
        .options(joinedload(VisitPhoto.file))
        .order_by(VisitPhoto.id)
    ).all()
    if not 1 <= number <= len(rows):
        raise NotFound("file")
    row = rows[number - 1]
    made = row.file.renditions.get(size)
    name = f"kiem-tra-{visit_id}-{number}.jpg"
    if made:
        return ServedFile(made["sha256"], made["media_type"], name)
    return ServedFile(row.sha256, row.file.media_type, name)
