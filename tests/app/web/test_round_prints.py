"""Papers of a round that take longer than a request: made by a job, handed to those who may have them, kept a month."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import JobState
from app.infra.clock import now
from app.infra.database import db
from app.jobs.bell import run_job
from app.models.account import User
from app.models.record import AuditEvent, Job
from app.queries import round_prints as reads
from app.queries.stored_files import referenced
from app.services import round_prints
from app.web.shared import paper_desk
from tests.app import make
from tests.app.conftest import Browser, sign_in
from tests.app.services.world import World, judged
from tests.app.web.test_results_pages import decided


class Office:
    """A round whose council has decided, its secretary Giang, a member of its council."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.world: World = judged(session)
        decided(session, self.world)
        self.own = f"/to-giup-viec/dot/{self.world.round.id}"
        self.councils = f"/hoi-dong/dot/{self.world.round.id}"
        self.giang = self.browser(session.get_one(User, self.world.giang.user_id))
        self.member = self.browser(session.get_one(User, self.world.members[1].user_id))

    def browser(self, person: User) -> Browser:
        return sign_in(self.app, person)  # type: ignore[return-value]

    def jobs(self) -> list[Job]:
        db.session.rollback()
        return list(self.session.scalars(select(Job).where(Job.kind == reads.KIND).order_by(Job.id)))


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    return Office(app, session)


@pytest.fixture
def _nothing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents take the way of long ones: they are made sooner than a PDF."""
    monkeypatch.setattr(paper_desk, "QUICK_ROWS", 0)


def test_a_pdf_is_made_by_a_job_and_never_in_the_request(
    office: Office, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setitem(app.extensions, "doorbell", rung.append)
    pages = {office.giang.post(f"{office.own}/van-ban/line_list.pdf").location for _ in range(2)}
    [job] = office.jobs()
    here = f"{office.own}/van-ban/lap/{job.id}"
    assert (pages, rung) == ({f"{here}?tai=1"}, [job.id])
    waiting = office.giang.get(f"{here}?tai=1").text
    assert ("data-job" in waiting, 'http-equiv="refresh"' in waiting) == (True, False)
    assert office.giang.get(f"{here}/tep").location == here
    assert office.giang.get(f"{here}.json").get_json()["state"] == "running"
    run_job(job.id)
    told = office.giang.get(f"{here}.json").get_json()
    assert (told["state"], told["next"], told["done"]) == ("done", f"{here}?tai=1", told["total"])
    assert f'content="0; url={here}/tep"' in office.giang.get(told["next"]).text
    assert 'http-equiv="refresh"' not in office.giang.get(here).text


def test_the_file_is_what_the_audit_chain_says_and_stays_in_the_store(office: Office) -> None:
    office.giang.post(f"{office.own}/van-ban/line_list.pdf")
    [job] = office.jobs()
    sent = office.giang.get(f"{office.own}/van-ban/lap/{job.id}/tep")
    event = office.session.scalars(select(AuditEvent).where(AuditEvent.action == "paper:produce")).one()
    digest = hashlib.sha256(sent.data).hexdigest()
    assert (event.subject, event.actor_name, event.details) == (
        "paper:line_list",
        "Giang",
        {"kind": "pdf", "sha256": digest},
    )
    assert sent.data.startswith(b"%PDF")
    assert digest in referenced(office.session)
    assert "filename*=UTF-8''" in sent.headers["Content-Disposition"]


@pytest.mark.usefixtures("_nothing_is_quick")
def test_a_member_has_the_councils_papers_from_either_desk_and_no_other(office: Office, session: Session) -> None:
    office.giang.post(f"{office.own}/van-ban/line_list.docx")
    office.giang.post(f"{office.own}/van-ban/recognition_order.docx")
    shared, kept = office.jobs()
    pages = ("", ".json", "/tep")
    assert [office.member.get(f"{office.councils}/van-ban/lap/{shared.id}{page}").status_code for page in pages] == [200] * 3
    assert [office.member.get(f"{office.councils}/van-ban/lap/{kept.id}{page}").status_code for page in pages] == [404] * 3
    assert office.member.post(f"{office.councils}/van-ban/lap/{kept.id}").status_code == 404
    stranger = make.user(session, "Minh")
    other = make.round_(session)
    make.secretary(session, stranger, other)
    session.commit()
    browser = office.browser(stranger)
    assert browser.get(f"{office.own}/van-ban/lap/{shared.id}/tep").status_code == 404
    assert browser.get(f"/to-giup-viec/dot/{other.id}/van-ban/lap/{shared.id}/tep").status_code == 404


@pytest.mark.usefixtures("_nothing_is_quick")
def test_after_a_month_the_file_goes_and_is_made_again_on_demand(office: Office, session: Session) -> None:
    office.giang.post(f"{office.own}/van-ban/line_list.docx")
    [job] = office.jobs()
    digest, here = job.result["sha256"], f"{office.own}/van-ban/lap/{job.id}"
    job.finished_at = now() - round_prints.KEPT - timedelta(hours=1)
    session.commit()
    office.giang.post(f"{office.own}/van-ban/jury_report.docx")
    session.expire_all()
    assert digest not in referenced(session)
    assert "Tệp chỉ được giữ 30 ngày" in office.giang.get(here).text
    again = office.giang.post(here)
    assert [one.state for one in office.jobs()] == [JobState.DONE] * 3
    assert office.giang.get(f"{again.location.split('?')[0]}/tep").data.startswith(b"PK")


@pytest.mark.usefixtures("_nothing_is_quick")
def test_a_job_run_twice_leaves_one_digest_and_one_that_lost_its_facts_says_so(office: Office, session: Session) -> None:
    office.giang.post(f"{office.own}/van-ban/line_list.docx")
    [job] = office.jobs()
    job.state, job.lease_until = JobState.RUNNING, now() - timedelta(days=1)
    session.commit()
    run_job(job.id)
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "paper:produce")).all()) == 1
    job.result, job.state, job.payload = {}, JobState.WAITING, {**job.payload, "name": "nomination_letter"}
    session.commit()
    run_job(job.id)
    page = office.giang.get(f"{office.own}/van-ban/lap/{job.id}").text
    assert office.jobs()[0].result == {"refused": "paper_not_ready"}
    assert ("Lập lại" in page, "data-job" in page) == (True, False)
