"""Lent parts: they end by themselves, never exceed the giver's own, and the trail says for whom they were used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.vocabulary import CouncilRole, DelegatedPart, PanelRole
from app.models.account import RoleGrant, User
from app.models.council import CouncilSeat
from app.models.delegation import Delegation
from app.models.panel import PanelSeat
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.queries.rights import actor_for
from app.services import audit, delegations
from tests.app import make

WEEK = timedelta(days=7)


@dataclass
class Office:
    """Giang is secretary, Lan a colleague without any part."""

    session: Session
    round: Round
    giang: User
    lan: User

    def lend(self, part: DelegatedPart = DelegatedPart.SECRETARY, **values: object) -> Delegation:
        given = {"email": self.lan.email, "valid_until": make.NOW + WEEK, "now": make.NOW, **values}
        actor = make.acting(self.session, self.giang)
        return delegations.lend(self.session, actor, round_id=self.round.id, part=part, **given)  # type: ignore[arg-type]

    def rounds_of_lan(self, after: timedelta = timedelta()) -> frozenset[int]:
        return actor_for(self.session, self.lan.id, now=make.NOW + after).secretary_of


@pytest.fixture
def office(session: Session) -> Office:
    giang, lan = make.user(session, "Giang"), make.user(session, "Lan")
    round_ = make.round_(session)
    make.secretary(session, giang, round_)
    return Office(session, round_, giang, lan)


def faults(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in refused.value.faults]


def test_a_lent_part_begins_and_ends_by_itself(office: Office) -> None:
    office.lend(valid_from=make.NOW + timedelta(days=1))
    days = [office.rounds_of_lan(timedelta(days=day)) for day in (0, 1, 6, 7)]
    assert days == [frozenset(), {office.round.id}, {office.round.id}, frozenset()]


def test_it_is_worth_no_more_than_the_givers_own(office: Office) -> None:
    office.lend()
    assert office.rounds_of_lan() == {office.round.id}
    office.session.scalars(select(RoleGrant).where(RoleGrant.user_id == office.giang.id)).one().valid_until = make.NOW
    office.session.flush()
    assert office.rounds_of_lan() == frozenset()


def test_a_closed_giver_lends_nothing(office: Office) -> None:
    office.lend()
    office.giang.active = False
    office.session.flush()
    assert office.rounds_of_lan() == frozenset()


def test_what_is_not_ones_own_cannot_be_lent(office: Office) -> None:
    other = make.round_(office.session, year=2025)
    actor = make.acting(office.session, office.giang)
    given = {"part": DelegatedPart.SECRETARY, "email": office.lan.email, "valid_until": make.NOW + WEEK, "now": make.NOW}
    with pytest.raises(NotFound):
        delegations.lend(office.session, actor, round_id=other.id, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        office.lend(DelegatedPart.PANEL_CHAIR)


def test_what_was_lent_is_not_passed_on(office: Office) -> None:
    office.lend()
    mai = make.user(office.session, "Mai")
    deputy = make.acting(office.session, office.lan)
    assert office.round.id in deputy.secretary_of
    given = {"part": DelegatedPart.SECRETARY, "email": mai.email, "valid_until": make.NOW + WEEK, "now": make.NOW}
    with pytest.raises(NotFound):
        delegations.lend(office.session, deputy, round_id=office.round.id, **given)  # type: ignore[arg-type]


def test_a_deputys_deeds_name_whom_they_stand_for(office: Office) -> None:
    office.lend()
    deputy = make.acting(office.session, office.lan)
    here = audit.record(office.session, deputy, action="x:y", subject="x:1", round_id=office.round.id, now=make.NOW)
    office_deed = audit.record(office.session, deputy, action="x:y", subject="x:1", now=make.NOW)
    assert (here.actor_id, here.on_behalf_of, office_deed.on_behalf_of) == (office.lan.id, "Giang", None)


def test_a_judge_of_the_round_cannot_stand_in_for_its_secretary(office: Office) -> None:
    make.judge(office.session, office.round, office.lan)
    with pytest.raises(Invalid) as refused:
        office.lend()
    assert faults(refused) == [("email", "delegation_conflict")]


def test_an_entrant_of_the_round_cannot_stand_in_for_its_secretary(office: Office) -> None:
    make.entry(office.session, office.round, make.facility(office.session, office.lan))
    with pytest.raises(Invalid) as refused:
        office.lend()
    assert faults(refused) == [("email", "delegation_conflict")]


@pytest.mark.parametrize("wait", [timedelta(), -WEEK, delegations.LONGEST + timedelta(seconds=1)])
def test_the_end_lies_ahead_and_not_too_far(office: Office, wait: timedelta) -> None:
    with pytest.raises(Invalid) as refused:
        office.lend(valid_until=make.NOW + wait)
    assert faults(refused) == [("valid_until", "delegation_period")]


@pytest.mark.parametrize("address", ["ai-do@example.vn", "own"])
def test_there_is_somebody_else_at_the_other_end(office: Office, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.lend(email=office.giang.email if address == "own" else address)
    assert faults(refused) == [("email", "delegation_self" if address == "own" else "delegation_nobody")]


def test_a_chair_lends_the_chair_to_a_member_only(office: Office) -> None:
    make.judge(office.session, office.round, office.giang, role=PanelRole.CHAIR)
    with pytest.raises(Invalid) as refused:
        office.lend(DelegatedPart.PANEL_CHAIR)
    assert faults(refused) == [("email", "delegation_seat")]
    seat: PanelSeat = make.judge(office.session, office.round, office.lan)
    office.lend(DelegatedPart.PANEL_CHAIR)
    lent = make.acting(office.session, office.lan).panel_seats[office.round.id]
    assert (lent.id, lent.role) == (seat.id, PanelRole.CHAIR)


def test_the_councils_secretary_never_stands_in_for_its_chair(office: Office) -> None:
    make.council_member(office.session, office.round, office.giang, role=CouncilRole.CHAIR)
    seat: CouncilSeat = make.council_member(office.session, office.round, office.lan, role=CouncilRole.SECRETARY)
    with pytest.raises(Invalid):
        office.lend(DelegatedPart.COUNCIL_CHAIR)
    seat.role = CouncilRole.MEMBER
    office.session.flush()
    office.lend(DelegatedPart.COUNCIL_CHAIR)
    assert make.acting(office.session, office.lan).council_seats[office.round.id].role is CouncilRole.CHAIR


@pytest.mark.parametrize("side", ["giang", "lan"])
def test_either_side_ends_it_early_and_nobody_else(office: Office, side: str) -> None:
    row = office.lend()
    stranger = make.acting(office.session, make.user(office.session, "Mai"))
    with pytest.raises(NotFound):
        delegations.end(office.session, stranger, delegation_id=row.id, now=make.NOW)
    actor = make.acting(office.session, getattr(office, side))
    delegations.end(office.session, actor, delegation_id=row.id, now=make.NOW)
    assert office.rounds_of_lan() == frozenset()


def test_the_taker_is_told_and_the_trail_keeps_it(office: Office) -> None:
    office.lend(reason="Đi công tác")
    mail = office.session.scalars(select(OutboxMail)).one()
    event = office.session.scalars(select(AuditEvent).where(AuditEvent.action == "part:lend")).one()
    assert (mail.user_id, mail.link) == (office.lan.id, "/tai-khoan/uy-quyen")
    assert (event.actor_id, event.chain) == (office.giang.id, f"round:{office.round.id}")
    assert event.details["reason"] == "Đi công tác"
