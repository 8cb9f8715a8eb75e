"""Programs with a token: what they read and write, and what they never see."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.scopes import Scope
from app.domain.vocabulary import ConflictAnswer, EntryState, Phase
from app.infra.clock import now
from app.models.account import User
from app.models.api_token import ApiToken
from app.models.entry import Entry
from app.models.facility import Product
from app.models.record import AuditEvent
from app.models.round import Round
from app.queries.rights import actor_for
from app.services import api_tokens
from tests.app import make
from tests.app.conftest import sign_in


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "NOW", now())


class Program:
    """A program that holds a person's token."""

    def __init__(self, client: FlaskClient, word: str) -> None:
        self.client, self.word = client, word

    def send(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.word}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)


def program(app: Flask, session: Session, person: User, *scopes: Scope, days: int = 30) -> Program:
    owner = actor_for(session, person.id, now=now())
    _row, word = api_tokens.make(session, owner, name="Kho dữ liệu", scopes=scopes or tuple(Scope), days=days, now=now())
    session.commit()
    return Program(app.test_client(), word)


def secretary(session: Session, round_: Round) -> User:
    person = make.user(session, "Giang")
    make.secretary(session, person, round_)
    return person


def new_entry(round_id: int, facility_id: int, **changed: Any) -> dict[str, Any]:
    return {
        "round_id": round_id, "facility_id": facility_id, "name": "Ghế mây", "form": "single", "group_code": "TCMN", **changed
    }  # fmt: skip


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


# --- who is let in ---------------------------------------------------------------------------------


def test_nobody_comes_in_without_a_living_token(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    live = program(app, session, an)
    assert live.get("/rounds").status_code == 200
    row = session.scalars(select(ApiToken)).one()
    assert error_of(Program(app.test_client(), "tb_sai").get("/rounds")) == (401, "unauthorized")
    row.expires_at = now() - timedelta(seconds=1)
    row.created_at = now() - timedelta(days=1)
    assert error_of(live.get("/rounds")) == (401, "unauthorized")
    row.expires_at, row.revoked_at = now() + timedelta(days=1), now()
    assert error_of(live.get("/rounds")) == (401, "unauthorized")
    row.revoked_at, an.active = None, False
    assert error_of(live.get("/rounds")) == (401, "unauthorized")


def test_a_cookie_opens_nothing(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    assert error_of(browser.get("/api/v1/rounds")) == (401, "unauthorized")


def test_a_scope_that_the_token_lacks_is_named(app: Flask, session: Session) -> None:
    reads = program(app, session, make.user(session, "An"), Scope.CATALOGUE_READ)
    answer = reads.get("/entries")
    assert error_of(answer) == (403, "insufficient_scope")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="entries:read"'


def test_refusals_speak_the_language_that_the_program_asks_for(app: Flask, session: Session) -> None:
    reads = program(app, session, make.user(session, "An"))
    texts = {
        lang: reads.get("/entries/7", headers={"Accept-Language": lang}).json["error"]["message"] for lang in ("vi", "en")
    }
    assert texts == {"vi": "Không tìm thấy trang này.", "en": "This page was not found."}


# --- tokens on their owner's page --------------------------------------------------------------------


def test_the_word_of_a_token_is_shown_once_and_kept_as_a_digest(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    browser = sign_in(app, an)
    sent = {"name": "Kho dữ liệu", "scopes": ["catalogue:read"], "days": "30"}
    page = browser.post("/tai-khoan/ma-truy-cap", data=sent).text
    row = session.scalars(select(ApiToken)).one()
    word = next(part for part in page.replace("<", ">").split(">") if part.startswith("tb_") and len(part) > 20)
    assert (row.digest, row.hint) == (api_tokens.digest_of(word), word[:9])
    assert word not in browser.get("/tai-khoan/ma-truy-cap").text
    assert Program(app.test_client(), word).get("/groups").status_code == 200
    browser.post(f"/tai-khoan/ma-truy-cap/{row.id}/thu-hoi")
    assert Program(app.test_client(), word).get("/groups").status_code == 401
    deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"token:{row.id}")).all()
    assert deeds == ["token:make", "token:revoke"]


def test_somebody_else_cannot_revoke_a_token(app: Flask, session: Session) -> None:
    program(app, session, make.user(session, "An"))
    other = sign_in(app, make.user(session, "Bình"))
    token_id = session.scalars(select(ApiToken.id)).one()
    assert other.post(f"/tai-khoan/ma-truy-cap/{token_id}/thu-hoi").status_code == 404


def test_a_token_needs_a_scope_and_an_end(app: Flask, session: Session) -> None:
    browser = sign_in(app, make.user(session, "An"))
    for changed in ({"scopes": []}, {"days": "367"}, {"days": "0"}):
        sent = {"name": "Kho dữ liệu", "scopes": ["catalogue:read"], "days": "30", **changed}
        assert browser.post("/tai-khoan/ma-truy-cap", data=sent).status_code == 422
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 0


# --- reading ------------------------------------------------------------------------------------------


def test_each_sees_what_their_pages_show(app: Flask, session: Session) -> None:
    an, binh = make.user(session, "An"), make.user(session, "Bình")
    round_ = make.round_(session)
    mine = make.entry(session, round_, make.facility(session, an), state=EntryState.DRAFT)
    theirs = make.entry(session, round_, make.facility(session, binh, name="Cơ sở Bình"), state=EntryState.SUBMITTED)
    giang = secretary(session, round_)

    def seen(person: User) -> list[int]:
        return [item["id"] for item in program(app, session, person).get("/entries").json["items"]]

    assert (seen(an), seen(binh), seen(giang), seen(make.user(session, "Khách"))) == (
        [mine.id],
        [theirs.id],
        [theirs.id],
        [],
    )
    assert error_of(program(app, session, an).get(f"/entries/{theirs.id}")) == (404, "not_found")
    assert program(app, session, giang).get(f"/entries/{theirs.id}").json["answers"] is None
    assert program(app, session, binh).get(f"/entries/{theirs.id}").json["answers"] is not None
    assert error_of(program(app, session, an).get(f"/rounds/{round_.id}/ranking")) == (404, "not_found")
    assert program(app, session, giang).get(f"/rounds/{round_.id}/ranking").json["items"] == []


def test_a_blind_judge_reads_no_facility_anywhere(app: Flask, session: Session) -> None:
    chi = make.user(session, "Chi")
    round_ = make.round_(session, phase=Phase.JUDGING)
    facility = make.facility(session, make.user(session, "An"), name="Mây Tre Bí Mật", email="bimat@example.vn")
    entry = make.entry(session, round_, facility, state=EntryState.ACCEPTED)
    seat = make.judge(session, round_, chi, answer=ConflictAnswer.NONE)
    make.assignment(session, seat, entry)
    judge = program(app, session, chi)
    paths = ["/rounds", "/entries", "/facilities", "/certificates", f"/rounds/{round_.id}", f"/rounds/{round_.id}/results"]
    paths += [f"/rounds/{round_.id}/{name}" for name in ("assignments", "ranking", "statistics")]
    paths += [f"/entries/{entry.id}", f"/facilities/{facility.id}"]
    told = "".join(judge.get(path).text for path in paths)
    assert [word for word in ("Mây Tre Bí Mật", "bimat@example.vn", "0100109106") if word in told] == []
    queue = judge.get(f"/rounds/{round_.id}/assignments").json["items"]
    assert [(item["code"], sorted(item)) for item in queue] == [
        (entry.code, ["assignment_id", "closed", "code", "group", "product", "stage", "state", "total"])
    ]


def test_marks_lead_through_a_list_without_gap_or_repeat(app: Flask, session: Session) -> None:
    reads = program(app, session, make.user(session, "An"))
    whole = [unit["id"] for unit in reads.get("/units?tier=province&limit=200").json["items"]]
    found, cursor = [], ""
    while cursor is not None:
        page = reads.get(
            f"/units?tier=province&limit=10&cursor={cursor}" if cursor else "/units?tier=province&limit=10"
        ).json
        found += [unit["id"] for unit in page["items"]]
        cursor = page["next_cursor"]
    assert (len(whole), found) == (34, whole)
    assert error_of(reads.get("/units?cursor=@@@")) == (422, "invalid")


def test_what_has_not_changed_is_not_sent_again(app: Flask, session: Session) -> None:
    reads = program(app, session, make.user(session, "An"))
    first = reads.get("/groups")
    again = reads.get("/groups", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, first.headers["Cache-Control"]) == (304, b"", "private, no-cache")


# --- writing --------------------------------------------------------------------------------------------


def test_a_program_registers_changes_and_withdraws_an_entry(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    round_, facility = make.round_(session), make.facility(session, an)
    writes = program(app, session, an)
    made = writes.send("POST", "/entries", json=new_entry(round_.id, facility.id))
    assert (made.status_code, made.json["state"], made.json["name"]) == (201, "draft", "Ghế mây")
    path = f"/entries/{made.json['id']}"
    etag = writes.get(path).headers["ETag"]
    changed = writes.send("PATCH", path, json={"name": "Ghế mây đan"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json["name"]) == (200, "Ghế mây đan")
    late = writes.send("PATCH", path, json={"name": "Ghế tre"}, headers={"If-Match": etag})
    assert error_of(late) == (412, "precondition_failed")
    assert error_of(writes.send("PATCH", path, json={"name": "Ghế tre"})) == (428, "precondition_required")
    newest = writes.send("PATCH", path, json={"name": "Ghế tre"}, headers={"If-Match": changed.headers["ETag"]})
    assert newest.json["name"] == "Ghế tre"
    lacking = writes.send("POST", f"{path}/submission", json={"declared_true": True})
    assert error_of(lacking) == (422, "invalid")
    gone = writes.send("POST", f"{path}/withdrawal", json={})
    assert (gone.status_code, gone.json["state"]) == (200, "withdrawn")
    names = session.scalars(select(AuditEvent.actor_name).where(AuditEvent.subject == f"entry:{made.json['id']}")).all()
    assert set(names) == {"An (API: Kho dữ liệu)"}


def test_a_repeated_request_is_answered_once_more_and_done_once(app: Flask, session: Session) -> None:
    an = make.user(session, "An")
    round_, facility = make.round_(session), make.facility(session, an)
    writes, key = program(app, session, an), {"Idempotency-Key": "don-0001"}
    first = writes.send("POST", "/entries", json=new_entry(round_.id, facility.id), headers=key)
    again = writes.send("POST", "/entries", json=new_entry(round_.id, facility.id), headers=key)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    other = writes.send("POST", "/entries", json=new_entry(round_.id, facility.id, name="Ghế tre"), headers=key)
    assert error_of(other) == (422, "invalid")
    assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_nobody_writes_for_a_facility_that_is_not_theirs(app: Flask, session: Session) -> None:
    round_, facility = make.round_(session), make.facility(session, make.user(session, "An"))
    writes = program(app, session, make.user(session, "Bình"))
    assert error_of(writes.send("POST", "/entries", json=new_entry(round_.id, facility.id))) == (404, "not_found")
    helper = program(app, session, secretary(session, round_))
    assert error_of(helper.send("POST", "/entries", json=new_entry(round_.id, facility.id))) == (409, "consent_required")
    assert session.scalar(select(func.count()).select_from(Product)) == 0


@pytest.mark.parametrize(
    "body", [b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b'{"answers": {"x": NaN}}', b"[" * 5000, b"{", b'{"n": 1e999}']
)
def test_what_no_database_keeps_is_refused(body: bytes, app: Flask, session: Session) -> None:
    writes = program(app, session, make.user(session, "An"))
    answer = writes.send("POST", "/entries", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)


# --- the description ----------------------------------------------------------------------------------------


def test_the_interface_describes_itself_to_programs_and_people(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    page = client.get("/api").text
    assert document["openapi"] == "3.1.0"
    paths = [path for path in document["paths"] if path not in page]
    assert (paths, "/api/v1/entries" in document["paths"]) == ([], True)


def test_the_description_is_valid_and_speaks_the_readers_language(app: Flask, client: FlaskClient) -> None:
    vietnamese, english = (
        client.get("/api/openapi.json", headers={"Accept-Language": language}).json for language in ("vi", "en-GB,en;q=0.9")
    )
    validate(vietnamese)
    validate(english)
    summaries = [
        {item["summary"] for path in document["paths"].values() for item in path.values() if "summary" in item}
        for document in (vietnamese, english)
    ]
    assert (len(summaries[0]), summaries[0] & summaries[1]) == (len(summaries[1]), set())
    assert "Submit a dossier: check that it is complete, give it a code, lock what was submitted." in summaries[1]
    page = html.unescape(client.get("/api?lang=en").text)
    assert [text for text in summaries[1] if text not in page] == []
