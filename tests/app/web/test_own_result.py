"""The facility's result page: figures, why, the council's reason, how to complain; nothing before publication."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import Outcome, VoteChoice
from app.models.account import User
from app.models.facility import FacilityMember
from app.models.sheet import ScoreSheet
from app.queries import registration
from app.queries.own_result import own_result
from app.services import council, decisions, publication
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.queries.statements import counted
from tests.app.services.world import World, in_session, judged, order, vote_all

REASON = "Sản phẩm bảo tồn nghề của làng"


def decided(session: Session, rules: RuleSet | None = None, recognised: int = 3) -> World:
    """The council decided and the order is recorded; nothing is published."""
    world = judged(session, rules=rules)
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:recognised])
    vote_all(session, world, meeting, VoteChoice.AGAINST, *world.entries[recognised:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    for entry in world.entries[:3]:
        if registration.recognition(session, entry.id) is None:
            outcome = Outcome.RECOGNISED if entry in world.entries[:recognised] else Outcome.NOT_RECOGNISED
            decisions.decide(
                session, world.hoa, session_id=meeting.id, entry_id=entry.id, outcome=outcome, reason=REASON, now=make.NOW
            )
    document = order(session, world)
    publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    return world


def published(session: Session, rules: RuleSet | None = None, recognised: int = 3) -> World:
    world = decided(session, rules, recognised)
    publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    session.commit()
    return world


def owner(app: Flask, session: Session, world: World, number: int) -> FlaskClient:
    """The owner of the facility of an entry."""
    facility_id = world.entries[number].facility_id
    return sign_in(
        app,
        session.scalars(
            select(User)
            .join(FacilityMember, FacilityMember.user_id == User.id)
            .where(FacilityMember.facility_id == facility_id)
        ).one(),
    )


def page(app: Flask, session: Session, world: World, number: int) -> str:
    return owner(app, session, world, number).get(f"/co-so/ho-so/{world.entries[number].id}/ket-qua").text


def test_a_recognised_product_sees_its_figures_its_place_and_the_order(app: Flask, session: Session) -> None:
    text = page(app, session, published(session), 0)
    assert "Sản phẩm đạt 90,00 điểm, từ điểm sàn 70 điểm trở lên." in text
    assert "Hội đồng quyết định theo đề xuất của ban giám khảo." in text
    assert "Số 01/QĐ-MẪU ngày 20/11/2026" in text
    assert "36,00" in text


def test_below_the_pass_mark_says_so(app: Flask, session: Session) -> None:
    text = page(app, session, published(session), 3)
    assert "Sản phẩm đạt 60,00 điểm, thấp hơn điểm sàn 70 điểm." in text


def test_outside_the_quota_names_the_line_and_nobody_else(app: Flask, session: Session) -> None:
    world = published(session, RuleSet(quota_total=1), recognised=1)
    text = page(app, session, world, 1)
    assert "Chỉ tiêu của cả đợt là 1 sản phẩm và đã hết trước sản phẩm này." in text
    assert "Sản phẩm cuối cùng trong chỉ tiêu đạt 90,00 điểm." in text
    others = [entry.code for entry in world.entries if entry.id != world.entries[1].id]
    assert [code for code in others if code is not None and code in text] == []


def test_a_quota_of_the_group_is_named_as_such(app: Flask, session: Session) -> None:
    text = page(app, session, published(session, RuleSet(quota_groups={"TCMN": 1}), recognised=1), 1)
    assert "Chỉ tiêu của nhóm sản phẩm thủ công mỹ nghệ là 1 sản phẩm và đã hết trước sản phẩm này." in text


def test_a_decision_against_the_jury_shows_the_councils_reason(app: Flask, session: Session) -> None:
    text = page(app, session, published(session, recognised=2), 2)
    assert "Hội đồng quyết định khác đề xuất của ban giám khảo và ghi lý do." in text
    assert REASON in text


@pytest.mark.parametrize("shown", [True, False])
def test_comments_are_shown_only_where_the_rules_say_so(app: Flask, session: Session, shown: bool) -> None:
    world = published(session, RuleSet(show_comments=shown))
    for sheet in session.scalars(select(ScoreSheet)):
        sheet.comment = "Men rạn đều, nên ghi nhãn rõ hơn"
    session.commit()
    assert ("Men rạn đều, nên ghi nhãn rõ hơn" in page(app, session, world, 0)) is shown


def test_the_last_day_to_complain_is_fifteen_working_days_on(app: Flask, session: Session) -> None:
    world = published(session)  # on a Saturday; 24/11 is a day off
    assert "14/12/2026, 23:59" in page(app, session, world, 0)


def test_the_home_card_and_the_entry_lead_to_the_result(app: Flask, session: Session) -> None:
    world = published(session)
    browser, entry = owner(app, session, world, 0), world.entries[0]
    link = f'href="/co-so/ho-so/{entry.id}/ket-qua"'
    assert [link in browser.get(address).text for address in ("/co-so/", f"/co-so/ho-so/{entry.id}")] == [True, True]


def test_the_result_is_only_the_facilitys_own(app: Flask, session: Session) -> None:
    world = published(session)
    other = owner(app, session, world, 1)
    assert other.get(f"/co-so/ho-so/{world.entries[0].id}/ket-qua").status_code == 404


def test_the_figures_are_those_of_the_run_on_which_the_council_sat(session: Session) -> None:
    world = published(session)
    row = registration.entry(session, world.entries[0].id)
    assert row is not None
    found = own_result(session, row)
    assert found is not None
    assert (found.published, found.group_place, found.ranked_in_group, found.counted) == (Decimal(90), 1, 4, 3)
    assert [item.mean for item in found.criteria] == [Decimal(36), Decimal(36), Decimal(9), Decimal(9)]


def test_the_result_takes_a_constant_number_of_statements(session: Session) -> None:
    world = published(session)
    ids = [entry.id for entry in world.entries]
    sent = []
    for key in ids:
        session.expunge_all()
        row = registration.entry(session, key)
        assert row is not None
        with counted(session) as statements:
            row = registration.entry(session, key)
            assert row is not None
            own_result(session, row)
        sent.append(len(statements))
    assert len(set(sent)) == 1


def test_before_publication_nothing_of_the_decision_leaves_the_council(app: Flask, session: Session) -> None:
    world = decided(session, recognised=2)
    session.commit()
    browser = owner(app, session, world, 0)
    entry = world.entries[0]
    assert browser.get(f"/co-so/ho-so/{entry.id}/ket-qua").status_code == 404
    words = ("Công nhận", "chưa được công nhận", "90,00", REASON, "01/QĐ-MẪU")
    addresses = (
        "/co-so/",
        f"/co-so/ho-so/{entry.id}",
        "/co-so/giay-chung-nhan",
        "/tin-nhan",
        f"/tim?q={entry.code}",
    )
    told = {address: [word for word in words if word in browser.get(address).text] for address in addresses}
    assert told == {address: [] for address in addresses}


def test_before_publication_the_public_sees_no_product_of_the_round(client: FlaskClient, session: Session) -> None:
    world = decided(session)
    session.commit()
    names = [f"Sản phẩm mẫu {number}" for number in range(1, 5)]
    addresses = (
        "/",
        "/san-pham",
        "/san-pham?q=mẫu",
        "/dot-binh-chon",
        f"/dot-binh-chon/{world.round.code}",
        "/du-lieu-mo/san-pham.csv",
        "/du-lieu-mo/san-pham.json",
        "/du-lieu-mo/dot-binh-chon.json",
        "/sitemap.xml",
    )
    told = {address: [name for name in names if name in client.get(address).text] for address in addresses}
    assert told == {address: [] for address in addresses}
    assert client.get(f"/san-pham/{world.entries[0].id}").status_code == 404
