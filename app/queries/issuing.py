"""Reads about issuing: which recognitions have no certificate yet, in whose order, and how far a round is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.vocabulary import CertificateState, JobState, Outcome
from app.models.certificate import Certificate
from app.models.council import CouncilSession, LegalDocument, Recognition
from app.models.entry import Entry
from app.models.record import Job
from app.models.result import ResultLine
from app.models.round import RoundGroup
from app.models.unit import Unit

LAST_PLACE = 1_000_000


def pending(session: Session, round_id: int, limit: int | None = None) -> list[int]:
    """Ids of recognitions that have no certificate yet, in ceremony order: group, place, code."""
    first = aliased(Certificate)
    statement = (
        _ceremony(select(Recognition.id), by_locality=False)
        .outerjoin(first, first.recognition_id == Recognition.id)
        .where(
            Recognition.round_id == round_id,
            Recognition.outcome == Outcome.RECOGNISED,
            Recognition.order_id.is_not(None),
            first.id.is_(None),
        )
        .limit(limit)
    )
    return list(session.scalars(statement))


def latest_order_day(session: Session, round_id: int) -> date | None:
    """The latest day of a recognition order behind the round's recognised entries."""
    return session.scalar(
        select(func.max(LegalDocument.decided_on))
        .join(Recognition, Recognition.order_id == LegalDocument.id)
        .where(Recognition.round_id == round_id)
    )


def ceremony_order(
    session: Session, round_id: int, *, by_locality: bool = False, design_digest: str | None = None
) -> list[int]:
    """Ids of the certificates in force, as they are called up: by group and place, or by locality first."""
    statement = _ceremony(select(Certificate.id), by_locality).where(
        Certificate.round_id == round_id, Certificate.state == CertificateState.ISSUED
    )
    if design_digest is not None:
        statement = statement.where(Certificate.design_digest == design_digest)
    return list(session.scalars(statement))


def _ceremony(statement: Select[Any], by_locality: bool) -> Select[Any]:
    """Join what the order needs; the statement selects from Recognition or Certificate."""
    if statement.selected_columns[0].table is Certificate.__table__:
        statement = statement.select_from(Certificate).join(Recognition, Recognition.id == Certificate.recognition_id)
    else:
        statement = statement.select_from(Recognition)
    locality: list[Any] = [Unit.sort_key, Unit.id] if by_locality else []
    return (
        statement.join(Entry, Entry.id == Recognition.entry_id)
        .join(Unit, Unit.id == Entry.locality_id)
        .outerjoin(RoundGroup, (RoundGroup.round_id == Entry.round_id) & (RoundGroup.group_code == Entry.group_code))
        .outerjoin(CouncilSession, CouncilSession.id == Recognition.session_id)
        .outerjoin(ResultLine, (ResultLine.run_id == CouncilSession.run_id) & (ResultLine.entry_id == Entry.id))
        .order_by(
            *locality,
            RoundGroup.position,
            func.coalesce(ResultLine.group_place, ResultLine.place, LAST_PLACE),
            Entry.code,
            Entry.id,
        )
    )


@dataclass(frozen=True)
class IssueState:
    """How far a round is with its certificates. ``job`` is the latest job, ``first`` the first serial."""

    recognised: int
    waiting: int
    issued: int
    replaced: int
    revoked: int
    designs: tuple[tuple[str, str], ...]
    job: Job | None

    @property
    def busy(self) -> bool:
        """True while a job waits or runs."""
        return self.job is not None and self.job.state in (JobState.WAITING, JobState.RUNNING)


def issue_state(session: Session, round_id: int, kind: str) -> IssueState:
    """Counts of a round's certificates, the designs in force (name, digest), and the latest job of ``kind``."""
    by_state = (
        select(Certificate.state, func.count().label("number"))
        .where(Certificate.round_id == round_id)
        .group_by(Certificate.state)
    )
    counts = {row.state: row.number for row in session.execute(by_state)}
    recognised = session.scalar(
        select(func.count()).where(Recognition.round_id == round_id, Recognition.outcome == Outcome.RECOGNISED)
    )
    used = session.execute(
        select(Certificate.design, Certificate.design_digest)
        .where(Certificate.round_id == round_id, Certificate.state == CertificateState.ISSUED)
        .distinct()
        .order_by(Certificate.design, Certificate.design_digest)
    )
    job = session.scalar(select(Job).where(Job.round_id == round_id, Job.kind == kind).order_by(Job.id.desc()).limit(1))
    return IssueState(
        recognised=recognised or 0,
        waiting=len(pending(session, round_id)),
        issued=counts.get(CertificateState.ISSUED, 0),
        replaced=counts.get(CertificateState.REPLACED, 0),
        revoked=counts.get(CertificateState.REVOKED, 0),
        designs=tuple((row.design, row.design_digest) for row in used),
        job=job,
    )
