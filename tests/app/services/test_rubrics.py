"""Rubrics: the circular's four criteria stand, everything else is versioned and freezes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused, Stale
from app.domain.policies import Actor
from app.domain.vocabulary import Phase
from app.models.round import Round
from app.models.rubric import RubricVersion
from app.services import rounds, rubrics
from scoring import catalog
from scoring.rubric import Rubric, SubCriterion
from tests.app import make

OFFICIAL = catalog.load("tt26-2014-phu-luc-4")


def with_step(step: str) -> Rubric:
    return replace(OFFICIAL, criteria=tuple(replace(one, step=Decimal(step)) for one in OFFICIAL.criteria))


def with_parts() -> Rubric:
    parts = (SubCriterion("3.1", "Bản sắc", Decimal(6)), SubCriterion("3.2", "Thẩm mỹ", Decimal(4)))
    first, second, third, fourth = OFFICIAL.criteria
    return replace(OFFICIAL, criteria=(first, second, replace(third, sub_criteria=parts), fourth))


def desk(session: Session, phase: Phase = Phase.REGISTRATION) -> tuple[Round, Actor]:
    row = make.round_(session, phase=phase)
    person = make.user(session, "Giang")
    make.secretary(session, person, row)
    return row, make.acting(session, person)


def group_version(session: Session, row: Round, code: str) -> int:
    return next(g.rubric_version_id for g in rounds.load(session, row.id).groups if g.group_code == code)


def test_a_changed_rubric_is_a_new_version_of_its_group_alone(session: Session) -> None:
    row, actor = desk(session)
    official = group_version(session, row, "CB")
    version = rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_parts(), now=make.NOW)
    assert (version.number, Rubric.from_dict(version.content)) == (1, with_parts())
    assert [group_version(session, row, code) for code in ("CB", "CK")] == [version.id, official]
    second = rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_step("0.25"), now=make.NOW)
    assert (second.number, second.rubric_id) == (2, version.rubric_id)
    assert Rubric.from_dict(session.get_one(RubricVersion, version.id).content) == with_parts()


def test_saving_the_same_again_makes_no_version(session: Session) -> None:
    row, actor = desk(session)
    before = session.scalar(select(func.count()).select_from(RubricVersion))
    rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=OFFICIAL, now=make.NOW)
    assert session.scalar(select(func.count()).select_from(RubricVersion)) == before


def test_one_rubric_can_be_given_to_several_groups(session: Session) -> None:
    row, actor = desk(session)
    version = rubrics.save(
        session, actor, round_id=row.id, group_code="CB", rubric=with_parts(), also=("CK", "KHAC"), now=make.NOW
    )
    assert [group_version(session, row, code) == version.id for code in make.GROUPS] == [False, True, True, True]


def test_criteria_and_maxima_of_the_circular_cannot_be_changed(session: Session) -> None:
    row, actor = desk(session)
    first, *rest = OFFICIAL.criteria
    for changed in (
        replace(OFFICIAL, criteria=(replace(first, max=Decimal(50)), *rest)),
        replace(OFFICIAL, criteria=(replace(first, name="Thị trường"), *rest)),
        replace(OFFICIAL, criteria=tuple(rest)),
    ):
        with pytest.raises(Refused) as refusal:
            rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=changed, now=make.NOW)
        assert refusal.value.code == "rubric_not_statutory"


def test_a_step_must_divide_the_maximum(session: Session) -> None:
    row, actor = desk(session)
    with pytest.raises(Invalid) as refusal:
        rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_step("0.3"), now=make.NOW)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("step_1", "step_does_not_fit")]


def test_a_frozen_rubric_is_refused_and_a_strange_group_or_person_finds_nothing(session: Session) -> None:
    row, actor = desk(session, Phase.JUDGING)
    with pytest.raises(Refused) as refusal:
        rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_parts(), now=make.NOW)
    assert refusal.value.code == "frozen"
    open_round, secretary = desk(session)
    stranger = make.acting(session, make.user(session, "Bình"))
    for who, code in ((secretary, "XYZ"), (stranger, "CB")):
        with pytest.raises(NotFound):
            rubrics.save(session, who, round_id=open_round.id, group_code=code, rubric=with_parts(), now=make.NOW)


def test_the_second_of_two_editors_is_told(session: Session) -> None:
    row, actor = desk(session)
    seen = group_version(session, row, "CB")
    rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_parts(), based_on=seen, now=make.NOW)
    with pytest.raises(Stale):
        rubrics.save(session, actor, round_id=row.id, group_code="CB", rubric=with_step("1"), based_on=seen, now=make.NOW)
