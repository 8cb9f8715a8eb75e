"""Consents, erasure and retention: what goes, what stays because results rest on it, and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.policies import SYSTEM
from app.domain.retention import Kept, schedule_of
from app.domain.vocabulary import ErasureState, Phase
from app.models.account import RoleGrant, User
from app.models.privacy import Consent, ErasureRequest
from app.models.record import AuditEvent, OutboxMail
from app.models.sheet import ScoreLine, ScoreSheet
from app.models.sign_in import UserSession
from app.queries import personal
from app.services import erasure, outbox, privacy, retention, sessions
from tests.app import make


@dataclass
class Case:
    """Chi has judged in a published round and asks to be erased; Quân administers."""

    session: Session
    chi: User
    quan: User
    sheet: ScoreSheet
    request: ErasureRequest

    def decide(self, grant: bool = True, actor: User | None = None) -> ErasureRequest:
        acting = make.acting(self.session, actor or self.quan)
        return erasure.decide(
            self.session, acting, request_id=self.request.id, grant=grant, answer="Đã xem xét", now=make.NOW
        )


@pytest.fixture
def case(session: Session) -> Case:
    chi = make.user(session, "Chi", email="chi@example.vn", phone="0912345678", employer="Sở Mẫu")
    quan = make.user(session, "Quân")
    make.administrator(session, quan)
    round_ = make.round_(session, phase=Phase.PUBLISHED)
    seat = make.judge(session, round_, chi)
    entry = make.entry(session, round_, make.facility(session, make.user(session, "An")))
    sheet = make.signed_sheet(session, make.assignment(session, seat, entry), "36", "36", "9", "9")
    sessions.begin(session, user_id=chi.id, token="x", device="", address="", now=make.NOW)
    outbox.write(session, chi, subject="Tin", body="Tin cho Chi", now=make.NOW)
    asked = privacy.ask_erasure(session, make.acting(session, chi), reason="Nghỉ việc", now=make.NOW)
    return Case(session, chi, quan, sheet, asked)


def points(case: Case) -> list[object]:
    return sorted(case.session.scalars(select(ScoreLine.points).where(ScoreLine.sheet_id == case.sheet.id)))


def test_an_erased_person_is_a_number_and_the_sheets_stay(case: Case) -> None:
    before = points(case)
    row = case.decide()
    assert (case.chi.name, case.chi.email) == (
        f"Người đã xóa dữ liệu {case.chi.id}",
        f"da-xoa-{case.chi.id}@khong-con.invalid",
    )
    assert (case.chi.phone, case.chi.employer, case.chi.active, case.chi.password) == ("", "", False, None)
    assert points(case) == before != []
    assert (row.state, row.outcome["kept"]["sheets"]) == (ErasureState.GRANTED, 1)
    assert case.session.scalars(select(UserSession).where(UserSession.user_id == case.chi.id)).all() == []


def test_the_answer_goes_to_the_old_address_and_nothing_else_is_left_there(case: Case) -> None:
    case.decide()
    left = case.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "chi@example.vn")).all()
    assert [(mail.user_id, mail.secret) for mail in left] == [(None, True)]
    outbox.mark_sent(case.session, left[0].id, now=make.NOW)
    case.session.refresh(left[0])
    assert left[0].body == ""


def test_a_declined_request_changes_nothing_but_itself(case: Case) -> None:
    row = case.decide(grant=False)
    assert (row.state, row.answer, case.chi.name, case.chi.active) == (ErasureState.DECLINED, "Đã xem xét", "Chi", True)


def test_a_round_under_way_is_not_robbed_of_its_judge(case: Case, session: Session) -> None:
    make.judge(session, make.round_(session, phase=Phase.JUDGING, year=2025), case.chi)
    assert erasure.running(session, case.chi.id, now=make.NOW) == {"panel": 1}
    with pytest.raises(Refused) as refused:
        case.decide()
    assert (refused.value.code, case.chi.name) == ("erasure_running", "Chi")


def test_a_role_is_withdrawn_before_its_holder_is_erased(case: Case, session: Session) -> None:
    make.administrator(session, case.chi)
    with pytest.raises(Refused):
        case.decide()
    session.scalars(select(RoleGrant).where(RoleGrant.user_id == case.chi.id)).one().valid_until = make.NOW
    session.flush()
    assert case.decide().state is ErasureState.GRANTED


def test_only_an_administrator_decides_and_never_about_themselves(case: Case, session: Session) -> None:
    with pytest.raises(Forbidden):
        case.decide(actor=case.chi)
    own = privacy.ask_erasure(session, make.acting(session, case.quan), reason="", now=make.NOW)
    with pytest.raises(Refused) as refused:
        erasure.decide(session, make.acting(session, case.quan), request_id=own.id, grant=True, answer="", now=make.NOW)
    assert refused.value.code == "own_account"


def test_a_request_is_decided_once(case: Case) -> None:
    case.decide()
    with pytest.raises(NotFound):
        case.decide()


def test_one_request_waits_at_a_time_and_can_be_taken_back(case: Case, session: Session) -> None:
    chi = make.acting(session, case.chi)
    with pytest.raises(Refused):
        privacy.ask_erasure(session, chi, reason="", now=make.NOW)
    assert privacy.take_back_erasure(session, chi, now=make.NOW).state is ErasureState.WITHDRAWN
    assert privacy.ask_erasure(session, chi, reason="", now=make.NOW).state is ErasureState.WAITING


def test_a_consent_is_kept_with_its_version_and_outlives_its_withdrawal(session: Session) -> None:
    an = make.user(session)
    for version in ("2026-11", "2026-11", "2027-01"):
        privacy.consent(session, make.acting(session, an), version=version, now=make.NOW)
    privacy.withdraw_consents(session, an.id, now=make.NOW)
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [(row.version, row.withdrawn_at) for row in rows] == [("2026-11", make.NOW), ("2027-01", make.NOW)]
    assert an.consent_version == "2027-01"


def test_what_is_collected_about_a_person_names_every_part(case: Case, session: Session) -> None:
    found = personal.collected(session, case.chi.id)
    assert found["account"]["phone"] == "0912345678"
    assert [len(found[part]) for part in ("sheets", "sessions", "erasure_requests", "messages")] == [1, 1, 1, 1]
    assert found["sheets"][0]["state"] == "signed"


SCHEDULE = tuple(
    Kept(key=key, what="", why="", source="", mark="N", days=10)
    for key in ("sessions", "addresses", "mails", "erasure_reasons")
)


def test_what_is_past_its_period_is_counted_first_and_goes_once(case: Case, session: Session) -> None:
    case.chi.current_login_at, case.chi.current_login_ip = make.NOW, "203.0.113.7"
    case.decide(grant=False)
    for mail in session.scalars(select(OutboxMail)):
        outbox.mark_sent(session, mail.id, now=make.NOW)
    at = make.NOW + timedelta(days=10)
    counts = {"sessions": 1, "addresses": 1, "mails": 1, "erasure_reasons": 1}
    on_time, late = at, at + timedelta(seconds=1)
    assert {item.key: item.count for item in retention.report(session, SCHEDULE, now=on_time)} == dict.fromkeys(counts, 0)
    assert {item.key: item.count for item in retention.report(session, SCHEDULE, now=late)} == counts
    runs = [sum(item.count for item in retention.apply(session, SYSTEM, SCHEDULE, now=late)) for _again in range(2)]
    session.expire_all()
    assert (runs, case.chi.current_login_ip, case.request.reason) == ([4, 0], None, "")
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "retention:apply"))
    assert event.details == counts


def test_a_mail_that_was_not_sent_yet_is_kept(case: Case, session: Session) -> None:
    late = make.NOW + timedelta(days=11)
    assert {item.key: item.count for item in retention.report(session, SCHEDULE, now=late)}["mails"] == 0


@pytest.mark.parametrize(
    "line", [{}, {"days": 3, "until": "x"}, {"days": 0}, {"days": 3, "key": "sheets"}, {"until": "x", "unknown": 1}]
)
def test_a_schedule_that_contradicts_itself_is_refused(line: dict[str, object]) -> None:
    plain: dict[str, object] = {"key": "mails", "what": "", "why": "", "source": "", "mark": "N"}
    with pytest.raises(ValueError):
        schedule_of([{**plain, **line}])
