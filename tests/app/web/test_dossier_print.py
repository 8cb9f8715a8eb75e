"""The print of a dossier: made once by a job for a snapshot, handed to its facility and its secretariat alone."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.vocabulary import FileKind, JobState
from app.infra.database import db
from app.infra.toolbox import toolbox
from app.jobs.bell import run_job
from app.models.dossier import DossierPrint, DossierSnapshot
from app.models.entry import Entry
from app.models.record import Job
from app.queries import registration as reads
from app.queries.stored_files import referenced
from app.services import dossier_prints, registration, snapshots
from app.services.files import keep
from tests.app import make
from tests.app.conftest import Browser, sign_in
from tests.app.registering import draft
from uploads.intake import receive
from uploads.policy import PHOTO

NOW = make.NOW


class Desk:
    """An with a submitted dossier of one photo; Giang is its secretary."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.an, self.giang = make.user(session, "An"), make.user(session, "Giang")
        self.facility, round_ = make.facility(session, self.an), make.round_(session)
        make.secretary(session, self.giang, round_)
        self.entry: Entry = draft(session, make.acting(session, self.an), round_, self.facility)
        self.photo = self.add_photo("teal")
        self.base = f"/co-so/ho-so/{self.entry.id}"

    def add_photo(self, colour: str) -> str:
        data = io.BytesIO()
        Image.new("RGB", (640, 480), colour).save(data, "JPEG")
        data.seek(0)
        received = receive(data, "anh.jpg", PHOTO, toolbox().storage)
        keep(self.session, received, kind=FileKind.PHOTO, now=NOW)
        registration.add_photo(
            self.session, make.acting(self.session, self.an), entry_id=self.entry.id, received=received,
            filename=f"{colour}.jpg", now=NOW,
        )  # fmt: skip
        return received.sha256

    def snapshot(self) -> DossierSnapshot:
        row = reads.entry(self.session, self.entry.id)
        assert row is not None
        return snapshots.take(self.session, make.acting(self.session, self.an), entry=row, now=NOW)

    def browser(self, person: str = "an") -> Browser:
        return sign_in(self.app, getattr(self, person))  # type: ignore[return-value]

    def jobs(self) -> list[Job]:
        db.session.rollback()
        return list(self.session.scalars(select(Job).where(Job.kind == dossier_prints.KIND).order_by(Job.id)))

    def path(self, sha256: str) -> Path:
        return toolbox().settings.instance / "files" / sha256[:2] / sha256[2:4] / sha256


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    return Desk(app, session)


def test_it_is_made_by_a_job_and_never_in_the_request(desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.snapshot()
    rung: list[int] = []
    monkeypatch.setitem(app.extensions, "doorbell", rung.append)
    browser = desk.browser()
    for _ in range(2):
        assert browser.post(f"{desk.base}/ban-in").status_code == 303
    [job] = desk.jobs()
    assert rung == [job.id]
    assert "data-job" in browser.get(f"{desk.base}/ban-in").text
    assert browser.get(f"{desk.base}/ho-so.pdf").location == f"{desk.base}/ban-in"
    assert browser.get(f"{desk.base}/ban-in.json").get_json()["state"] == "running"
    run_job(job.id)
    told = browser.get(f"{desk.base}/ban-in.json").get_json()
    assert (told["state"], told["next"], told["done"]) == ("done", f"{desk.base}/ban-in", told["total"])


def test_facility_and_secretariat_get_the_same_file_from_one_job(desk: Desk, session: Session) -> None:
    desk.snapshot()
    secretary = f"/to-giup-viec/ho-so/{desk.entry.id}"
    desk.browser().post(f"{desk.base}/ban-in")
    desk.browser("giang").post(f"{secretary}/ban-in")
    [job] = desk.jobs()
    files = [desk.browser().get(f"{desk.base}/ho-so.pdf").data, desk.browser("giang").get(f"{secretary}/ho-so.pdf").data]
    assert files[0][:5] == b"%PDF-"
    assert {hashlib.sha256(data).hexdigest() for data in files} == {job.result["sha256"]}
    assert job.result["sha256"] in referenced(session)


def test_nobody_else_can_ask_for_it_or_have_it(desk: Desk, session: Session) -> None:
    snapshot = desk.snapshot()
    desk.binh = make.user(session, "Bình")  # type: ignore[attr-defined]
    make.facility(session, desk.binh)  # type: ignore[attr-defined]
    other = desk.browser("binh")
    asked = [other.get(f"{desk.base}/{page}") for page in ("ban-in", "ban-in.json", "ho-so.pdf")]
    assert {answer.status_code for answer in (*asked, other.post(f"{desk.base}/ban-in"))} == {404}
    with pytest.raises(NotFound):
        dossier_prints.request(session, make.acting(session, desk.binh), snapshot_id=snapshot.id, now=NOW)  # type: ignore[attr-defined]


def test_a_later_submission_has_a_print_of_its_own_and_a_job_run_twice_makes_it_once(desk: Desk, session: Session) -> None:
    desk.snapshot()
    desk.browser().post(f"{desk.base}/ban-in")
    desk.add_photo("maroon")
    desk.snapshot()
    assert "Lập bản in" in desk.browser().get(f"{desk.base}/ban-in").text
    desk.browser().post(f"{desk.base}/ban-in")
    first, second = desk.jobs()
    assert first.result["sha256"] != second.result["sha256"]
    second.state, second.lease_until = JobState.RUNNING, NOW - timedelta(days=1)
    made = session.get_one(DossierPrint, desk.entry.snapshot_id).made_at
    session.commit()
    run_job(second.id)
    session.expire_all()
    assert session.get_one(DossierPrint, desk.entry.snapshot_id).made_at == made


def test_another_layout_makes_it_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.snapshot()
    desk.browser().post(f"{desk.base}/ban-in")
    monkeypatch.setattr(dossier_prints, "LAYOUT", dossier_prints.LAYOUT + 1)
    assert desk.browser().get(f"{desk.base}/ho-so.pdf").status_code == 303
    desk.browser().post(f"{desk.base}/ban-in")
    assert [job.state for job in desk.jobs()] == [JobState.DONE, JobState.DONE]


def test_without_a_submission_there_is_nothing_to_print(desk: Desk) -> None:
    assert desk.browser().get(f"{desk.base}/ban-in").status_code == 404


def test_a_file_that_the_store_lost_is_told_on_a_clear_page(desk: Desk) -> None:
    desk.path(desk.photo).unlink()
    answer = desk.browser().get(f"{desk.base}/tep/{desk.photo}")
    assert (answer.status_code, "không còn trong kho lưu trữ" in answer.text) == (404, True)
