"""Mails and jobs when workers die, work at once, or the clock goes back: claimed once, given up never too early."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import JobState
from app.infra.outages import is_outage
from app.models.record import Job
from app.services import jobs, outbox
from tests.app import make


def write(session: Session, *names: str) -> None:
    for name in names:
        outbox.write_to_address(session, f"{name}@example.vn", subject=name, body="Thư", now=make.NOW)


def claimed(session: Session, after: timedelta) -> str | None:
    message = outbox.claim_next(session, now=make.NOW + after)
    return message.subject if message else None


def test_a_claimed_mail_is_nobody_else_s_until_its_claim_runs_out(session: Session) -> None:
    write(session, "một", "hai")
    at_once = [claimed(session, timedelta()) for _ in range(3)]
    assert at_once == ["một", "hai", None]
    assert claimed(session, outbox.CLAIM + timedelta(seconds=1)) == "một"


def test_a_claim_from_before_the_clock_went_back_holds_nothing_up(session: Session) -> None:
    write(session, "một")
    claimed(session, timedelta(hours=3))
    assert claimed(session, timedelta()) == "một"


def taken(session: Session) -> Job:
    row = jobs.enqueue(session, SYSTEM, kind="send_mail", payload={}, now=make.NOW)
    held = jobs.claim(session, row.id, holder="a", now=make.NOW)
    assert held is not None
    return held


def test_a_job_s_lease_from_before_the_clock_went_back_can_be_taken(session: Session) -> None:
    job = taken(session)
    assert jobs.claim(session, job.id, holder="b", now=make.NOW) is None
    assert jobs.claim(session, job.id, holder="b", now=make.NOW - timedelta(hours=1)) is not None


def test_an_outage_never_gives_a_job_up_and_a_fault_does_at_the_fifth(session: Session) -> None:
    job = taken(session)
    for _ in range(jobs.MAXIMUM_ATTEMPTS + 3):
        jobs.give_back(session, job, holder="a", error="down", now=make.NOW, outage=True)
        session.refresh(job)
        assert job.state is JobState.WAITING
        assert jobs.claim(session, job.id, holder="a", now=make.NOW) is not None
    for _ in range(jobs.MAXIMUM_ATTEMPTS):
        jobs.give_back(session, job, holder="a", error="wrong", now=make.NOW)
        session.refresh(job)
        jobs.claim(session, job.id, holder="a", now=make.NOW)
    assert (job.state, job.attempts) == (JobState.FAILED, jobs.MAXIMUM_ATTEMPTS)


def test_a_full_disk_is_an_outage_and_a_wrong_statement_is_a_fault() -> None:
    def of(code: int) -> OperationalError:
        cause = sqlite3.OperationalError("told")
        cause.sqlite_errorcode = code
        return OperationalError("SELECT 1", {}, cause)

    assert [is_outage(of(sqlite3.SQLITE_FULL)), is_outage(of(sqlite3.SQLITE_ERROR))] == [True, False]
