"""Rounds: who may found one, what is refused, how it is cloned and moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.rules import RuleSet
from app.domain.vocabulary import EntryState, LevelCode, PanelRole, Phase, UnitTier
from app.models.record import AuditEvent
from app.models.round import Round
from app.models.unit import Unit
from app.queries.readiness import conditions
from app.queries.rights import actor_for
from app.services import rounds
from app.services.rounds import RoundValues
from tests.app import make

OPENS = datetime(2026, 3, 1, 1, tzinfo=UTC)
CLOSES = datetime(2026, 4, 30, 16, 59, 59, tzinfo=UTC)


def values(session: Session, **changed: object) -> RoundValues:
    return RoundValues(
        **{
            "year": 2026,
            "level": LevelCode.PROVINCE,
            "code": "T-24-2026",
            "name": "Bình chọn tỉnh Bắc Ninh năm 2026",
            "unit_id": make.province(session).id,
            "authority": "Ủy ban nhân dân tỉnh Bắc Ninh",
            "signer_title": "Chủ tịch",
            "windows": {Phase.REGISTRATION: (OPENS, CLOSES)},
            **changed,
        }
    )


def giang(session: Session, of: Round | None = None):
    person = make.user(session, "Giang")
    make.secretary(session, person, of)
    return person


def codes(refusal: Invalid) -> dict[str, str]:
    return {fault.field: fault.code for fault in refusal.faults}


def test_a_new_round_is_a_draft_with_all_groups_the_official_rubric_and_the_default_rules(session: Session) -> None:
    person = giang(session)
    row = rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)
    loaded = rounds.load(session, row.id)
    assert [group.group_code for group in loaded.groups] == list(make.GROUPS)
    assert {group.rubric_version_id for group in loaded.groups} == {loaded.groups[0].rubric_version_id}
    assert (loaded.phase, RuleSet.from_dict(loaded.rules)) == (Phase.DRAFT, RuleSet())
    assert [(p.phase, p.opens_at, p.closes_at) for p in loaded.phases] == [(Phase.REGISTRATION, OPENS, CLOSES)]


def test_an_administrator_who_founds_a_round_becomes_its_secretary(session: Session) -> None:
    person = make.user(session, "Quản trị")
    make.administrator(session, person)
    row = rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)
    assert actor_for(session, person.id, now=make.NOW).secretary_of == {row.id}


def test_the_secretary_of_one_round_or_of_another_province_founds_none(session: Session) -> None:
    one = giang(session, make.round_(session))
    other = make.user(session, "Hà")
    grant = make.secretary(session, other)
    grant.unit_id = make.province(session, "Đồng Nai").id
    session.flush()
    for person in (one, other):
        with pytest.raises(Forbidden):
            rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)


def test_the_secretary_of_a_province_founds_its_rounds(session: Session) -> None:
    person = make.user(session, "Hà")
    grant = make.secretary(session, person)
    grant.unit_id = make.province(session).id
    session.flush()
    row = rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)
    assert actor_for(session, person.id, now=make.NOW).secretary_of == {row.id}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "  "}, {"name": "required"}),
        ({"code": ""}, {"code": "required"}),
        ({"unit_id": None}, {"unit_id": "required"}),
        ({"year": 1999}, {"year": "out_of_range"}),
        ({"level": LevelCode.NATION}, {"unit_id": "unit_of_other_level"}),
        ({"level": LevelCode.REGION, "unit_id": None}, {"region_code": "required"}),
        ({"windows": {Phase.JUDGING: (CLOSES, OPENS)}}, {"judging_closes": "closes_before_opens"}),
        ({"windows": {Phase.DRAFT: (OPENS, CLOSES)}}, {"draft_opens": "not_a_choice"}),
        ({"groups": {"XYZ": "Nhóm lạ"}}, {"groups": "not_a_choice"}),
    ],
)
def test_wrong_fields_are_told_by_name(session: Session, changed: dict[str, object], expected: dict[str, str]) -> None:
    person = giang(session)
    with pytest.raises(Invalid) as refusal:
        rounds.create(session, make.acting(session, person), values=values(session, **changed), now=make.NOW)
    assert codes(refusal.value) == expected


def test_a_code_is_given_once(session: Session) -> None:
    person = giang(session)
    rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)
    with pytest.raises(Invalid) as refusal:
        rounds.create(session, make.acting(session, person), values=values(session), now=make.NOW)
    assert codes(refusal.value) == {"code": "code_taken"}


def test_a_clone_keeps_groups_rubrics_rules_and_texts_and_moves_the_dates_by_whole_years(session: Session) -> None:
    person = giang(session)
    strict = RuleSet(minimum_sheets=5, quota_total=30)
    chosen = values(session, groups={"CB": "Nhóm thực phẩm"}, rules=strict)
    old = rounds.create(session, make.acting(session, person), values=chosen, now=make.NOW)
    new = rounds.clone(session, make.acting(session, person), round_id=old.id, year=2028, code="T-24-2028", now=make.NOW)
    loaded = rounds.load(session, new.id)
    assert [(g.group_code, g.name) for g in loaded.groups] == [("CB", "Nhóm thực phẩm")]
    assert RuleSet.from_dict(loaded.rules) == strict
    assert (loaded.phase, loaded.cloned_from_id, loaded.authority) == (Phase.DRAFT, old.id, old.authority)
    assert [(p.opens_at.year, p.opens_at.month, p.closes_at.year) for p in loaded.phases] == [(2028, 3, 2028)]


def test_a_clone_follows_a_merged_province_to_its_successor(session: Session) -> None:
    person = giang(session)
    gone = session.scalars(
        select(Unit).where(Unit.tier == UnitTier.PROVINCE, Unit.name == "Bắc Giang", Unit.valid_to.is_not(None))
    ).one()
    old = make.round_(session, unit=gone, year=2024)
    new = rounds.clone(session, make.acting(session, person), round_id=old.id, year=2026, code="T-24-2026", now=make.NOW)
    assert new.unit_id == make.province(session, "Bắc Ninh").id


def test_a_stranger_cannot_clone_or_see_a_round(session: Session) -> None:
    old = make.round_(session)
    stranger = make.acting(session, make.user(session, "Bình"))
    with pytest.raises(NotFound):
        rounds.clone(session, stranger, round_id=old.id, year=2027, code="X", now=make.NOW)
    with pytest.raises(NotFound):
        rounds.move(session, stranger, round_id=old.id, to=Phase.CHECKING, now=make.NOW)


def test_rules_saved_on_an_old_version_are_refused_with_both_values(session: Session) -> None:
    row = make.round_(session)
    actor = make.acting(session, giang(session, row))
    seen = row.version
    rounds.set_rules(session, actor, round_id=row.id, rules=RuleSet(minimum_sheets=5), version=seen, now=make.NOW)
    with pytest.raises(Stale) as refusal:
        rounds.set_rules(session, actor, round_id=row.id, rules=RuleSet(minimum_sheets=7), version=seen, now=make.NOW)
    assert (refusal.value.theirs, refusal.value.yours) == ({"minimum_sheets": 5}, {"minimum_sheets": 7})


def test_rules_of_a_frozen_round_are_refused_by_the_freeze(session: Session) -> None:
    row = make.round_(session, phase=Phase.JUDGING)
    actor = make.acting(session, giang(session, row))
    with pytest.raises(Refused) as refusal:
        rounds.set_rules(session, actor, round_id=row.id, rules=RuleSet(minimum_sheets=5), now=make.NOW)
    assert refusal.value.code == "frozen"


def test_a_window_is_planned_and_moved_but_not_for_a_phase_that_is_over(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    actor = make.acting(session, giang(session, row))
    later = CLOSES + timedelta(days=3)
    rounds.set_window(session, actor, round_id=row.id, phase=Phase.JUDGING, opens_at=OPENS, closes_at=CLOSES, now=make.NOW)
    window = rounds.set_window(
        session, actor, round_id=row.id, phase=Phase.JUDGING, opens_at=OPENS, closes_at=later, now=make.NOW
    )
    assert (window.phase, window.closes_at) == (Phase.JUDGING, later)
    with pytest.raises(Refused) as refusal:
        rounds.set_window(
            session, actor, round_id=row.id, phase=Phase.REGISTRATION, opens_at=OPENS, closes_at=later, now=make.NOW
        )
    assert refusal.value.code == "phase_over"


def test_registration_opens_only_with_dates_and_an_authority(session: Session) -> None:
    person = giang(session)
    bare = values(session, authority="", windows={})
    row = rounds.create(session, make.acting(session, person), values=bare, now=make.NOW)
    actor = make.acting(session, person)
    assert [c.code for c in conditions(session, row, Phase.REGISTRATION) if not c.met] == [
        "has_authority",
        "has_window_registration",
    ]
    with pytest.raises(Refused) as refusal:
        rounds.move(session, actor, round_id=row.id, to=Phase.REGISTRATION, now=make.NOW)
    assert refusal.value.code == "not_ready"
    rounds.set_window(
        session, actor, round_id=row.id, phase=Phase.REGISTRATION, opens_at=OPENS, closes_at=CLOSES, now=make.NOW
    )
    row.authority = "Ủy ban nhân dân tỉnh Bắc Ninh"
    assert rounds.move(session, actor, round_id=row.id, to=Phase.REGISTRATION, now=make.NOW).phase is Phase.REGISTRATION


@pytest.mark.parametrize(
    ("phase", "to", "code"),
    [
        (Phase.DRAFT, Phase.JUDGING, "phase_not_next"),
        (Phase.REGISTRATION, Phase.DRAFT, "phase_not_next"),
        (Phase.DELIBERATION, Phase.PUBLISHED, "publish_by_order"),
        (Phase.ARCHIVED, Phase.DRAFT, "phase_closed"),
    ],
)
def test_no_phase_is_skipped_and_nothing_is_published_here(session: Session, phase: Phase, to: Phase, code: str) -> None:
    row = make.round_(session, phase=phase)
    actor = make.acting(session, giang(session, row))
    with pytest.raises(Refused) as refusal:
        rounds.move(session, actor, round_id=row.id, to=to, now=make.NOW)
    assert refusal.value.code == code


def jury(session: Session, row: Round, count: int = 3) -> None:
    for number in range(count):
        role = PanelRole.CHAIR if number == 0 else PanelRole.MEMBER
        make.judge(session, row, make.user(session, f"Giám khảo {number + 1}"), role=role)


def test_judging_waits_for_open_entries_and_for_the_panel(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    make.entry(session, row, make.facility(session), name="Đã nhận")
    make.entry(session, row, make.facility(session), name="Đang chờ", state=EntryState.SUBMITTED)
    actor = make.acting(session, giang(session, row))
    unmet = {c.code: c.count for c in conditions(session, row, Phase.JUDGING) if c.blocking and not c.met}
    assert unmet == {"no_open_entries": 1, "has_chair": 0, "enough_judges": 0, "groups_have_judges": 1}
    with pytest.raises(Refused) as refusal:
        rounds.move(session, actor, round_id=row.id, to=Phase.JUDGING, now=make.NOW)
    assert (refusal.value.code, refusal.value.params["count"]) == ("not_ready", 4)


def test_judges_of_other_groups_do_not_count_for_a_group(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    make.entry(session, row, make.facility(session), group="CK")
    for number in range(3):
        make.judge(session, row, make.user(session, "Chi"), groups=["CB"], role=list(PanelRole)[min(number, 1)])
    short = next(c for c in conditions(session, row, Phase.JUDGING) if c.code == "groups_have_judges")
    assert (short.met, short.count) == (False, 1)


def test_opening_judging_freezes_the_round_and_leaves_a_trace(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    make.entry(session, row, make.facility(session))
    jury(session, row)
    actor = make.acting(session, giang(session, row))
    rounds.move(session, actor, round_id=row.id, to=Phase.JUDGING, now=make.NOW)
    assert (row.phase, len(row.frozen_digest or ""), row.frozen_at) == (Phase.JUDGING, 64, make.NOW)
    trace = session.scalars(
        select(AuditEvent.action).where(AuditEvent.chain == f"round:{row.id}").order_by(AuditEvent.number)
    )
    assert trace.all() == ["round:freeze", "round:move"]


def test_deliberation_waits_for_every_sheet_but_not_for_a_judge_who_stepped_back(session: Session) -> None:
    row = make.round_(session, phase=Phase.CHECKING)
    entry = make.entry(session, row, make.facility(session))
    jury(session, row)
    actor = make.acting(session, giang(session, row))
    rounds.move(session, actor, round_id=row.id, to=Phase.JUDGING, now=make.NOW)
    seats = [make.judge(session, row, make.user(session, f"Chi {n}")) for n in range(2)]
    first, second = (make.assignment(session, seat, entry) for seat in seats)
    make.signed_sheet(session, first, "35", "33.5", "8", "7")
    with pytest.raises(Refused) as refusal:
        rounds.move(session, actor, round_id=row.id, to=Phase.DELIBERATION, now=make.NOW)
    assert refusal.value.params["codes"] == ["sheets_signed"]
    second.active = False
    session.flush()
    assert rounds.move(session, actor, round_id=row.id, to=Phase.DELIBERATION, now=make.NOW).phase is Phase.DELIBERATION
