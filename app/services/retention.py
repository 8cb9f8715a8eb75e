"""What has been kept long enough: counted first, then let go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.retention import Kept
from app.domain.vocabulary import MailState
from app.models.account import User
from app.models.privacy import ErasureRequest
from app.models.record import OutboxMail
from app.models.sign_in import UserSession
from app.services import audit


@dataclass(frozen=True)
class Due:
    """How many rows of one kind are past their period."""

    key: str
    before: datetime
    count: int


@dataclass(frozen=True)
class _Work:
    """Which rows are past, and what is done to them."""

    past: Callable[[datetime], Any]
    table: type[Any]
    done: Callable[[Any], Delete | Update]


def _mail_is_past(before: datetime) -> Any:
    return (OutboxMail.written_at < before) & (OutboxMail.state != MailState.WAITING) & (OutboxMail.body != "")


def _address_is_past(before: datetime) -> Any:
    kept = or_(User.current_login_ip.is_not(None), User.last_login_ip.is_not(None))
    return kept & (User.current_login_at < before)


def _reason_is_past(before: datetime) -> Any:
    return (ErasureRequest.decided_at < before) & (ErasureRequest.reason != "")


WORK: dict[str, _Work] = {
    "sessions": _Work(
        lambda before: UserSession.seen_at < before,
        UserSession,
        lambda past: delete(UserSession).where(past),
    ),
    "addresses": _Work(
        _address_is_past,
        User,
        lambda past: update(User).where(past).values(current_login_ip=None, last_login_ip=None),
    ),
    "mails": _Work(_mail_is_past, OutboxMail, lambda past: update(OutboxMail).where(past).values(body="")),
    "erasure_reasons": _Work(
        _reason_is_past,
        ErasureRequest,
        lambda past: update(ErasureRequest).where(past).values(reason=""),
    ),
}


def report(session: Session, schedule: Sequence[Kept], *, now: datetime) -> list[Due]:
    """What is past its period at this moment; nothing is changed."""
    found = []
    for line in schedule:
        if line.period is not None:
            before = now - line.period
            found.append(Due(line.key, before, _count(session, WORK[line.key], before)))
    return found


def apply(session: Session, actor: Actor, schedule: Sequence[Kept], *, now: datetime) -> list[Due]:
    """Let go of what is past its period; the trail keeps how many of each kind. Run twice, it does it once."""
    due = report(session, schedule, now=now)
    for item in due:
        if item.count:
            work = WORK[item.key]
            statement = work.done(work.past(item.before)).execution_options(synchronize_session=False)
            session.execute(statement)
    session.flush()
    done = {item.key: item.count for item in due if item.count}
    if done:
        audit.record(session, actor, action="retention:apply", subject="retention:1", now=now, details=done)
    return due


def _count(session: Session, work: _Work, before: datetime) -> int:
    return session.scalar(select(func.count()).select_from(work.table).where(work.past(before))) or 0
