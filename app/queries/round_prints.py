"""Papers of a round that a job makes: which of them are there, and which stored files they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import JobState
from app.models.record import Job

KIND = "print_round_paper"


def of_round(session: Session, round_id: int) -> Sequence[Job]:
    """The jobs that print papers of a round, newest first."""
    return session.scalars(select(Job).where(Job.kind == KIND, Job.round_id == round_id).order_by(Job.id.desc())).all()


def one(session: Session, round_id: int, job_id: int) -> Job | None:
    """The job of that number, as it is in the database now, if it prints a paper of the round."""
    return session.scalar(
        select(Job)
        .where(Job.id == job_id, Job.kind == KIND, Job.round_id == round_id)
        .execution_options(populate_existing=True)
    )


def stored(session: Session) -> Iterator[str]:
    """The digests of the files that were made and are kept still."""
    for result in session.scalars(select(Job.result).where(Job.kind == KIND, Job.state == JobState.DONE)):
        if "sha256" in result:
            yield result["sha256"]
