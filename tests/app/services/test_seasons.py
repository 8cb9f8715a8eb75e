"""A province competes in another region for one year: on a decision, by who may, before the jury sits."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.errors import Forbidden, Invalid, Refused
from app.domain.policies import Actor
from app.domain.territory import covers
from app.domain.vocabulary import LevelCode, Phase, Role
from app.models.account import RoleGrant
from app.models.record import AuditEvent
from app.queries.facilities import facility, place_of
from app.queries.registration import territory_of
from app.queries.seasons import provinces_of
from app.services import seasons
from tests.app import make

SOURCE = "Quyết định mẫu 5/QĐ ngày 02/03/2026"


def organiser(session: Session, **where: int) -> Actor:
    person = make.user(session, "Tổ chức")
    session.add(RoleGrant(user_id=person.id, role=Role.ORGANISER, granted_at=make.NOW, **where))
    session.flush()
    return make.acting(session, person)


def move(session: Session, actor: Actor, *, to: str = "south", source: str = SOURCE, year: int = 2026) -> None:
    seasons.move_province(
        session, actor, year=year, province_code=make.province(session, "Lâm Đồng").code, region_code=to, source=source,
        now=make.NOW,
    )  # fmt: skip


def test_the_rounds_of_the_year_obey_and_those_of_another_year_do_not(session: Session) -> None:
    owner = facility(session, make.facility(session, province=make.province(session, "Lâm Đồng")).id)
    assert owner is not None
    place = place_of(owner)
    south = make.round_(session, level=LevelCode.REGION, region_code="south")
    later = make.round_(session, level=LevelCode.REGION, region_code="south", year=2028)
    central = make.round_(session, level=LevelCode.REGION, region_code="central")
    move(session, organiser(session))
    session.refresh(south)
    for row in (south, central, later):
        session.refresh(row, ["season"])
    today = local_date(make.NOW)
    assert [covers(territory_of(session, row, today), place) for row in (south, central, later)] == [True, False, False]


def test_the_decision_is_kept_with_the_year_and_in_the_audit_chain(session: Session) -> None:
    move(session, organiser(session))
    (line,) = [one for one in provinces_of(session, 2026, make.NOW.date()) if one.name == "Tỉnh Lâm Đồng"]
    assert (line.ordinary, line.region, line.source, line.by, line.at) == ("central", "south", SOURCE, "Tổ chức", make.NOW)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "season:move_province")).one()
    assert event.details == {"province": "68", "before": "central", "after": "south", "source": SOURCE}


def test_going_back_rests_on_a_decision_too(session: Session) -> None:
    actor = organiser(session)
    move(session, actor)
    move(session, actor, to="central", source="Quyết định mẫu 9/QĐ")
    assert make.season(session).regions == {}
    (line,) = [one for one in provinces_of(session, 2026, make.NOW.date()) if one.code == "68"]
    assert (line.is_moved, line.source) == (False, "Quyết định mẫu 9/QĐ")


@pytest.mark.parametrize(
    ("to", "source", "field", "code"),
    [("south", " ", "source", "source_required"), ("west", SOURCE, "region_code", "not_a_choice")],
)
def test_a_move_without_a_decision_or_to_nowhere_is_refused(
    session: Session, to: str, source: str, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        move(session, organiser(session), to=to, source=source)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]


def test_nobody_is_moved_while_a_regional_jury_of_the_year_scores(session: Session) -> None:
    make.round_(session, level=LevelCode.REGION, region_code="south", phase=Phase.JUDGING)
    with pytest.raises(Refused) as refused:
        move(session, organiser(session))
    assert refused.value.code == "season_running"
    move(session, organiser(session), year=2028)


def test_who_organises_one_territory_may_not_move_provinces(session: Session) -> None:
    with pytest.raises(Forbidden):
        move(session, organiser(session, unit_id=make.province(session).id))
    with pytest.raises(Refused) as refused:
        move(session, organiser(session), to="central")
    assert refused.value.code == "region_unchanged"
