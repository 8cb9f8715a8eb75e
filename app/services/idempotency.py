"""Requests that may come twice: the first answer is kept and given again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.models.api_token import KeptAnswer

KEPT = timedelta(hours=48)


@dataclass(frozen=True)
class Answer:
    """Status and JSON body; ``repeated`` when it was given before."""

    status: int
    body: Mapping[str, Any]
    repeated: bool = False


def once(
    session: Session, *, user_id: int, key: str, request_digest: str, now: datetime, work: Callable[[], Answer]
) -> Answer:
    """Do ``work`` unless the same person's request under ``key`` was answered in the last two days.

    Work and kept answer stand or fall with the caller's transaction; a refusal is not kept, so that it may be mended.

    Raises:
        Invalid: ``key``: ``idempotency_key_used`` for another request.
        IntegrityError: the same request is answered at this moment by another process.
    """
    session.execute(delete(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.made_at < now - KEPT))
    kept = session.scalar(select(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.key == key))
    if kept is not None:
        if kept.request_digest != request_digest:
            raise Invalid.one("Idempotency-Key", "idempotency_key_used")
        return Answer(kept.status, kept.body, repeated=True)
    row = KeptAnswer(user_id=user_id, key=key, request_digest=request_digest, status=0, body={}, made_at=now)
    session.add(row)
    session.flush()  # a second process waits here, and is refused once the first has committed
    answer = work()
    row.status, row.body = answer.status, dict(answer.body)
    session.flush()
    return answer


__all__ = ["Answer", "IntegrityError", "once"]
