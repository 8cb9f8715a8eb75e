"""The judge's queue: its order, what is closed, what is masked, and how many statements it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.vocabulary import ConflictAnswer, EntryState, Phase
from app.infra.database import db
from app.models.account import User
from app.models.panel import ConflictDeclaration, PanelSeat
from app.models.round import Round
from app.queries import judging
from tests.app import make


@pytest.fixture
def chi(session: Session) -> User:
    return make.user(session, "Chi")


@pytest.fixture
def round_(session: Session) -> Round:
    return make.round_(session, phase=Phase.JUDGING)


@pytest.fixture
def seat(session: Session, round_: Round, chi: User) -> PanelSeat:
    return make.judge(session, round_, chi, answer=ConflictAnswer.NONE)


def statements(work: Callable[[], Any]) -> int:
    seen: list[str] = []

    def listener(*args: Any) -> None:
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listener)
    work()
    event.remove(db.engine, "before_cursor_execute", listener)
    return len(seen)


def test_the_least_scored_entry_comes_first(session: Session, round_: Round, chi: User, seat: PanelSeat) -> None:
    facility = make.facility(session)
    entries = [make.entry(session, round_, facility, name=name) for name in ("Ấm", "Chén", "Đĩa")]
    for entry in entries:
        make.assignment(session, seat, entry)
    for entry, count in zip(entries, (2, 0, 1), strict=True):
        for number in range(count):
            other = make.judge(session, round_, make.user(session, f"Giám khảo {number}"))
            make.signed_sheet(session, make.assignment(session, other, entry), "30", "30", "5", "5")
    items = judging.queue(session, make.acting(session, chi), round_.id, blind=False)
    assert [(item.product, item.signed_by_all) for item in items] == [("Chén", 0), ("Đĩa", 1), ("Ấm", 2)]


def test_product_names_are_masked_only_in_a_blind_round(session: Session, round_: Round, chi: User, seat: PanelSeat) -> None:
    facility = make.facility(session, name="Hợp tác xã Gốm Phù Lãng")
    make.assignment(session, seat, make.entry(session, round_, facility, name="Bình Gốm Phù Lãng"))
    actor = make.acting(session, chi)
    shown = [judging.queue(session, actor, round_.id, blind=blind)[0].product for blind in (True, False)]
    assert shown == ["Bình [đã ẩn]", "Bình Gốm Phù Lãng"]


def test_a_pending_declaration_closes_its_line(session: Session, round_: Round, chi: User, seat: PanelSeat) -> None:
    entry = make.entry(session, round_, make.facility(session))
    make.assignment(session, seat, entry)
    told = {"kind": "family", "reason": "Em", "declared_at": make.NOW}
    session.add(ConflictDeclaration(seat_id=seat.id, entry_id=entry.id, **told))
    session.flush()
    assert [item.closed for item in judging.queue(session, make.acting(session, chi), round_.id, blind=True)] == [True]


def test_the_queue_takes_as_many_statements_for_three_entries_as_for_one(
    session: Session, round_: Round, chi: User, seat: PanelSeat
) -> None:
    actor, facility = make.acting(session, chi), make.facility(session)
    make.assignment(session, seat, make.entry(session, round_, facility, name="Ấm"))
    session.commit()
    one = statements(lambda: judging.queue(session, actor, round_.id, blind=True))
    for name in ("Chén", "Đĩa"):
        make.assignment(session, seat, make.entry(session, round_, facility, name=name))
    session.commit()
    assert statements(lambda: judging.queue(session, actor, round_.id, blind=True)) == one


def test_a_withdrawn_assignment_and_an_entry_not_accepted_are_not_there(
    session: Session, round_: Round, chi: User, seat: PanelSeat
) -> None:
    facility = make.facility(session)
    withdrawn = make.assignment(session, seat, make.entry(session, round_, facility, name="Ấm"))
    withdrawn.active = False
    refused = make.assignment(session, seat, make.entry(session, round_, facility, name="Chén", state=EntryState.REFUSED))
    session.flush()
    actor = make.acting(session, chi)
    assert judging.queue(session, actor, round_.id, blind=True) == []
    for held in (withdrawn, refused):
        with pytest.raises(NotFound):
            judging.find_assignment(session, actor, held.id)


def test_my_rounds_count_my_own_sheets_and_put_what_is_being_judged_first(
    session: Session, round_: Round, chi: User, seat: PanelSeat
) -> None:
    facility = make.facility(session)
    make.signed_sheet(session, make.assignment(session, seat, make.entry(session, round_, facility)), "30", "30", "5", "5")
    make.assignment(session, seat, make.entry(session, round_, facility, name="Chén"))
    later = make.round_(session, phase=Phase.CHECKING)
    make.judge(session, later, chi)
    mine = judging.my_rounds(session, make.acting(session, chi))
    assert [(item.id, item.total, item.signed, item.left) for item in mine] == [(round_.id, 2, 1, 1), (later.id, 0, 0, 0)]
