"""Panels: seats until the freeze, and assignments that are fair, kept and free of conflicts."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictRuling, EntryState, MemberRole, PanelRole, Phase
from app.models.entry import Entry
from app.models.facility import FacilityMember
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.services import assigning, panels
from scoring.assignment import Mode
from tests.app import make


@pytest.fixture
def round_(session: Session) -> Round:
    return make.round_(session, phase=Phase.CHECKING)


@pytest.fixture
def giang(session: Session, round_: Round) -> Actor:
    """The round's secretary."""
    person = make.user(session, "Giang")
    make.secretary(session, person, round_)
    return make.acting(session, person)


def seat(session: Session, actor: Actor, round_: Round, name: str, role: PanelRole = PanelRole.MEMBER, **more) -> PanelSeat:
    person = make.user(session, name)
    return panels.seat(session, actor, round_id=round_.id, user_id=person.id, role=role, now=make.NOW, **more)


def entries(session: Session, round_: Round, count: int, group: str = "TCMN") -> list[Entry]:
    facility = make.facility(session)
    return [make.entry(session, round_, facility, name=f"Sản phẩm {group} {n}", group=group) for n in range(count)]


def assign(session: Session, actor: Actor, round_: Round, mode: Mode = Mode.ALL, **more) -> int:
    return assigning.assign(session, actor, round_id=round_.id, mode=mode, now=make.NOW, **more)


def pairs(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(
        select(Entry.code, PanelSeat.code)
        .join(Assignment, Assignment.entry_id == Entry.id)
        .join(PanelSeat, PanelSeat.id == Assignment.seat_id)
        .where(Assignment.active)
    )
    return {(entry, judge) for entry, judge in rows}


# --- seats ------------------------------------------------------------------------------------


def test_seats_get_codes_in_turn_and_their_people_a_message(session: Session, round_: Round, giang: Actor) -> None:
    first = seat(session, giang, round_, "Hoa", PanelRole.CHAIR, position="Phó Giám đốc Sở")
    second = seat(session, giang, round_, "Chi", groups=["CB", "TCMN"], maximum_load=20)
    assert (first.code, first.position, second.code, second.groups) == ("J01", "Phó Giám đốc Sở", "J02", ["TCMN", "CB"])
    assert len(session.scalars(select(OutboxMail)).all()) == 2
    assert session.scalars(select(AuditEvent.action)).all() == ["panel:seat", "panel:seat"]


def test_a_second_chair_an_unknown_group_and_an_odd_load_are_refused_together(
    session: Session, round_: Round, giang: Actor
) -> None:
    seat(session, giang, round_, "Hoa", PanelRole.CHAIR)
    with pytest.raises(Invalid) as refusal:
        seat(session, giang, round_, "Chi", PanelRole.CHAIR, groups=["OCOP"], maximum_load=0)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        ("groups", "not_a_choice"),
        ("maximum_load", "out_of_range"),
        ("role", "chair_taken"),
    ]


def test_nobody_sits_twice_and_unknown_people_do_not_sit(session: Session, round_: Round, giang: Actor) -> None:
    chi = make.user(session, "Chi", email="chi@example.vn")
    for user_id, code in ((chi.id, None), (chi.id, "already_seated"), (9999, "no_such_account")):
        if code is None:
            panels.seat(session, giang, round_id=round_.id, user_id=user_id, role=PanelRole.MEMBER, now=make.NOW)
            continue
        with pytest.raises(Invalid, match=code):
            panels.seat(session, giang, round_id=round_.id, user_id=user_id, role=PanelRole.MEMBER, now=make.NOW)
    assert panels.find_account(session, " CHI@Example.vn ") == chi.id
    with pytest.raises(Invalid, match="no_such_account"):
        panels.find_account(session, "khong@example.vn")


def test_the_roster_cannot_change_once_it_is_frozen(session: Session, round_: Round, giang: Actor) -> None:
    chi = seat(session, giang, round_, "Chi")
    round_.frozen_digest, round_.phase = "f" * 64, Phase.JUDGING
    session.flush()
    for deed in (
        lambda: seat(session, giang, round_, "Dũng"),
        lambda: panels.change(session, giang, seat_id=chi.id, role=PanelRole.CHAIR, now=make.NOW),
        lambda: panels.unseat(session, giang, seat_id=chi.id, now=make.NOW),
    ):
        with pytest.raises(Refused, match="frozen"):
            deed()


def test_only_the_rounds_secretary_seats_people(session: Session, round_: Round) -> None:
    with pytest.raises(NotFound):
        seat(session, make.acting(session, make.user(session, "Bình")), round_, "Chi")


def test_a_seat_is_changed_and_taken_away_with_its_assignments(session: Session, round_: Round, giang: Actor) -> None:
    chi, hoa = seat(session, giang, round_, "Chi"), seat(session, giang, round_, "Hoa")
    entries(session, round_, 2)
    assign(session, giang, round_)
    panels.change(session, giang, seat_id=chi.id, role=PanelRole.SECRETARY, now=make.NOW)
    assert {judge for _, judge in pairs(session)} == {"J02"}
    panels.unseat(session, giang, seat_id=hoa.id, now=make.NOW)
    assert pairs(session) == set()
    assert session.scalars(select(PanelSeat.code)).all() == ["J01"]


# --- assignments ------------------------------------------------------------------------------


def test_everyone_scores_everything_but_the_secretary_of_the_panel_and_only_what_was_accepted(
    session: Session, round_: Round, giang: Actor
) -> None:
    seat(session, giang, round_, "Hoa", PanelRole.CHAIR)
    seat(session, giang, round_, "Chi")
    seat(session, giang, round_, "Giang", PanelRole.SECRETARY)
    entries(session, round_, 2)
    make.entry(session, round_, make.facility(session), name="Chưa nhận", state=EntryState.SUBMITTED)
    assert assign(session, giang, round_) == 4
    assert pairs(session) == {(e, j) for e in ("TCMN-001", "TCMN-002") for j in ("J01", "J02")}


def test_by_group_only_experts_of_the_group_score_and_no_groups_means_all(
    session: Session, round_: Round, giang: Actor
) -> None:
    seat(session, giang, round_, "Chi", groups=["TCMN"])
    seat(session, giang, round_, "Dũng", groups=["CB"])
    seat(session, giang, round_, "Hoa")
    entries(session, round_, 1, "TCMN")
    entries(session, round_, 1, "CB")
    assign(session, giang, round_, Mode.BY_GROUP)
    assert pairs(session) == {("TCMN-001", "J01"), ("TCMN-001", "J03"), ("CB-001", "J02"), ("CB-001", "J03")}


def test_k_judges_an_entry_with_even_loads_and_the_seed_kept(session: Session, round_: Round, giang: Actor) -> None:
    for name in ("Chi", "Dũng", "Hoa", "Lan"):
        seat(session, giang, round_, name)
    entries(session, round_, 6)
    assert assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=2, seed=7) == 12
    assert set(Counter(judge for _, judge in pairs(session)).values()) == {3}
    assert set(session.scalars(select(Assignment.seed))) == {7}


def test_the_same_seed_gives_the_same_preview_and_applying_gives_what_was_previewed(
    session: Session, round_: Round, giang: Actor
) -> None:
    for name in ("Chi", "Dũng", "Hoa"):
        seat(session, giang, round_, name)
    entries(session, round_, 5)
    same = {"round_id": round_.id, "mode": Mode.K_PER_ENTRY, "per_entry": 2, "seed": 11}
    shown = assigning.preview(session, giang, **same)
    assert assigning.preview(session, giang, **same).plan.pairs == shown.plan.pairs
    assert pairs(session) == set()
    assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=2, seed=11, expected=shown.digest)
    assert pairs(session) == set(shown.plan.pairs)


def test_a_plan_that_is_not_the_previewed_one_is_refused(session: Session, round_: Round, giang: Actor) -> None:
    seat(session, giang, round_, "Chi")
    entries(session, round_, 1)
    shown = assigning.preview(session, giang, round_id=round_.id, mode=Mode.ALL, seed=1)
    seat(session, giang, round_, "Dũng")
    with pytest.raises(Refused, match="plan_changed"):
        assign(session, giang, round_, seed=1, expected=shown.digest)


def test_assigning_again_keeps_what_is_there(session: Session, round_: Round, giang: Actor) -> None:
    for name in ("Chi", "Dũng", "Hoa"):
        seat(session, giang, round_, name)
    entries(session, round_, 3)
    assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=1, seed=1)
    before = pairs(session)
    entries(session, round_, 3, "CB")
    assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=1, seed=99)
    assert before < pairs(session)
    assert set(Counter(judge for _, judge in pairs(session)).values()) == {2}


def test_recusals_open_declarations_and_ones_own_facility_are_never_assigned(
    session: Session, round_: Round, giang: Actor
) -> None:
    chi, dung, hoa, lan = (seat(session, giang, round_, name) for name in ("Chi", "Dũng", "Hoa", "Lan"))
    (entry,) = entries(session, round_, 1)
    session.add(Recusal(seat_id=chi.id, entry_id=entry.id, reason="Em trai", recused_at=make.NOW))
    told = {"entry_id": entry.id, "kind": "family", "reason": "Cháu", "declared_at": make.NOW}
    session.add(ConflictDeclaration(seat_id=dung.id, **told))
    session.add(ConflictDeclaration(seat_id=hoa.id, ruling=ConflictRuling.DISMISSED, ruled_at=make.NOW, **told))
    session.add(
        FacilityMember(facility_id=entry.facility_id, user_id=lan.user_id, role=MemberRole.OWNER, joined_at=make.NOW)
    )
    session.flush()
    assign(session, giang, round_)
    assert pairs(session) == {(entry.code, "J03")}


def test_a_new_conflict_takes_an_assignment_away_when_assigning_again(session: Session, round_: Round, giang: Actor) -> None:
    chi = seat(session, giang, round_, "Chi")
    seat(session, giang, round_, "Dũng")
    (entry,) = entries(session, round_, 1)
    assign(session, giang, round_)
    session.add(Recusal(seat_id=chi.id, entry_id=entry.id, reason="Em trai", recused_at=make.NOW))
    session.flush()
    assert assigning.preview(session, giang, round_id=round_.id, mode=Mode.ALL).dropped == {(entry.code, "J01")}
    assign(session, giang, round_)
    assert pairs(session) == {(entry.code, "J02")}


def test_what_cannot_be_assigned_is_told_entry_by_entry_and_nothing_is_written(
    session: Session, round_: Round, giang: Actor
) -> None:
    seat(session, giang, round_, "Chi")
    entries(session, round_, 2)
    with pytest.raises(Refused) as refusal:
        assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=2)
    assert (refusal.value.code, refusal.value.params["count"]) == ("assignment_infeasible", 2)
    assert refusal.value.params["shortages"][0].startswith("Sản phẩm TCMN-001 cần 2 giám khảo")
    assert pairs(session) == set()


def test_maximum_loads_are_kept(session: Session, round_: Round, giang: Actor) -> None:
    seat(session, giang, round_, "Chi", maximum_load=1)
    seat(session, giang, round_, "Dũng")
    entries(session, round_, 4)
    assign(session, giang, round_, Mode.K_PER_ENTRY, per_entry=1)
    assert Counter(judge for _, judge in pairs(session)) == {"J01": 1, "J02": 3}


def test_assignment_belongs_to_checking_and_judging_and_to_the_secretary(
    session: Session, round_: Round, giang: Actor
) -> None:
    chi = seat(session, giang, round_, "Chi")
    entries(session, round_, 1)
    judge = make.acting(session, session.get_one(type(make.user(session)), chi.user_id))
    with pytest.raises(Forbidden):
        assign(session, judge, round_)
    round_.phase = Phase.REGISTRATION
    session.flush()
    with pytest.raises(Refused, match="phase_closed"):
        assign(session, giang, round_)


def test_a_mode_with_k_needs_a_k_and_an_empty_panel_is_told(session: Session, round_: Round, giang: Actor) -> None:
    with pytest.raises(Refused, match="nothing_to_assign"):
        assign(session, giang, round_)
    with pytest.raises(Invalid, match="per_entry"):
        assign(session, giang, round_, Mode.K_PER_ENTRY)


def test_a_drawn_seed_can_be_typed_again(session: Session) -> None:
    from app.web.secretariat.panel_assigning import _number

    assert _number(str(assigning.SEEDS - 1)) == assigning.SEEDS - 1


def test_one_message_tells_a_judge_of_everything_that_one_change_gave_and_took(session: Session) -> None:
    round_ = make.round_(session, phase=Phase.JUDGING)
    both, gone = (make.judge(session, round_, make.user(session, name)) for name in ("Chi", "Dũng"))
    assigning.tell_assignments(
        session,
        round_,
        added=[both.code, both.code],
        dropped=[("CB-002", both.code), ("CB-001", both.code), ("CB-001", gone.code)],
        now=make.NOW,
    )
    told = {row.user_id: row.body for row in session.scalars(select(OutboxMail))}
    assert told == {
        both.user_id: "Bạn được phân công thêm 2 sản phẩm để chấm điểm.\nBạn không còn chấm: CB-001, CB-002.",
        gone.user_id: "Bạn không còn chấm: CB-001.",
    }
