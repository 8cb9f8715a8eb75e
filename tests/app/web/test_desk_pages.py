"""The pages about oneself: desk, messages, search, profile, own data."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntryState, Phase
from app.models.record import OutboxMail
from app.queries.desk import Duty
from app.services import outbox
from app.web.account.desk import LINKS, NEXT_STEPS, PARTS, SENTENCES
from tests.app import make
from tests.app.conftest import sign_in


def test_every_duty_has_words_a_link_and_a_part() -> None:
    shown = [duty for _title, duties in PARTS for duty in duties]
    assert sorted(shown) == sorted(Duty)
    assert set(LINKS) == set(Duty)
    assert set(SENTENCES) | {Duty.NEXT_STEP} == set(Duty)
    assert set(NEXT_STEPS) == set(Phase) - {Phase.PUBLISHED, Phase.ARCHIVED}


def test_the_desk_of_a_person_with_every_part_leads_to_the_work(app: Flask, session: Session) -> None:
    person = make.user(session, "Mọi Việc")
    round_, judged = make.round_(session), make.round_(session, phase=Phase.JUDGING)
    draft = make.entry(session, round_, make.facility(session, person), name="Bản nháp", state=EntryState.DRAFT)
    make.secretary(session, person, round_)
    make.administrator(session, person)
    make.assignment(session, make.judge(session, judged, person), make.entry(session, judged, make.facility(session)))
    text = sign_in(app, person).get("/ban-lam-viec").get_data(as_text=True)
    links = (f"/co-so/ho-so/{draft.id}", f"/dot/{round_.id}", f"/dot/{judged.id}/khai-bao")
    assert [link for link in links if link not in text] == []


def test_somebody_without_any_part_is_told_where_to_start(app: Flask, session: Session) -> None:
    text = sign_in(app, make.user(session, "Mới")).get("/ban-lam-viec").get_data(as_text=True)
    assert "/co-so/moi" in text


def test_messages_are_ones_own_and_only_a_post_marks_them_read(app: Flask, session: Session) -> None:
    an, binh = make.user(session, "An"), make.user(session, "Bình")
    row = outbox.write(session, an, subject="Kết quả", body="Xin chào", now=make.NOW, link="/co-so/")
    message_id = row.id
    mine, theirs = sign_in(app, an), sign_in(app, binh)
    assert [browser.get(f"/tin-nhan/{message_id}").status_code for browser in (mine, theirs)] == [200, 404]
    assert session.get(OutboxMail, message_id, populate_existing=True).read_at is None  # type: ignore[union-attr]
    assert theirs.post(f"/tin-nhan/{message_id}/da-doc").status_code == 404
    answer = mine.post(f"/tin-nhan/{message_id}/da-doc", data={"go": "1"})
    assert answer.headers["Location"] == "/co-so/"
    assert session.get(OutboxMail, message_id, populate_existing=True).read_at is not None  # type: ignore[union-attr]


def test_a_message_never_leads_to_another_site(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    row = outbox.write(session, an, subject="Lừa", body="x", now=make.NOW, link="//evil.example/")
    message_id = row.id
    answer = sign_in(app, an).post(f"/tin-nhan/{message_id}/da-doc", data={"go": "1"})
    assert answer.headers["Location"] == "/tin-nhan"


def test_a_profile_is_saved_and_a_missing_name_is_refused_keeping_what_was_typed(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    browser, user_id = sign_in(app, an), an.id
    refused = browser.post("/tai-khoan/cua-toi", data={"name": "", "employer": "Sở mẫu"})
    saved = browser.post("/tai-khoan/cua-toi", data={"name": "An Mới", "title": "Giám đốc"})
    session.expire_all()
    assert (refused.status_code, "Sở mẫu" in refused.get_data(as_text=True)) == (422, True)
    row = session.get(type(an), user_id)
    assert (saved.status_code, row.name if row else "") == (303, "An Mới")


def test_own_data_is_complete_and_holds_no_secret(app: Flask, session: Session) -> None:
    an = make.user(session, "An", email="an@example.vn", password="dấu-vết-mật-khẩu")
    make.facility(session, an, name="Cơ sở của An")
    outbox.write(session, an, subject="Kết quả", body="Xin chào", now=make.NOW)
    marker = an.fs_uniquifier
    answer = sign_in(app, an).get("/tai-khoan/du-lieu.json")
    data = answer.get_json()
    assert data["account"]["email"] == "an@example.vn"
    assert data["facilities"] == [{"name": "Cơ sở của An", "role": "owner"}]
    assert [message["subject"] for message in data["messages"]] == ["Kết quả"]
    assert [secret for secret in (marker, "dấu-vết-mật-khẩu") if secret in answer.get_data(as_text=True)] == []


def test_search_shows_what_was_found_and_says_when_there_is_nothing(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    entry = make.entry(session, make.round_(session), make.facility(session, an), name="Ấm đất nung")
    entry_id = entry.id
    browser = sign_in(app, an)
    assert f"/co-so/ho-so/{entry_id}" in browser.get("/tim?q=am+dat").get_data(as_text=True)
    assert "Không tìm thấy gì" in browser.get("/tim?q=zzzz").get_data(as_text=True)
