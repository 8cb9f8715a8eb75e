"""The council's pages: votes in the row, the secret ballot, recusal, the chair's decisions."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import BallotKind, Outcome, VoteChoice
from app.models.account import User
from app.models.council import BallotMark, CouncilRecusal, CouncilSession, Nomination, Recognition, Tally, Vote
from app.services import council
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, in_session, judged, vote_all

FOR, AGAINST = VoteChoice.FOR, VoteChoice.AGAINST


def person(session: Session, actor: object) -> User:
    return session.get_one(User, actor.user_id)  # type: ignore[attr-defined]


def address(meeting: CouncilSession, rest: str = "") -> str:
    return f"/hoi-dong/phien-hop/{meeting.id}{rest}"


def counted(session: Session, meeting: CouncilSession, entry_id: int) -> tuple[int, int, int]:
    row = session.get_one(Tally, (meeting.id, entry_id))
    return (row.votes_for, row.votes_against, row.votes_blank)


def closed(session: Session, *choices: VoteChoice, quota: int | None = None) -> tuple[World, CouncilSession]:
    world = judged(session, rules=RuleSet(quota_total=quota))
    meeting = in_session(session, world)
    for entry, choice in zip(world.entries[:3], choices, strict=True):
        vote_all(session, world, meeting, choice, entry)
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    return world, meeting


def test_the_home_page_leads_to_the_open_session(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    page = sign_in(app, person(session, world.members[1])).get("/hoi-dong/").text
    assert "Vào biểu quyết" in page
    assert f'href="{address(meeting)}"' in page


def test_a_vote_in_the_row_is_counted_and_can_be_changed(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    browser, entry = sign_in(app, person(session, world.members[1])), world.entries[0]
    url = address(meeting, f"/san-pham/{entry.id}/bieu-quyet")
    answers = [browser.post(url, data={"choice": word}).status_code for word in ("against", "for")]
    assert answers == [303, 303]
    assert counted(session, meeting, entry.id) == (1, 0, 0)
    assert "Bạn đã biểu quyết 1/3" in browser.get(address(meeting)).text


def test_a_forged_choice_is_no_page(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    browser = sign_in(app, person(session, world.hoa))
    url = address(meeting, f"/san-pham/{world.entries[0].id}/bieu-quyet")
    assert browser.post(url, data={"choice": "yes"}).status_code == 404
    assert session.scalars(select(Vote)).all() == []


def test_a_tie_across_the_quota_is_shown_as_a_bracket(app: Flask, session: Session) -> None:
    world = judged(session, rules=RuleSet(quota_total=2))
    meeting = in_session(session, world)
    page = sign_in(app, person(session, world.hoa)).get(address(meeting)).text
    assert page.count('class="tied') == 2
    assert page.count("bằng nhau ở ranh giới chỉ tiêu") == 1
    assert "chỉ tiêu chung 2 sản phẩm" in page


def test_a_stranger_to_the_council_finds_nothing(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    other = make.user(session, "Người Ngoài")
    make.council_member(session, make.round_(session), other)
    browser = sign_in(app, other)
    paths = ("", "/quyet-dinh", f"/san-pham/{world.entries[0].id}")
    assert [browser.get(address(meeting, path)).status_code for path in paths] == [404, 404, 404]
    assert browser.get(f"/hoi-dong/dot/{world.round.id}/van-ban").status_code == 404


def test_a_secret_ballot_is_checked_before_it_is_cast(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world, ballot=BallotKind.SECRET)
    browser = sign_in(app, person(session, world.members[1]))
    whole = {f"choice-{entry.id}": "for" for entry in world.entries[:3]}
    part = {f"choice-{world.entries[0].id}": "against"}
    assert browser.post(address(meeting, "/phieu-kin"), data=part).status_code == 422
    assert "Bỏ phiếu" in browser.post(address(meeting, "/phieu-kin"), data=whole).text
    assert session.scalars(select(BallotMark)).all() == []
    assert browser.post(address(meeting, "/phieu-kin/nop"), data=whole).status_code == 303
    assert counted(session, meeting, world.entries[0].id) == (1, 0, 0)
    assert "tally-for" not in browser.get(address(meeting)).text


def test_a_member_with_a_conflict_steps_back_and_cannot_vote_on_it(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    browser, entry = sign_in(app, person(session, world.members[1])), world.entries[0]
    url = address(meeting, f"/san-pham/{entry.id}")
    browser.post(f"{url}/bieu-quyet", data={"choice": "for"})
    browser.post(f"{url}/rut-khoi", data={"reason": "Cố vấn của cơ sở"})
    assert counted(session, meeting, entry.id) == (0, 0, 0)
    assert [row.reason for row in session.scalars(select(CouncilRecusal))] == ["Cố vấn của cơ sở"]
    assert browser.post(f"{url}/bieu-quyet", data={"choice": "for"}).status_code == 409
    assert "Bạn đã rút khỏi" in browser.get(address(meeting)).text


def test_the_majority_is_reckoned_over_those_who_take_part(app: Flask, session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    entry = world.entries[0]
    for member in world.members[1:]:
        council.recuse(session, member, session_id=meeting.id, entry_id=entry.id, reason="có lợi ích", now=make.NOW)
    council.vote(session, world.hoa, session_id=meeting.id, entry_id=entry.id, choice=FOR, now=make.NOW)
    vote_all(session, world, meeting, FOR, *world.entries[1:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    browser = sign_in(app, person(session, world.hoa))
    browser.post(address(meeting, "/quyet-dinh/thong-qua"))
    row = session.scalars(select(Recognition).where(Recognition.entry_id == entry.id)).one()
    assert row.outcome is Outcome.RECOGNISED


def test_only_the_chair_sees_the_page_of_decisions(app: Flask, session: Session) -> None:
    world, meeting = closed(session, FOR, FOR, FOR)
    codes = [
        sign_in(app, person(session, member)).get(address(meeting, "/quyet-dinh")).status_code
        for member in world.members[:2]
    ]
    assert codes == [200, 404]


def test_departing_from_the_jury_asks_for_the_reason_beside_the_product(app: Flask, session: Session) -> None:
    world, meeting = closed(session, FOR, FOR, AGAINST)
    browser, entry = sign_in(app, person(session, world.hoa)), world.entries[2]
    url = address(meeting, f"/quyet-dinh/{entry.id}")
    refused = browser.post(url, data={"outcome": "not_recognised", "reason": " "})
    assert (refused.status_code, "cần ghi lý do" in refused.text) == (422, True)
    taken = browser.post(url, data={"outcome": "not_recognised", "reason": "Nhãn chưa đúng"})
    row = session.scalars(select(Recognition).where(Recognition.entry_id == entry.id)).one()
    assert (taken.status_code, row.against_jury, row.reason) == (303, True, "Nhãn chưa đúng")


def test_one_action_adopts_what_agrees_and_nomination_is_chosen_apart(app: Flask, session: Session) -> None:
    world, meeting = closed(session, FOR, FOR, FOR)
    browser = sign_in(app, person(session, world.hoa))
    browser.post(address(meeting, "/quyet-dinh/thong-qua"))
    rows = session.scalars(select(Recognition).order_by(Recognition.entry_id)).all()
    assert [row.outcome for row in rows] == [Outcome.RECOGNISED] * 3 + [Outcome.NOT_RECOGNISED]
    assert session.scalars(select(Nomination)).all() == []
    browser.post(address(meeting, "/de-cu"), data={"recognition_ids": [rows[0].id]})
    assert [row.recognition_id for row in session.scalars(select(Nomination))] == [rows[0].id]
