"""Thousands of ids are one parameter, whatever the database."""

from __future__ import annotations

from sqlalchemy import event, not_, select
from sqlalchemy.orm import Session

from app.domain.policies import GUEST
from app.domain.vocabulary import LevelCode
from app.models.round import Round
from app.queries.among import among, of_secretary
from app.queries.rights import actor_for
from tests.app import make


def ids(session: Session, *, wanted: list[int]) -> list[int]:
    return list(session.scalars(select(Round.id).where(among(Round.id, wanted)).order_by(Round.id)))


def test_rounds_among_many_ids_are_found_and_no_others(session: Session) -> None:
    first, second, third = (make.round_(session).id for _ in range(3))
    assert ids(session, wanted=[third, first, 10**9]) == [first, third]
    assert ids(session, wanted=[]) == []
    rest = session.scalars(select(Round.id).where(not_(among(Round.id, {first, third}))))
    assert list(rest) == [second]


def test_more_ids_than_a_statement_takes_parameters_are_one_parameter(session: Session) -> None:
    own = make.round_(session).id
    seen: list[int] = []

    def note(_connection: object, _cursor: object, _statement: str, values: object, *_more: object) -> None:
        seen.append(len(values))  # type: ignore[arg-type]

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        assert ids(session, wanted=list(range(own, own + 100_000))) == [own]
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    assert seen == [1]


def test_a_secretary_of_everything_is_asked_for_no_round_and_one_of_a_unit_for_its_own(session: Session) -> None:
    first, second = make.round_(session), make.round_(session, level=LevelCode.NATION)
    nation, one = make.user(session, "Giang"), make.user(session, "Hạnh")
    make.secretary(session, nation)
    make.secretary(session, one, second)
    session.flush()
    everywhere, there = (actor_for(session, person.id, now=make.NOW) for person in (nation, one))
    assert (everywhere.secretary_everywhere, there.secretary_everywhere) == (True, False)
    assert set(session.scalars(select(Round.id).where(of_secretary(Round.id, everywhere)))) == {first.id, second.id}
    assert set(session.scalars(select(Round.id).where(of_secretary(Round.id, there)))) == {second.id}
    assert list(session.scalars(select(Round.id).where(of_secretary(Round.id, GUEST)))) == []
