"""Freezing: what is written down, under which digest, and that nothing changes it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import PanelRole, Phase
from app.models.panel import PanelSeat
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from app.services import freezing
from scoring.canonical import canonical_json, sha256_of
from tests.app import make


def frozen(session: Session) -> tuple[Round, Actor]:
    row = make.round_(session, phase=Phase.CHECKING, rules=RuleSet(minimum_sheets=5))
    seat = make.judge(session, row, make.user(session, "Chi"), role=PanelRole.CHAIR, groups=["CB"], maximum_load=40)
    seat.on_roster = False
    giang = make.user(session, "Giang")
    make.secretary(session, giang, row)
    actor = make.acting(session, giang)
    freezing.freeze(session, actor, row, now=make.NOW)
    return row, actor


def test_rules_rubrics_and_roster_are_written_down_under_one_digest(session: Session) -> None:
    row, _ = frozen(session)
    content = row.frozen_content
    assert content is not None
    assert content["rules"]["minimum_sheets"] == 5
    assert sorted(content["rubrics"]) == sorted(make.GROUPS)
    assert [(seat["name"], seat["role"], seat["groups"], seat["maximum_load"]) for seat in content["roster"]] == [
        ("Chi", "chair", ["CB"], 40)
    ]
    assert row.frozen_digest == sha256_of(content)


def test_the_digest_survives_the_database(session: Session) -> None:
    row, _ = frozen(session)
    written = json.loads(canonical_json(row.frozen_content))
    session.commit()
    session.expire_all()
    again = session.get_one(Round, row.id)
    assert (freezing.holds(again), again.frozen_content) == (True, written)


def test_one_changed_point_breaks_the_digest(session: Session) -> None:
    row, _ = frozen(session)
    changed = json.loads(canonical_json(row.frozen_content))
    changed["rules"]["pass_mark"] = "69"
    row.frozen_content = changed
    assert freezing.holds(row) is False


def test_seats_go_on_the_roster_and_rubric_versions_are_closed(session: Session) -> None:
    row, _ = frozen(session)
    session.expire_all()
    assert session.scalars(select(PanelSeat.on_roster).where(PanelSeat.round_id == row.id)).all() == [True]
    used = session.scalars(
        select(RubricVersion.frozen_at)
        .join(RoundGroup, RoundGroup.rubric_version_id == RubricVersion.id)
        .where(RoundGroup.round_id == row.id)
    ).all()
    assert set(used) == {make.NOW}


def test_a_round_is_frozen_once(session: Session) -> None:
    row, actor = frozen(session)
    with pytest.raises(Refused) as refusal:
        freezing.freeze(session, actor, row, now=make.NOW)
    assert refusal.value.code == "frozen"


def test_what_was_frozen_holds_whatever_the_row_says_later(session: Session) -> None:
    row, _ = frozen(session)
    row.rules = RuleSet(minimum_sheets=9).to_dict()
    assert freezing.rules_of(row).minimum_sheets == 5
    assert [str(c.max) for c in freezing.rubric_of(row, "CB").criteria] == ["40", "40", "10", "10"]


def test_before_judging_there_is_no_frozen_rubric(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    with pytest.raises(Refused) as refusal:
        freezing.rubric_of(row, "CB")
    assert (refusal.value.code, freezing.holds(row)) == ("not_frozen", False)
