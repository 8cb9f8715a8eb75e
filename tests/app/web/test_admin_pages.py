"""The administrator's pages: people and roles, jobs, outbox, status, the audit trail; closed to everybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.text import fold
from app.domain.vocabulary import JobState, MailState, Role
from app.infra.settings import from_environment
from app.models.account import RoleGrant, User
from app.models.record import AuditEvent, Job, OutboxMail
from app.web.admin.status import shown, without_secrets
from tests.app import make
from tests.app.conftest import sign_in

PAGES = ("", "nguoi-dung", "nguoi-dung/moi", "viec-nen", "thu-gui-di", "tinh-trang", "nhat-ky", "suc-chua")


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    person = make.user(session, "Quản", email="quan@example.vn")
    make.administrator(session, person)
    return sign_in(app, person)


def test_every_page_answers_an_administrator_and_is_not_there_for_others(
    app: Flask, session: Session, admin: FlaskClient
) -> None:
    other = sign_in(app, make.user(session, "An"))
    assert [admin.get(f"/quan-tri/{page}").status_code for page in PAGES] == [200] * 8
    assert [other.get(f"/quan-tri/{page}").status_code for page in PAGES] == [404] * 8


def test_people_are_found_without_marks(session: Session, admin: FlaskClient) -> None:
    make.user(session, "Đặng Thị Ướt", email="uot@example.vn")
    text = admin.get("/quan-tri/nguoi-dung?q=dang+uot").get_data(as_text=True)
    assert ("uot@example.vn" in text, "quan@example.vn" in text) == (True, False)


def test_an_account_is_made_once_and_a_second_one_of_the_mail_is_refused_beside_the_field(
    session: Session, admin: FlaskClient
) -> None:
    typed = {"name": "Người Mới", "email": "moi@example.vn"}
    answers = [admin.post("/quan-tri/nguoi-dung/moi", data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "đã có tài khoản" in answers[1].get_data(as_text=True)
    assert session.query(User).filter_by(email="moi@example.vn").count() == 1


def test_a_role_is_given_for_a_round_until_the_end_of_a_day_and_withdrawn(session: Session, admin: FlaskClient) -> None:
    person, round_ = make.user(session, "Giang"), make.round_(session)
    user_id, round_id = person.id, round_.id
    data = {"role": "secretary", "round_id": round_id, "unit_id": "", "valid_until": "2099-12-31"}
    given = admin.post(f"/quan-tri/nguoi-dung/{user_id}/quyen", data=data)
    grant = session.query(RoleGrant).filter_by(user_id=user_id).one()
    assert (given.status_code, grant.role, grant.round_id) == (303, Role.SECRETARY, round_id)
    assert grant.valid_until is not None
    assert grant.valid_until.isoformat() == "2099-12-31T16:59:59+00:00"
    admin.post(f"/quan-tri/nguoi-dung/{user_id}/quyen/{grant.id}/thu-hoi")
    session.expire_all()
    assert grant.valid_until.year < 2099


def test_a_role_is_given_for_one_commune_by_its_name_without_marks(session: Session, admin: FlaskClient) -> None:
    person, province = make.user(session, "Giang"), make.province(session)
    commune = make.commune(session, province)
    page = f"/quan-tri/nguoi-dung/{person.id}/quyen"
    typed = {"role": "secretary", "round_id": "", "unit_id": str(province.id), "commune": fold(commune.name)}
    assert admin.post(page, data=typed).status_code == 303
    assert [row.unit_id for row in session.query(RoleGrant).filter_by(user_id=person.id)] == [commune.id]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"commune": "Không Có"}, "không có xã, phường tên này"), ({"unit_id": ""}, "Chọn tỉnh, thành phố")],
)
def test_a_commune_that_the_province_lacks_is_refused_with_its_sentence(
    session: Session, admin: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    person, province = make.user(session, "Giang"), make.province(session)
    typed = {"role": "secretary", "unit_id": str(province.id), "commune": make.commune(session, province).name}
    answer = admin.post(f"/quan-tri/nguoi-dung/{person.id}/quyen", data=typed | wrong)
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    assert session.query(RoleGrant).filter_by(user_id=person.id).count() == 0


@pytest.mark.parametrize(
    "wrong",
    [{"role": "administrator", "round_id": "1"}, {"role": "secretary", "valid_until": "2001-01-01"}, {"role": "king"}],
)
def test_a_wrong_grant_is_refused_with_422(session: Session, admin: FlaskClient, wrong: dict[str, str]) -> None:
    make.round_(session)
    person = make.user(session, "Giang")
    answer = admin.post(f"/quan-tri/nguoi-dung/{person.id}/quyen", data=wrong)
    assert answer.status_code == 422
    assert session.query(RoleGrant).filter_by(user_id=person.id).count() == 0


def test_closing_an_account_ends_its_sessions_but_not_ones_own(app: Flask, session: Session, admin: FlaskClient) -> None:
    person = make.user(session, "An")
    browser = sign_in(app, person)
    own = session.query(User).filter_by(email="quan@example.vn").one().id
    before = browser.get("/ban-lam-viec").status_code
    admin.post(f"/quan-tri/nguoi-dung/{person.id}/dong")
    assert (before, browser.get("/ban-lam-viec").status_code) == (200, 302)
    assert admin.post(f"/quan-tri/nguoi-dung/{own}/dong").status_code == 409


def test_a_failed_job_runs_again_and_a_waiting_one_is_cancelled(session: Session, admin: FlaskClient) -> None:
    failed = Job(kind="send_mail", state=JobState.FAILED, error="x", attempts=5, created_at=make.NOW)
    running = Job(
        kind="send_mail",
        state=JobState.RUNNING,
        created_at=make.NOW,
        lease_until=make.NOW + timedelta(days=9000),
        total=4,
        done=1,
    )
    session.add_all([failed, running])
    session.flush()
    progress = admin.get(f"/quan-tri/viec-nen/{running.id}.json").get_json()
    answers = [admin.post(f"/quan-tri/viec-nen/{job.id}/{deed}").status_code for job, deed in (
        (failed, "chay-lai"), (running, "chay-lai"), (running, "huy"), (running, "huy"))]  # fmt: skip
    session.expire_all()
    assert (progress["done"], progress["total"], progress["state"]) == (1, 4, "running")
    assert answers == [303, 409, 303, 409]
    assert (failed.state, running.state) == (JobState.DONE, JobState.CANCELLED)
    actions = {row.action for row in session.query(AuditEvent)}
    assert {"job:retry", "job:cancel"} <= actions


def test_failed_mail_waits_again(session: Session, admin: FlaskClient) -> None:
    row = OutboxMail(
        recipient="a@example.vn",
        subject="Thư",
        body="x",
        state=MailState.FAILED,
        attempts=5,
        error="hết giờ",
        written_at=make.NOW,
    )
    session.add(row)
    shown_error = "hết giờ" in admin.get("/quan-tri/thu-gui-di?state=failed").get_data(as_text=True)
    admin.post("/quan-tri/thu-gui-di/gui-lai")
    session.expire_all()
    assert (shown_error, row.state, row.error) == (True, MailState.WAITING, "")


def test_the_status_page_shows_settings_without_secrets(app: Flask, admin: FlaskClient) -> None:
    settings = app.extensions["toolbox"].settings
    text = admin.get("/quan-tri/tinh-trang").get_data(as_text=True)
    assert [secret for secret in (settings.secret_key, settings.password_salt) if secret in text] == []
    assert "TIEUBIEU_SECRET_KEY" in text
    hidden = from_environment({"TIEUBIEU_MODE": "test", "TIEUBIEU_SMTP_URL": "smtp://u:mat-khau@mail:25"})
    assert shown(hidden, "SMTP_URL") == "smtp://mail:25"
    assert without_secrets("s3://bucket?secret=abc") == "s3://bucket"


def test_the_trail_is_filtered_and_its_check_finds_a_broken_link(session: Session, admin: FlaskClient) -> None:
    admin.post("/quan-tri/nguoi-dung/moi", data={"name": "Người Mới", "email": "moi@example.vn"})
    text = admin.get("/quan-tri/nhat-ky?action=user:create").get_data(as_text=True)
    assert ("user:create" in text, "Không có dòng nào khớp" in text) == (True, False)
    assert "Không có dòng nào khớp" in admin.get("/quan-tri/nhat-ky?action=round:").get_data(as_text=True)
    whole = admin.post("/quan-tri/nhat-ky/kiem-tra", follow_redirects=True).get_data(as_text=True)
    forged = AuditEvent(
        chain="office",
        number=99,
        at=make.NOW,
        action="user:edit",
        subject="user:1",
        details={},
        previous="0" * 64,
        digest="1" * 64,
    )
    session.add(forged)
    broken = admin.post("/quan-tri/nhat-ky/kiem-tra", follow_redirects=True).get_data(as_text=True)
    assert ("nguyên vẹn" in whole, "đứt ở dòng 99" in broken) == (True, True)


def test_the_size_for_a_number_that_is_typed_stands_between_the_usual_ones(admin: FlaskClient) -> None:
    rows = re.findall(
        r'<th scope="row" class="nowrap">([^<]+) đơn vị</th>',
        admin.get("/quan-tri/suc-chua?units=100").get_data(as_text=True),
    )
    assert rows == ["1", "34", "100", "3.321"]


def test_a_habit_that_is_typed_changes_the_size_and_one_that_cannot_be_does_not(admin: FlaskClient) -> None:
    default, twice, wrong = (
        admin.get(f"/quan-tri/suc-chua{query}").get_data(as_text=True)
        for query in ("", "?entries_a_unit=40", "?entries_a_unit=-1&at_once_percent=1000&units=-5&saves_a_minute=nan")
    )
    assert ["66.420" in page for page in (default, twice, wrong)] == [True, False, True]
    assert "132.840" in twice
