"""The package that goes up with a nomination letter: made once by a job, for the round that sent it and the one above."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState
from app.infra.toolbox import toolbox
from app.jobs.bell import run_job
from app.models.account import User
from app.models.council import LegalDocument
from app.models.dossier import DossierPrint, DossierSnapshot
from app.models.package import NominationPackage
from app.models.record import Job
from app.queries import registration
from app.queries.stored_files import referenced
from app.services import nomination_packages, snapshots
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services import path
from tests.app.services.path import Path
from uploads import workbooks


@dataclass
class Desk:
    """The way up with real files behind it, and browsers of both secretaries."""

    app: Flask
    session: Session
    way: Path

    def browser(self, person: User) -> Any:
        return sign_in(self.app, person)

    @property
    def above(self) -> Any:
        return self.browser(self.session.get_one(User, self.way.minh.user_id))

    @property
    def below(self) -> Any:
        return self.browser(self.session.get_one(User, self.way.lower.giang.user_id))

    def page(self, round_id: int, end: str = "") -> str:
        return f"/to-giup-viec/dot/{round_id}/de-cu/cong-van/{self.way.nomination.letter_id}/tron-bo{end}"

    @property
    def upper_page(self) -> str:
        return self.page(self.way.upper.id)

    def archive(self) -> zipfile.ZipFile:
        answer = self.above.get(f"{self.upper_page}.zip")
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        return zipfile.ZipFile(io.BytesIO(answer.data))

    def jobs(self) -> list[Job]:
        self.session.expire_all()
        return list(self.session.scalars(select(Job).where(Job.kind == nomination_packages.KIND).order_by(Job.id)))


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    way = path.sent(session)
    storage = toolbox().storage
    for number, act in enumerate(session.scalars(select(LegalDocument))):
        pdf = io.BytesIO()
        with pikepdf.new() as made:
            made.add_blank_page()
            made.docinfo["/Title"] = f"{number}"
            made.save(pdf)
        act.sha256 = make.stored_file(session, pdf.getvalue()).sha256
        storage.put(pdf.getvalue())
    entry = registration.entry(session, way.lower.entries[0].id)
    assert entry is not None
    entry.dossier.photos.clear()
    session.flush()
    entry.state = EntryState.ACCEPTED
    snapshots.take(session, way.lower.giang, entry=entry, now=make.NOW)
    session.commit()
    return Desk(app, session, way)


def test_one_job_makes_list_acts_and_dossiers_with_their_digests(desk: Desk, session: Session) -> None:
    for _ in range(2):
        assert desk.above.post(desk.upper_page).status_code == 303
    [job] = desk.jobs()
    with desk.archive() as archive:
        names = archive.namelist()
        told = json.loads(archive.read("manifest.json"))
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())  # type: ignore[misc]
        table = workbooks.read(io.BytesIO(archive.read("danh-sach-trich-ngang.xlsx")), "a.xlsx")["Danh sách trích ngang"]
        assert names == [
            "danh-sach-trich-ngang.pdf", "danh-sach-trich-ngang.docx", "danh-sach-trich-ngang.xlsx", "cong-van.pdf",
            "quyet-dinh-cong-nhan-1.pdf", told["products"][0]["dossier"]["path"], "manifest.json", "SHA256SUMS",
        ]  # fmt: skip
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
        assert set(sums) == {*names} - {"SHA256SUMS"}
        assert archive.read(told["products"][0]["dossier"]["path"])[:5] == b"%PDF-"
    [product] = told["products"]
    assert (product["code"], product["name"]) == (desk.way.lower.entries[0].code, "Sản phẩm mẫu 1")
    assert product["certificate"]["serial"] == f"GCN-{desk.way.nomination.recognition_id}"
    assert [row[1] for row in table] == ["Mã số", product["code"]]
    snapshot = session.get_one(DossierSnapshot, session.scalars(select(DossierPrint.snapshot_id)).one())
    assert product["snapshot_sha256"] == snapshot.digest
    assert job.result["sha256"] in referenced(session)


def test_the_round_that_sent_it_has_one_of_its_own_and_the_dossier_is_printed_once(desk: Desk, session: Session) -> None:
    desk.above.post(desk.upper_page)
    made_at = session.scalars(select(DossierPrint.made_at)).one()
    below = desk.page(desk.way.lower.round.id)
    assert f'href="{below}"' in desk.below.get(f"/to-giup-viec/dot/{desk.way.lower.round.id}/cong-bo").text
    desk.below.post(below)
    assert desk.below.get(f"{below}.zip").data[:2] == b"PK"
    session.expire_all()
    assert session.scalars(select(DossierPrint.made_at)).all() == [made_at]
    assert len(session.scalars(select(NominationPackage)).all()) == 2


def test_nobody_else_has_it_and_no_round_another_rounds(desk: Desk, session: Session) -> None:
    desk.above.post(desk.upper_page)
    other = make.round_(session, year=2027)
    make.secretary(session, session.get_one(User, desk.way.minh.user_id), other)
    session.commit()
    asked = [
        (desk.above, desk.page(other.id)),
        (desk.above, desk.page(desk.way.lower.round.id)),
        (desk.below, desk.upper_page),
    ]
    ends = ("", ".json", ".zip")
    assert {who.get(f"{page}{end}").status_code for who, page in asked for end in ends} == {404}
    assert {who.post(page).status_code for who, page in asked} == {404}


def test_what_changes_behind_it_has_it_made_anew(desk: Desk, session: Session) -> None:
    desk.above.post(desk.upper_page)
    entry = registration.entry(session, desk.way.lower.entries[0].id)
    assert entry is not None
    entry.product.items = "Bộ ấm; bộ chén"
    snapshots.take(session, desk.way.lower.giang, entry=entry, now=make.NOW)
    session.commit()
    assert "đã thay đổi sau lần lập trước" in desk.above.get(desk.upper_page).text
    assert desk.above.get(f"{desk.upper_page}.zip").status_code == 303
    desk.above.post(desk.upper_page)
    first, second = desk.jobs()
    assert first.result["sha256"] != second.result["sha256"]


def test_the_page_tells_how_far_the_job_is(desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setitem(app.extensions, "doorbell", rung.append)
    desk.above.post(desk.upper_page)
    assert "data-job" in desk.above.get(desk.upper_page).text
    told = desk.above.get(f"{desk.upper_page}.json").get_json()
    assert (told["state"], told["done"], told["total"]) == ("running", 0, 2)
    run_job(rung[0])
    told = desk.above.get(f"{desk.upper_page}.json").get_json()
    assert (told["state"], told["done"], told["next"]) == ("done", told["total"], desk.upper_page)


def test_the_line_list_is_a_table_too(desk: Desk) -> None:
    answer = desk.below.get(
        f"/to-giup-viec/dot/{desk.way.lower.round.id}/de-cu/cong-van/{desk.way.nomination.letter_id}/trich-ngang.xlsx"
    )
    table = workbooks.read(io.BytesIO(answer.data), "a.xlsx")["Danh sách trích ngang"]
    assert [row[2] for row in table] == ["Tên sản phẩm", "Sản phẩm mẫu 1"]
