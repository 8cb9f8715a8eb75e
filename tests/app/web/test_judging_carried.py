"""What a judge takes along and sends back: the same dossier as the page, each deed once, and a device that is told to forget."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.vocabulary import Phase, Role, SheetState
from app.models.account import RoleGrant, User
from app.models.panel import ConflictDeclaration
from app.models.record import AuditEvent, OutboxMail
from app.services import accounts, panel_sessions
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.web.test_judge_sheet import FULL, LEAKS, Hall, hall, kept

__all__ = ["hall"]
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


def carried(hall: Hall) -> dict[str, Any]:
    answer = hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/mang-theo")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def deed(hall: Hall, operation: str, version: int, kind: str = "save", **fields: str) -> dict[str, Any]:
    about = {"kind": kind, "assignment_id": hall.held.id, "operation_id": operation, "version": version}
    return {**about, "fields": fields} if kind == "save" else about


def send(hall: Hall, *deeds: Any, client: FlaskClient | None = None) -> list[dict[str, Any]]:
    answer = (client or hall.chi).post("/giam-khao/mang-theo/gui", json={"operations": list(deeds)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def secretary(session: Session, hall: Hall) -> User:
    person = make.user(session, "Giang")
    session.add(RoleGrant(user_id=person.id, role=Role.SECRETARY, round_id=hall.round.id, granted_at=make.NOW))
    session.commit()
    return person


# --- what is taken along ----------------------------------------------------------------------


def test_the_list_names_the_judge_and_the_open_assignments(hall: Hall) -> None:
    listed = hall.chi.get(f"/giam-khao/dot/{hall.round.id}/mang-theo").json
    assert listed["user"]["name"] == "Chi"
    assert [item["assignment_id"] for item in listed["sheets"]] == [hall.held.id]
    assert hall.hoa.get(f"/giam-khao/dot/{hall.round.id}/mang-theo").json["sheets"] == []


def test_the_copy_holds_what_the_page_holds_and_the_values_kept(hall: Hall) -> None:
    send(hall, deed(hall, "a", 0, **FULL))
    copy = carried(hall)
    assert (copy["version"], copy["state"], copy["total"], copy["can_edit"]) == (1, "draft", "84", True)
    assert copy["values"] == FULL
    assert f"/giam-khao/phieu/{hall.held.id}/anh/1/lon" in copy["html"]
    assert "csrf_token" not in copy["html"]
    assert "/lich-su" not in copy["html"]


def test_in_a_blind_round_nothing_that_names_the_facility_is_taken_along(hall: Hall) -> None:
    words = hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/mang-theo").get_data(as_text=True)
    decoded = carried(hall)["html"]
    assert [leak for leak in LEAKS if leak in words or leak in decoded] == []


def test_before_the_gate_and_behind_a_declared_conflict_nothing_is_handed_out(session: Session, hall: Hall) -> None:
    hall.seat.answer = None
    session.commit()
    assert hall.chi.get(f"/giam-khao/dot/{hall.round.id}/mang-theo").json["sheets"] == []
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}/mang-theo").status_code == 409


def test_an_assignment_that_was_declared_leaves_the_list_of_the_next_contact(session: Session, hall: Hall) -> None:
    assert hall.chi.get("/giam-khao/lien-lac", headers=JSON).json["assignments"] == [hall.held.id]
    told = {"kind": "family", "reason": "Em trai", "declared_at": make.NOW}
    session.add(ConflictDeclaration(seat_id=hall.seat.id, entry_id=hall.entry.id, **told))
    session.commit()
    assert hall.chi.get("/giam-khao/lien-lac", headers=JSON).json["assignments"] == []
    [answer] = send(hall, deed(hall, "a", 0, **FULL))
    assert (answer["status"], answer["code"]) == (409, "conflict_pending")


# --- what is sent back ------------------------------------------------------------------------


def test_saves_and_a_signature_are_taken_in_order_and_a_repeat_changes_nothing(session: Session, hall: Hall) -> None:
    deeds = [deed(hall, "a", 0, **{"points-1": "30"}), deed(hall, "b", 1, **FULL), deed(hall, "c", 2, kind="sign")]
    first = send(hall, *deeds)
    assert [answer["status"] for answer in first] == [200, 200, 200]
    assert (first[2]["signed"], first[2]["total"]) == (True, "84")
    assert send(hall, *deeds) == first
    assert send(hall, *deeds[::-1]) == first[::-1]
    sheet = kept(session, hall)
    assert sheet is not None
    assert (sheet.state, sheet.version) == (SheetState.SIGNED, 3)


def test_after_a_deed_that_was_not_taken_later_ones_of_the_sheet_are_not_tried(session: Session, hall: Hall) -> None:
    answers = send(hall, deed(hall, "a", 0, **{"points-1": "41"}), deed(hall, "b", 0, **FULL))
    assert [answer["status"] for answer in answers] == [422, 424]
    assert answers[0]["errors"] == {"points-1": "Điểm 41 vượt điểm tối đa 40."}
    assert kept(session, hall) is None


def test_another_version_is_answered_with_both(hall: Hall) -> None:
    send(hall, deed(hall, "elsewhere", 0, **{"points-1": "20"}))
    [answer] = send(hall, deed(hall, "a", 0, **{"points-1": "30", "comment": ""}))
    assert (answer["status"], answer["version"]) == (409, 1)
    assert (answer["mine"]["points-1"], answer["theirs"]["points-1"]) == ("30", "20")


def test_another_judges_sheet_is_not_there_whatever_is_sent(session: Session, hall: Hall) -> None:
    answers = send(hall, deed(hall, "a", 0, **FULL), {"assignment_id": "x"}, 7, client=hall.hoa)
    assert [(answer["status"], answer["code"]) for answer in answers] == [(404, "sheet_gone")] * 3
    assert kept(session, hall) is None


@pytest.mark.parametrize("body", [[], {"operations": None}, {"operations": [{}] * 51}], ids=["list", "none", "too many"])
def test_a_batch_that_cannot_be_read_is_refused_whole(hall: Hall, body: Any) -> None:
    assert hall.chi.post("/giam-khao/mang-theo/gui", json=body).status_code == 422


def test_when_the_phase_is_over_what_waits_is_refused_with_its_sentence(session: Session, hall: Hall) -> None:
    hall.round.phase = Phase.DELIBERATION
    session.commit()
    [answer] = send(hall, deed(hall, "a", 0, **FULL))
    assert (answer["status"], answer["code"]) == (409, "phase_closed")
    assert answer["message"]


# --- a device that must forget ----------------------------------------------------------------


def test_a_session_that_the_secretary_ended_is_told_so_and_one_that_only_ended_is_not(
    session: Session, app: Flask, hall: Hall
) -> None:
    token = hall.chi.get(f"/giam-khao/dot/{hall.round.id}/mang-theo").json["token"]
    told = {**JSON, "X-Mang-Theo": token}
    assert hall.chi.get("/giam-khao/lien-lac", headers=told).json["state"] == "in"
    assert (hall.guest.get("/giam-khao/lien-lac", headers=told).json) == {"state": "out"}
    giang = secretary(session, hall)
    browser = sign_in(app, giang)
    answer = browser.post(f"/to-giup-viec/ghe/{hall.seat.id}/ket-thuc-phien")
    assert answer.status_code == 303
    after = hall.chi.get("/giam-khao/lien-lac", headers=told)
    assert (after.status_code, after.json) == (401, {"state": "ended"})
    assert hall.chi.get(f"/giam-khao/phieu/{hall.held.id}").status_code == 302
    deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"user:{hall.seat.user_id}")).all()
    assert "user:end-sessions" in deeds
    mail = session.scalars(select(OutboxMail).where(OutboxMail.user_id == hall.seat.user_id)).all()
    assert any("kết thúc" in message.subject for message in mail)


def test_a_closed_account_and_a_forged_token(session: Session, hall: Hall) -> None:
    token = hall.chi.get(f"/giam-khao/dot/{hall.round.id}/mang-theo").json["token"]
    assert hall.guest.get("/giam-khao/lien-lac", headers={**JSON, "X-Mang-Theo": token + "x"}).json == {"state": "out"}
    owner = make.user(session, "Quân")
    session.add(RoleGrant(user_id=owner.id, role=Role.ADMINISTRATOR, granted_at=make.NOW))
    session.commit()
    accounts.set_active(session, make.acting(session, owner), user_id=hall.seat.user_id, active=False, now=make.NOW)
    session.commit()
    assert hall.guest.get("/giam-khao/lien-lac", headers={**JSON, "X-Mang-Theo": token}).json == {"state": "ended"}


def test_only_the_secretary_of_a_round_that_judges_ends_its_judges_sessions(session: Session, hall: Hall) -> None:
    giang = make.acting(session, secretary(session, hall))
    chi = session.get_one(User, hall.seat.user_id)
    for other, refusal in ((make.user(session, "Lạ"), NotFound), (chi, Forbidden)):
        with pytest.raises(refusal):
            panel_sessions.end_sessions(session, make.acting(session, other), seat_id=hall.seat.id, now=make.NOW)
    with pytest.raises(NotFound):
        panel_sessions.end_sessions(session, giang, seat_id=10**6, now=make.NOW)
    hall.round.phase = Phase.CHECKING
    session.commit()
    with pytest.raises(Refused, match="phase_closed"):
        panel_sessions.end_sessions(session, giang, seat_id=hall.seat.id, now=make.NOW)


def test_signing_out_tells_the_browser_of_a_judge_to_clear_its_storage(app: Flask, session: Session, hall: Hall) -> None:
    assert hall.chi.post("/tai-khoan/thoat").headers["Clear-Site-Data"] == '"storage"'
    other = sign_in(app, make.user(session, "Lạ"))
    assert "Clear-Site-Data" not in other.post("/tai-khoan/thoat").headers


# --- the app ----------------------------------------------------------------------------------


def test_the_desk_and_its_worker_are_the_same_for_everybody(hall: Hall) -> None:
    for address in ("/giam-khao/mang-theo", "/giam-khao/sw.js", "/giam-khao/ung-dung.webmanifest"):
        answers = [client.get(address) for client in (hall.guest, hall.chi, hall.hoa)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.data for answer in answers}) == 1, address
    worker = hall.guest.get("/giam-khao/sw.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"


def test_every_file_that_the_worker_keeps_is_served(hall: Hall) -> None:
    script = hall.guest.get("/giam-khao/sw.js").text
    files = json.loads(script.split("\nstart(")[1].rsplit(")", 1)[0])["files"]
    assert len(files) > 20
    assert [file for file in files if "/fonts/" not in file and hall.guest.get(file).status_code != 200] == []


def test_the_icons_are_as_large_as_the_manifest_says(hall: Hall) -> None:
    for told in hall.guest.get("/giam-khao/ung-dung.webmanifest").json["icons"]:
        picture = Image.open(io.BytesIO(hall.guest.get(told["src"]).data))
        assert f"{picture.width}x{picture.height}" == told["sizes"]
    assert hall.guest.get("/giam-khao/bieu-tuong-7.png").status_code == 404
