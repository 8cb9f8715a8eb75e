"""The council agrees on the list before it is scored: recorded, shown, and outdated by any change of the list."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import EntryState, Phase
from app.models.account import User
from app.models.record import AuditEvent
from app.models.round import Round
from app.queries.agreed_list import agreement, list_now
from app.queries.papers import paper_round
from app.queries.readiness import Condition, conditions
from app.services import agreed_list, papers, results
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.world import World, judged

MINUTES = "số 03/BB-HĐBC ngày 20/11/2026"


def agree(session: Session, world: World, actor: Actor | None = None, *, note: str = MINUTES) -> Round:
    seen = list_now(session, world.round).digest
    return agreed_list.agree(session, actor or world.giang, round_id=world.round.id, note=note, seen=seen, now=make.NOW)


def line(session: Session, world: World) -> Condition:
    return next(one for one in conditions(session, world.round, Phase.JUDGING) if one.code == "list_agreed")


def test_the_agreement_names_its_minutes_and_stands_in_the_chain(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    agree(session, world)
    found = agreement(session, world.round)
    assert found is not None
    assert (found.agreed_at, found.note, found.digest, found.outdated) == (
        make.NOW, MINUTES, list_now(session, world.round).digest, False,
    )  # fmt: skip
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "round:agree_list")).one()
    assert event.details == {"before": None, "after": found.digest, "entries": 4, "note": MINUTES}


def test_the_checklist_warns_until_the_list_is_agreed_and_does_not_hold_the_round_back(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    before = line(session, world)
    agree(session, world)
    assert (before.met, before.blocking, line(session, world).met) == (False, False, True)


@pytest.mark.parametrize("change", ["one more is accepted", "one is refused", "one has a new snapshot"])
def test_a_change_of_the_list_outdates_the_agreement(session: Session, change: str) -> None:
    world = judged(session, phase=Phase.CHECKING)
    agree(session, world)
    if change == "one more is accepted":
        make.entry(session, world.round, world.facilities[0], name="Thêm sau")
    elif change == "one is refused":
        world.entries[0].state = EntryState.REFUSED
    else:
        world.entries[0].snapshot_id = world.entries[1].snapshot_id
    session.flush()
    found = agreement(session, world.round)
    assert found is not None
    assert (found.outdated, line(session, world).met, line(session, world).params) == (True, False, {"outdated": True})


def test_an_entry_that_was_not_accepted_does_not_touch_the_agreement(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    agree(session, world)
    make.entry(session, world.round, world.facilities[0], name="Bị loại", state=EntryState.REFUSED)
    assert line(session, world).met


def test_the_chair_may_write_it_a_member_may_not_and_a_stranger_sees_no_round(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    assert agree(session, world, world.hoa).list_agreed_by_id == world.hoa.user_id
    with pytest.raises(Forbidden):
        agree(session, world, world.members[1])
    with pytest.raises(NotFound):
        agree(session, world, make.acting(session, make.user(session, "Quân")))


def test_nothing_is_agreed_once_judging_has_opened(session: Session) -> None:
    with pytest.raises(Refused, match="phase_closed"):
        agree(session, judged(session, phase=Phase.JUDGING))


def test_a_list_that_changed_on_the_way_is_looked_at_again(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    seen = list_now(session, world.round).digest
    make.entry(session, world.round, world.facilities[0], name="Thêm sau")
    with pytest.raises(Refused, match="list_changed"):
        agreed_list.agree(session, world.giang, round_id=world.round.id, note=MINUTES, seen=seen, now=make.NOW)


def test_the_minutes_are_named_and_an_empty_list_is_not_agreed(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    with pytest.raises(Invalid):
        agree(session, world, note="  ")
    for entry in world.entries:
        entry.state = EntryState.REFUSED
    session.flush()
    with pytest.raises(Refused, match="list_empty"):
        agree(session, world)


def test_the_minutes_of_the_jury_tell_of_the_agreement(session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    digest = agree(session, world).list_digest
    world.round.phase, world.round.frozen_digest, world.round.frozen_at = Phase.DELIBERATION, "f" * 64, make.NOW
    session.flush()
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    minutes = papers.compose(world.giang, paper_round(session, world.round.id), "jury_minutes")
    assert minutes.proceedings[0] == (
        f"Hội đồng đã thống nhất danh sách đưa vào chấm điểm theo biên bản {MINUTES}, ghi ngày 21/11/2026; "
        f"mã SHA-256 của danh sách: {digest}."
    )


def test_the_page_takes_the_minutes_and_shows_when_the_list_has_moved_on(app: Flask, session: Session) -> None:
    world = judged(session, phase=Phase.CHECKING)
    browser = sign_in(app, session.get_one(User, world.giang.user_id))
    address = f"/to-giup-viec/dot/{world.round.id}/hoi-dong"
    seen = list_now(session, world.round).digest
    assert f'value="{seen}"' in browser.get(address).text
    assert browser.post(f"{address}/danh-sach-cham", data={"note": "", "seen": seen}).status_code == 422
    told = browser.post(f"{address}/danh-sach-cham", data={"note": MINUTES, "seen": seen}, follow_redirects=True)
    assert ("Hội đồng đã thống nhất danh sách đang có." in told.text, MINUTES in told.text) == (True, True)
    make.entry(session, world.round, world.facilities[0], name="Thêm sau")
    assert "đã thay đổi sau khi hội đồng thống nhất" in browser.get(address).text
    assert (
        "đã thay đổi sau khi hội đồng thống nhất" in browser.get(f"/to-giup-viec/dot/{world.round.id}/chuyen/judging").text
    )
