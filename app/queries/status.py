"""The installation in figures: rows, jobs, mail, the database, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.vocabulary import JobState, MailState
from app.models.account import User
from app.models.certificate import Certificate
from app.models.dossier import StoredFile
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.record import AuditEvent, Job, OutboxMail
from app.models.round import Round
from app.models.sheet import ScoreSheet

PAGE = 50
COUNTED: tuple[tuple[str, Any], ...] = (
    ("users", User),
    ("facilities", Facility),
    ("rounds", Round),
    ("entries", Entry),
    ("sheets", ScoreSheet),
    ("certificates", Certificate),
    ("files", StoredFile),
    ("audit_events", AuditEvent),
)


@dataclass(frozen=True)
class Database:
    """What stands behind the session. ``revision`` is the migration it is at; ``bytes`` its size."""

    kind: str
    version: str
    revision: str
    bytes: int | None


def database(session: Session) -> Database:
    """Kind, version, migration and size of the database."""
    kind = session.get_bind().dialect.name
    if kind == "sqlite":
        version = session.scalar(text("SELECT sqlite_version()"))
        pages, size = session.scalar(text("PRAGMA page_count")), session.scalar(text("PRAGMA page_size"))
        total = int(pages or 0) * int(size or 0)
    else:
        version = session.scalar(text("SHOW server_version"))
        total = int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return Database(kind, str(version), _revision(session), total)


def _revision(session: Session) -> str:
    """The migration, or nothing where the tables were made without one, as in tests."""
    try:
        with session.begin_nested():
            return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")
    except SQLAlchemyError:
        return ""


def counts(session: Session) -> dict[str, int]:
    """Rows of the main tables, in one statement."""
    columns = [select(func.count()).select_from(table).scalar_subquery().label(name) for name, table in COUNTED]
    return dict(session.execute(select(*columns)).one()._mapping)


def stored_bytes(session: Session) -> int:
    """Bytes of all stored files, their renditions not counted."""
    return int(session.scalar(select(func.coalesce(func.sum(StoredFile.bytes), 0))) or 0)


def job_states(session: Session) -> dict[JobState, int]:
    """Jobs by state."""
    return dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all())


def mail_states(session: Session) -> dict[MailState, int]:
    """Messages by state."""
    return dict(session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state)).all())


@dataclass(frozen=True)
class JobLine:
    """A job in a list, with who asked for it and for which round."""

    job: Job
    owner: str
    round_name: str


def jobs(session: Session, *, state: JobState | None = None, page: int = 1, size: int = PAGE) -> tuple[list[JobLine], int]:
    """A page of jobs, newest first, and how many there are."""
    conditions: list[ColumnElement[bool]] = [Job.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(Job).where(*conditions)) or 0
    rows = session.execute(
        select(Job, User.name, Round.name)
        .outerjoin(User, User.id == Job.owner_id)
        .outerjoin(Round, Round.id == Job.round_id)
        .where(*conditions)
        .order_by(Job.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return [JobLine(job, owner or "", round_name or "") for job, owner, round_name in rows], total


def outbox(
    session: Session, *, state: MailState | None = None, page: int = 1, size: int = PAGE
) -> tuple[Sequence[OutboxMail], int]:
    """A page of messages of everybody, newest first, and how many there are."""
    conditions: list[ColumnElement[bool]] = [OutboxMail.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(OutboxMail).where(*conditions)) or 0
    rows = session.scalars(
        select(OutboxMail).where(*conditions).order_by(OutboxMail.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    return rows, total


@dataclass(frozen=True)
class TrailFilter:
    """What of the audit trail is wanted: a chain, an action's or subject's beginning, a person's name, days."""

    chain: str = ""
    action: str = ""
    subject: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


def trail(session: Session, wanted: TrailFilter, *, page: int = 1, size: int = PAGE) -> tuple[Sequence[AuditEvent], int]:
    """A page of audit events, newest first, and how many match."""
    conditions = _wanted(wanted)
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions)) or 0
    rows = session.scalars(
        select(AuditEvent).where(*conditions).order_by(AuditEvent.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    return rows, total


def _wanted(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.chain:
        found.append(AuditEvent.chain == wanted.chain)
    if wanted.action:
        found.append(AuditEvent.action.startswith(wanted.action, autoescape=True))
    if wanted.subject:
        found.append(AuditEvent.subject.startswith(wanted.subject, autoescape=True))
    if wanted.actor:
        name = wanted.actor
        found.append(
            or_(
                AuditEvent.actor_name.icontains(name, autoescape=True),
                AuditEvent.on_behalf_of.icontains(name, autoescape=True),
            )
        )
    if wanted.since:
        found.append(AuditEvent.at >= wanted.since)
    if wanted.until:
        found.append(AuditEvent.at <= wanted.until)
    return found


def chains(session: Session) -> list[tuple[str, int]]:
    """Every audit chain with its length: the office's and each round's."""
    rows = session.execute(
        select(AuditEvent.chain, func.max(AuditEvent.number)).group_by(AuditEvent.chain).order_by(AuditEvent.chain)
    )
    return list(rows.all())
