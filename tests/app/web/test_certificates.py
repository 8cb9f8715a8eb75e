"""Certificates on pages: the secretariat issues, downloads, replaces and revokes; a facility fetches its own."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.vocabulary import CertificateState
from app.infra.pressroom import pressroom
from app.models.account import User
from app.models.certificate import Certificate
from app.models.record import Job
from app.queries.designs import with_english
from app.services.certificate_files import zip_of
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import crowd, issued, of_round, published, unlock
from tests.app.services.world import World
from tests.uploads.samples import paper


def person(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.name == name)).one()


def secretary(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app, person(session, "Giang"))


def base(world: World) -> str:
    return f"/to-giup-viec/dot/{world.round.id}/giay-chung-nhan"


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


ISSUE = {"issued_on": "2026-11-21", "design": "provincial", "pattern": "{number:5}/GCN-{level}-{territory}-{year}"}


def test_one_press_of_the_button_makes_all_certificates(app: Flask, session: Session) -> None:
    world = published(session)
    browser = secretary(app, session)
    assert "Cấp 3 giấy chứng nhận" in browser.get(base(world)).text
    answer = browser.post(f"{base(world)}/cap", data=ISSUE)
    assert (answer.status_code, answer.location) == (303, base(world))
    page = browser.get(base(world)).text
    assert [row.serial in page for row in of_round(session, world.round.id)] == [True, True, True]


def test_a_line_in_english_is_printed_where_the_organiser_asks_for_it(app: Flask, session: Session, tmp_path: Path) -> None:
    world = published(session)
    browser = secretary(app, session)
    browser.post(f"{base(world)}/cap", data=ISSUE | {"english": "y"})
    row = of_round(session, world.round.id)[0]
    assert with_english(session, [row.design_digest]) == {row.design_digest}
    path = tmp_path / "en.pdf"
    path.write_bytes(browser.get(f"{base(world)}/{row.id}/giay.pdf").data)
    assert "Certificate of Typical Rural Industrial Product, provincial level" in run("pdftotext", path, "-")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"issued_on": "2026-11-19"}, "Ngày cấp không được trước ngày của quyết định công nhận (20/11/2026)."),
        ({"issued_on": ""}, "Ô này cần được điền."),
        ({"pattern": "{number}/GCN"}, "Mẫu số cần có thêm {level}, {territory}, {year} để không trùng số với nơi khác."),
        ({"design": "khong-co"}, "Hãy chọn một trong các mục có sẵn."),
    ],
)
def test_a_wrong_field_is_answered_beside_it_and_nothing_is_issued(
    app: Flask, session: Session, changed: dict[str, str], sentence: str
) -> None:
    world = published(session)
    answer = secretary(app, session).post(f"{base(world)}/cap", data={**ISSUE, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert of_round(session, world.round.id) == []


def test_the_progress_is_told_in_numbers_and_time_left_and_can_be_stopped(app: Flask, session: Session) -> None:
    app.extensions["doorbell"] = None
    world = published(session)
    browser = secretary(app, session)
    browser.post(f"{base(world)}/cap", data=ISSUE)
    job = session.scalars(select(Job).where(Job.kind == "issue_certificates")).one()
    told = browser.get(f"{base(world)}/tien-do/{job.id}").json
    assert told == {
        "done": 0,
        "total": 3,
        "percent": 0,
        "message": "0% đã xong",
        "left": None,
        "state": "waiting",
        "next": None,
    }
    assert browser.post(f"{base(world)}/huy/{job.id}").status_code == 303
    assert browser.get(f"{base(world)}/tien-do/{job.id}").json == {**told, "state": "failed", "next": base(world)}


def test_the_list_is_searched_and_narrowed(app: Flask, session: Session) -> None:
    world, rows = issued(session)
    browser = secretary(app, session)
    shown = {
        query: [row.serial in browser.get(f"{base(world)}?{query}").text for row in rows]
        for query in ("q=san+pham+mau+2", f"q={rows[2].code}", "group=CB", "state=issued", "state=expired")
    }
    assert shown == {
        "q=san+pham+mau+2": [False, True, False],
        f"q={rows[2].code}": [False, False, True],
        "group=CB": [False, False, False],
        "state=issued": [True, True, True],
        "state=expired": [False, False, False],
    }


def test_a_downloaded_certificate_reads_scans_and_checks(app: Flask, session: Session, tmp_path: Path) -> None:
    world, rows = issued(session)
    answer = secretary(app, session).get(f"{base(world)}/{rows[0].id}/giay.pdf")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={rows[0].serial.replace('/', '-')}.pdf"
    file = tmp_path / "giay.pdf"
    file.write_bytes(answer.data)
    run("qpdf", "--check", file)
    text = " ".join(run("pdftotext", "-layout", file, "-").split())
    content = rows[0].content
    assert [name for name in ("product_name", "recipient", "serial", "code") if content[name] not in text] == []
    run("pdftoppm", "-r", "150", "-png", "-singlefile", file, tmp_path / "giay")
    assert run("zbarimg", "-q", "--raw", tmp_path / "giay.png").strip() == f"http://localhost/gcn/{rows[0].code}"


def test_the_zip_holds_every_certificate_once(app: Flask, session: Session) -> None:
    world, rows = issued(session)
    answer = secretary(app, session).get(f"{base(world)}/tat-ca.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert archive.namelist() == [f"{row.serial.replace('/', '-')}.pdf" for row in rows]


def test_a_zip_is_sent_file_by_file(session: Session) -> None:
    _, rows = issued(session)
    pieces = list(zip_of(session, pressroom(), [row.id for row in rows]))
    assert len(pieces) == len(rows) + 1
    assert zipfile.ZipFile(io.BytesIO(b"".join(pieces))).testzip() is None


def test_the_print_file_comes_in_parts_in_ceremony_order(app: Flask, session: Session, tmp_path: Path) -> None:
    world = published(session)
    crowd(session, world, 4)
    browser = secretary(app, session)
    browser.post(f"{base(world)}/cap", data=ISSUE)
    page = browser.get(f"{base(world)}/in?co=3&xen=1").text
    assert page.count("phan=") == 3
    serials = []
    for part in (1, 2, 3):
        file = tmp_path / f"{part}.pdf"
        file.write_bytes(browser.get(f"{base(world)}/in.pdf?co=3&xen=1&phan={part}").data)
        run("qpdf", "--check", file)
        serials += [word for word in run("pdftotext", file, "-").split() if "/GCN-" in word]
    assert [serial for serial in serials if serial.endswith("2026")] == [
        row.serial for row in of_round(session, world.round.id)
    ]
    assert browser.get(f"{base(world)}/in.pdf?co=3&phan=4").status_code == 404


def test_a_misspelt_name_is_corrected_on_a_new_certificate(app: Flask, session: Session) -> None:
    world, rows = issued(session)
    browser = secretary(app, session)
    form = {**{name: rows[0].content[name] for name in ("recipient", "address", "product_name")}, "reason": "misspelt"}
    sent = {**form, "recipient": "Cơ sở Mẫu Ân", "issued_on": "2026-11-21", "note": "Sai dấu"}
    answer = browser.post(f"{base(world)}/{rows[0].id}/cap-lai", data=sent)
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == rows[0].id)).one()
    assert (answer.status_code, answer.location) == (303, f"{base(world)}/{new.id}")
    record = browser.get(answer.location).text
    assert f"Cấp thay cho giấy {rows[0].serial}" in record
    assert "Cơ sở Mẫu Ân" in record
    assert browser.get(f"{base(world)}/{rows[0].id}/cap-lai").status_code == 409


def test_whoever_replaces_a_certificate_whose_term_is_over_is_told_that_the_new_one_is_over_too(
    app: Flask, session: Session
) -> None:
    world, rows = issued(session)
    unlock(session)
    past = {"valid_from": date(2020, 1, 1), "valid_until": date(2025, 1, 1)}
    session.execute(update(Certificate).where(Certificate.id == rows[0].id).values(**past))
    browser = secretary(app, session)
    told = "Giấy này đã hết thời hạn ngày 01/01/2025."
    assert told in browser.get(f"{base(world)}/{rows[0].id}/cap-lai").text
    assert told not in browser.get(f"{base(world)}/{rows[1].id}/cap-lai").text


def test_a_certificate_is_revoked_with_its_decision(app: Flask, session: Session) -> None:
    world, rows = issued(session)
    browser = secretary(app, session)
    sent: dict[str, Any] = {
        "number": "09/QĐ-MẪU",
        "decided_on": "2026-11-21",
        "authority": "Ủy ban nhân dân tỉnh Mẫu",
        "signer_name": "Nguyễn Văn Mẫu",
        "signer_title": "Chủ tịch",
    }
    missing = browser.post(f"{base(world)}/{rows[1].id}/thu-hoi", data=sent)
    assert missing.status_code == 422
    answer = browser.post(f"{base(world)}/{rows[1].id}/thu-hoi", data={**sent, "file": (io.BytesIO(paper()), "thu-hoi.pdf")})
    session.expire_all()
    assert answer.status_code == 303
    assert session.get_one(Certificate, rows[1].id).state is CertificateState.REVOKED
    assert "Thu hồi theo Quyết định số 09/QĐ-MẪU" in browser.get(answer.location).text


def test_another_rounds_secretary_finds_nothing(app: Flask, session: Session) -> None:
    world, rows = issued(session)
    stranger = make.user(session, "Lan")
    make.secretary(session, stranger, make.round_(session))
    browser = sign_in(app, stranger)
    paths = ("", "/tat-ca.zip", "/in", "/in.pdf", f"/{rows[0].id}", f"/{rows[0].id}/giay.pdf", f"/{rows[0].id}/cap-lai")
    assert [browser.get(base(world) + path).status_code for path in paths] == [404] * len(paths)


def test_a_facility_lists_and_fetches_its_own_certificates_only(app: Flask, session: Session) -> None:
    _, rows = issued(session)
    browser = sign_in(app, person(session, "An"))
    page = browser.get("/co-so/giay-chung-nhan").text
    assert [row.serial in page for row in rows] == [True, False, True]
    answers = [browser.get(f"/co-so/giay-chung-nhan/{row.id}.pdf").status_code for row in rows]
    assert answers == [200, 404, 200]


def test_a_design_is_previewed_with_its_longest_contents(app: Flask, session: Session) -> None:
    published(session)
    browser = secretary(app, session)
    assert browser.get("/to-giup-viec/mau-giay").text.count("<figure>") == 12
    pdf = browser.get("/to-giup-viec/mau-giay/national/long.pdf")
    picture = browser.get("/to-giup-viec/mau-giay/commune/short.png")
    assert (pdf.data[:5], picture.data[1:4]) == (b"%PDF-", b"PNG")
    assert browser.get("/to-giup-viec/mau-giay/national/none.pdf").status_code == 404
