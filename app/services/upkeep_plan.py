"""Work that comes round by itself: what is due, and what a check of the stored files found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import JobState, Role
from app.models.account import RoleGrant, User
from app.models.record import Job
from app.services import jobs, outbox

EXPIRE, CHECK, DIGEST, RETENTION = "expire_uploads", "check_files", "send_digests", "retention"
PERIODS: Mapping[str, timedelta] = {
    EXPIRE: timedelta(hours=6),
    CHECK: timedelta(days=7),
    DIGEST: timedelta(hours=24),
    RETENTION: timedelta(hours=24),
}
"""How long after one is asked for the next is due."""
TOLD = 20
"""So many names stand in the message; all of them in the job's result."""


def enqueue_due(session: Session, *, now: datetime) -> Sequence[str]:
    """Put each kind whose time has come in the queue; returns the kinds."""
    asked = session.execute(select(Job.kind, func.max(Job.created_at)).where(Job.kind.in_(PERIODS)).group_by(Job.kind)).all()
    latest: dict[str, datetime] = {row[0]: row[1] for row in asked}
    due = [kind for kind, period in PERIODS.items() if kind not in latest or latest[kind] + period <= now]
    for kind in due:
        jobs.enqueue(session, SYSTEM, kind=kind, payload={}, now=now)
    return due


def reported_orphans(session: Session) -> frozenset[str]:
    """The files that the latest finished check reported as needed by no record."""
    result = session.scalar(
        select(Job.result)
        .where(Job.kind == CHECK, Job.state == JobState.DONE)
        .order_by(Job.finished_at.desc(), Job.id.desc())
        .limit(1)
    )
    return frozenset((result or {}).get("orphans", ()))


def tell_damage(session: Session, *, missing: Sequence[str], corrupt: Sequence[str], now: datetime) -> None:
    """Write to every administrator which files are missing or spoilt."""
    lines = [f"mất: {name}" for name in missing] + [f"hỏng: {name}" for name in corrupt]
    body = "Kiểm tra kho tệp thấy:\n" + "\n".join(lines[:TOLD])
    if len(lines) > TOLD:
        body += f"\nvà {len(lines) - TOLD} tệp khác; danh sách đủ ở lệnh: tieubieu files check"
    granted = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.valid_until.is_(None) | (RoleGrant.valid_until > now)
    )
    for person in session.scalars(select(User).where(User.id.in_(granted), User.active).order_by(User.id)):
        outbox.write(
            session,
            person,
            subject=f"Kho tệp: {len(missing)} tệp mất, {len(corrupt)} tệp hỏng",
            body=body,
            link="/quan-tri/viec-nen",
            now=now,
        )
