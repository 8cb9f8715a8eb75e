"""Scoring: drafts, signatures, reopening, and what bad input is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictAnswer, PanelRole, Phase, SheetAction, SheetState
from app.infra.database import db, unit_of_work
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round, RoundGroup
from app.models.rubric import RubricVersion
from app.models.sheet import ScoreEvent, ScoreSheet
from app.services import chain, judging
from scoring.rubric import Criterion, Rubric, SubCriterion
from tests.app import make

FULL = {"1": "34,5", "2": "33.0", "3": "9", "4": "7,5"}


@dataclass
class Hall:
    """Chi judges one entry of An, Dũng is another judge, Hoa chairs the panel, all behind the gate."""

    round: Round
    entry: Entry
    seat: PanelSeat
    assignment: Assignment
    chi: Actor
    dung: Actor
    hoa: Actor


@pytest.fixture
def hall(session: Session) -> Hall:
    round_ = make.round_(session, phase=Phase.JUDGING)
    entry = make.entry(session, round_, make.facility(session, make.user(session, "An")))
    people = [make.user(session, name) for name in ("Chi", "Dũng", "Hoa")]
    roles = (PanelRole.MEMBER, PanelRole.MEMBER, PanelRole.CHAIR)
    seats = [
        make.judge(session, round_, person, role=role, answer=ConflictAnswer.NONE)
        for person, role in zip(people, roles, strict=True)
    ]
    assignment = make.assignment(session, seats[0], entry)
    chi, dung, hoa = (make.acting(session, person) for person in people)
    return Hall(round_, entry, seats[0], assignment, chi, dung, hoa)


def save(session: Session, hall: Hall, points: dict[str, str], *, version: int = 0, operation: str = "op-1", **other: Any):
    return judging.save_draft(
        session,
        other.pop("actor", hall.chi),
        assignment_id=hall.assignment.id,
        points=points,
        comment=other.pop("comment", ""),
        version=version,
        operation=operation,
        now=other.pop("now", make.NOW),
    )


def sign(session: Session, hall: Hall, *, version: int, operation: str = "sign-1"):
    return judging.sign(
        session, hall.chi, assignment_id=hall.assignment.id, version=version, operation=operation, now=make.NOW
    )


def signed(session: Session, hall: Hall) -> judging.SavedSheet:
    return sign(session, hall, version=save(session, hall, FULL).version)


def kept(session: Session, hall: Hall) -> dict[str, Decimal | None]:
    sheet = session.scalars(
        select(ScoreSheet)
        .where(ScoreSheet.assignment_id == hall.assignment.id)
        .options(selectinload(ScoreSheet.lines))
        .execution_options(populate_existing=True)
    ).first()
    return {} if sheet is None else {line.criterion: line.points for line in sheet.lines}


# --- drafts -----------------------------------------------------------------------------------


def test_a_draft_keeps_what_is_there_and_leaves_the_rest_empty(session: Session, hall: Hall) -> None:
    saved = save(session, hall, {"1": "34,5", "3": ""}, comment="Men sâu.")
    assert (saved.version, saved.state, saved.total, saved.running) == (1, SheetState.DRAFT, None, Decimal("34.5"))
    assert kept(session, hall) == {"1": Decimal("34.5"), "2": None, "3": None, "4": None}


def test_both_decimal_marks_are_understood_and_the_server_adds_up(session: Session, hall: Hall) -> None:
    saved = save(session, hall, FULL)
    assert (saved.total, saved.running) == (Decimal("84"), Decimal("84"))


def test_every_save_makes_a_new_version_even_at_the_same_instant(session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30"})
    assert save(session, hall, {"1": "31"}, version=1, operation="op-2").version == 2
    assert save(session, hall, {}, version=2, operation="op-3").version == 3
    assert kept(session, hall)["1"] == Decimal("31")


def test_an_empty_text_takes_points_away_and_an_absent_code_keeps_them(session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30", "2": "20"})
    save(session, hall, {"1": ""}, version=1, operation="op-2")
    assert kept(session, hall) == {"1": None, "2": Decimal("20"), "3": None, "4": None}


def test_the_same_operation_is_answered_as_the_first_time(session: Session, hall: Hall) -> None:
    first = save(session, hall, {"1": "30"})
    save(session, hall, {"1": "31"}, version=1, operation="op-2")
    again = save(session, hall, {"1": "30"}, now=make.NOW + timedelta(minutes=5))
    assert again == first
    assert kept(session, hall)["1"] == Decimal("31")
    assert session.scalar(select(func.count()).select_from(ScoreEvent)) == 2


def test_the_same_operation_with_another_body_is_refused(session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30"})
    with pytest.raises(Invalid) as refusal:
        save(session, hall, {"1": "31"})
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("operation", "operation_reused")]


def test_a_stale_save_is_refused_with_both_versions(session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30"}, comment="Một")
    save(session, hall, {"1": "31,5"}, version=1, operation="op-2", comment="Hai")
    with pytest.raises(Stale) as refusal:
        save(session, hall, {"1": "28"}, version=1, operation="op-3", comment="Ba")
    stale = refusal.value
    assert (stale.version, stale.theirs["1"], stale.theirs["comment"]) == (2, "31,5", "Hai")
    assert stale.yours == {"1": "28", "comment": "Ba"}
    assert kept(session, hall)["1"] == Decimal("31.5")


# --- bad input --------------------------------------------------------------------------------

BAD = [
    ("40,5", "points_above_maximum"),
    ("41", "points_above_maximum"),
    ("-1", "points_negative"),
    ("33,3", "points_off_step"),
    ("0,25", "points_off_step"),
    ("NaN", "points_not_plain"),
    ("Infinity", "points_not_plain"),
    ("1e400", "points_not_plain"),
    ("1e1", "points_not_plain"),
    ("３４", "points_not_plain"),
    ("٣٤", "points_not_plain"),
    ("+34", "points_not_plain"),
    ("1.000,5", "points_not_plain"),
    ("34,", "points_not_plain"),
    (",5", "points_not_plain"),
    ("0x10", "points_not_plain"),
    ("3 4", "points_not_plain"),
    ("34 điểm", "points_not_plain"),
    ("9" * 25, "points_too_long"),
]


@pytest.mark.parametrize(("typed", "code"), BAD, ids=[text for text, _ in BAD])
def test_points_that_cannot_stand_are_refused_and_the_draft_stays(
    session: Session, hall: Hall, typed: str, code: str
) -> None:
    save(session, hall, {"1": "30", "2": "20"})
    with pytest.raises(Invalid) as refusal:
        save(session, hall, {"1": typed, "2": "25"}, version=1, operation="op-2")
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("1", code)]
    assert kept(session, hall) == {"1": Decimal("30"), "2": Decimal("20"), "3": None, "4": None}


def test_every_wrong_field_is_named_at_once(session: Session, hall: Hall) -> None:
    with pytest.raises(Invalid) as refusal:
        save(session, hall, {"1": "41", "2": "x", "3": "9", "9": "1"}, comment="a" * 4001)
    found = [(fault.field, fault.code) for fault in refusal.value.faults]
    assert found == [
        ("1", "points_above_maximum"),
        ("2", "points_not_plain"),
        ("9", "criterion_unknown"),
        ("comment", "too_long"),
    ]
    assert kept(session, hall) == {}


@pytest.mark.parametrize("operation", ["", "x" * 65])
def test_an_operation_needs_an_id_of_at_most_64_signs(session: Session, hall: Hall, operation: str) -> None:
    with pytest.raises(Invalid) as refusal:
        save(session, hall, {"1": "30"}, operation=operation)
    assert refusal.value.faults[0].code == "operation_missing"


# --- who and when -----------------------------------------------------------------------------


def test_another_judges_assignment_is_not_there(session: Session, hall: Hall) -> None:
    with pytest.raises(NotFound):
        save(session, hall, FULL, actor=hall.dung)


def test_the_secretary_of_the_panel_cannot_score_even_with_an_assignment(session: Session, hall: Hall) -> None:
    hall.seat.role = PanelRole.SECRETARY
    session.flush()
    with pytest.raises(NotFound):
        save(session, hall, FULL)


def test_nothing_is_scored_before_the_judge_has_answered_the_gate(session: Session, hall: Hall) -> None:
    for answer in (None, ConflictAnswer.LATER):
        hall.seat.answer = answer
        session.flush()
        with pytest.raises(Refused, match="declare_first"):
            save(session, hall, FULL)


def test_a_declared_entry_is_closed_until_the_chair_rules(session: Session, hall: Hall) -> None:
    declared = ConflictDeclaration(
        seat_id=hall.seat.id, entry_id=hall.entry.id, kind="family", reason="Em trai", declared_at=make.NOW
    )
    session.add(declared)
    session.flush()
    with pytest.raises(Refused, match="conflict_pending"):
        save(session, hall, FULL)


@pytest.mark.parametrize("phase", [Phase.DELIBERATION, Phase.PUBLISHED])
def test_nothing_is_saved_once_judging_is_over(session: Session, hall: Hall, phase: Phase) -> None:
    hall.round.phase = phase
    hall.round.published_at = make.NOW
    session.flush()
    with pytest.raises(Refused, match="phase_closed"):
        save(session, hall, FULL)


# --- signing ----------------------------------------------------------------------------------


def test_signing_locks_the_sheet_with_the_total_that_the_server_counts(session: Session, hall: Hall) -> None:
    sheet = signed(session, hall)
    assert (sheet.state, sheet.total, sheet.version) == (SheetState.SIGNED, Decimal("84"), 2)
    deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("sheet:%"))).all()
    assert deeds == ["sheet:sign"]


def test_a_sheet_with_a_gap_is_not_signed_and_the_gaps_are_named(session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30", "3": "5"})
    with pytest.raises(Invalid) as refusal:
        sign(session, hall, version=1)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("2", "points_empty"), ("4", "points_empty")]


def test_an_empty_sheet_is_not_signed(session: Session, hall: Hall) -> None:
    with pytest.raises(Invalid) as refusal:
        sign(session, hall, version=0)
    assert [fault.field for fault in refusal.value.faults] == ["1", "2", "3", "4"]


def test_a_signed_sheet_is_neither_saved_nor_signed_again(session: Session, hall: Hall) -> None:
    version = signed(session, hall).version
    with pytest.raises(Refused, match="sheet_signed"):
        save(session, hall, {"1": "40"}, version=version, operation="op-9")
    with pytest.raises(Refused, match="sheet_signed"):
        sign(session, hall, version=version, operation="sign-2")
    assert kept(session, hall)["1"] == Decimal("34.5")


def test_signing_twice_with_one_operation_is_one_signature(session: Session, hall: Hall) -> None:
    first = signed(session, hall)
    assert sign(session, hall, version=1) == first


def test_a_stale_signature_is_refused(session: Session, hall: Hall) -> None:
    save(session, hall, FULL)
    save(session, hall, {"1": "20"}, version=1, operation="op-2")
    with pytest.raises(Stale):
        sign(session, hall, version=1)


# --- reopening --------------------------------------------------------------------------------


def reopen(session: Session, hall: Hall, sheet_id: int, *, actor: Actor, reason: str = "Cộng nhầm") -> judging.SavedSheet:
    return judging.reopen(
        session, actor, sheet_id=sheet_id, reason=reason, operation="open-1", now=make.NOW + timedelta(hours=1)
    )


def test_the_chair_reopens_with_a_reason_and_the_judge_signs_again(session: Session, hall: Hall) -> None:
    sheet = signed(session, hall)
    opened = reopen(session, hall, sheet.sheet_id, actor=hall.hoa)
    assert (opened.state, opened.version, opened.points["1"]) == (SheetState.DRAFT, 3, Decimal("34.5"))
    saved = save(session, hall, {"1": "33"}, version=3, operation="op-2")
    assert sign(session, hall, version=saved.version, operation="sign-2").total == Decimal("82.5")
    assert session.scalars(select(OutboxMail.subject)).all() == [f"Phiếu chấm {hall.entry.code} được mở lại"]


def test_every_earlier_value_stays_readable(session: Session, hall: Hall) -> None:
    reopen(session, hall, signed(session, hall).sheet_id, actor=hall.hoa)
    save(session, hall, {"1": "33"}, version=3, operation="op-2")
    events = session.scalars(select(ScoreEvent).order_by(ScoreEvent.number)).all()
    told = [(event.action, event.body["points"]["1"], event.body.get("reason")) for event in events]
    assert told == [
        (SheetAction.SAVE, "34.5", None),
        (SheetAction.SIGN, "34.5", None),
        (SheetAction.REOPEN, "34.5", "Cộng nhầm"),
        (SheetAction.SAVE, "33", None),
    ]


def test_only_the_chair_reopens_only_signed_sheets_only_with_a_reason(session: Session, hall: Hall) -> None:
    draft = save(session, hall, FULL)
    with pytest.raises(Refused, match="sheet_not_signed"):
        reopen(session, hall, draft.sheet_id, actor=hall.hoa)
    sheet = sign(session, hall, version=draft.version)
    with pytest.raises(Forbidden):
        reopen(session, hall, sheet.sheet_id, actor=hall.chi)
    with pytest.raises(Invalid):
        reopen(session, hall, sheet.sheet_id, actor=hall.hoa, reason="  ")
    with pytest.raises(NotFound):
        reopen(session, hall, sheet.sheet_id, actor=make.acting(session, make.user(session, "Khách")))


# --- pointed parts ----------------------------------------------------------------------------


def with_parts(session: Session, hall: Hall) -> None:
    """Criterion 1 is pointed by its parts, 25 and 15."""
    old = Rubric.from_dict(session.scalars(select(RubricVersion.content)).one())
    parts = (SubCriterion("1.1", "Thị trường", Decimal(25)), SubCriterion("1.2", "Sản xuất", Decimal(15)))
    first = Criterion("1", Decimal(40), Decimal("0.5"), "Thị trường, sản xuất", parts)
    rubric = Rubric((first, *old.criteria[1:]))
    row = session.scalars(select(RubricVersion)).one()
    mine = RubricVersion(
        rubric_id=row.rubric_id, number=2, content=rubric.to_dict(), digest=rubric.digest(), created_at=make.NOW
    )
    session.add(mine)
    session.flush()
    for group in session.scalars(select(RoundGroup).where(RoundGroup.round_id == hall.round.id)):
        group.rubric_version_id = mine.id
    session.flush()


def test_where_parts_carry_points_the_criterion_is_their_sum(session: Session, hall: Hall) -> None:
    with_parts(session, hall)
    saved = save(session, hall, {"1.1": "20", "2": "30", "3": "8", "4": "7"})
    assert (saved.points["1"], saved.total, saved.running) == (None, None, Decimal("65"))
    saved = save(session, hall, {"1.2": "12,5"}, version=1, operation="op-2")
    assert (saved.points["1"], saved.total) == (Decimal("32.5"), Decimal("77.5"))
    assert sign(session, hall, version=2).total == Decimal("77.5")
    assert chain.verify(session, hall.round.id).holds


def test_the_sum_that_a_page_shows_over_pointed_parts_is_not_taken_for_points(session: Session, hall: Hall) -> None:
    with_parts(session, hall)
    saved = save(session, hall, {"1": "30", "1.1": "20"})
    assert (saved.points["1"], saved.points["1.1"], saved.running) == (None, Decimal("20"), Decimal("20"))
    with pytest.raises(Invalid) as refusal:
        save(session, hall, {"1": "30", "1.2": "15,5"}, version=1, operation="op-2")
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("1.2", "points_above_maximum")]


# --- many at once -----------------------------------------------------------------------------


def run_together(app: Flask, work: list[Callable[[Session], Any]]) -> list[Any]:
    """Each piece of work in its own thread, application context and transaction; answers or refusals in order."""
    answers: list[Any] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def run(position: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work() as session:
                    answers[position] = work[position](session)
            except Exception as error:
                answers[position] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_twenty_judges_saving_at_once_lose_nothing(app: Flask, session: Session, hall: Hall) -> None:
    people = [make.user(session, f"Giám khảo {n}") for n in range(20)]
    seats = [make.judge(session, hall.round, person, answer=ConflictAnswer.NONE) for person in people]
    held = [make.assignment(session, seat, hall.entry).id for seat in seats]
    actors = [make.acting(session, person) for person in people]
    round_id = hall.round.id
    session.commit()

    def saving(n: int) -> Callable[[Session], Any]:
        return lambda own: judging.save_draft(
            own, actors[n], assignment_id=held[n], points={"1": str(n)}, comment="", version=0, operation="a", now=make.NOW
        )

    answers = run_together(app, [saving(n) for n in range(20)])
    assert [answer.points["1"] for answer in answers] == [Decimal(n) for n in range(20)]
    rows = session.execute(
        select(ScoreSheet).where(ScoreSheet.assignment_id.in_(held)).options(selectinload(ScoreSheet.lines))
    ).scalars()
    assert {row.assignment_id: row.lines[0].points for row in rows} == {held[n]: Decimal(n) for n in range(20)}
    assert chain.verify(session, round_id).holds


def test_two_tabs_with_the_same_version_one_wins_and_the_other_is_shown_it(app: Flask, session: Session, hall: Hall) -> None:
    save(session, hall, {"1": "30"})
    session.commit()

    def tab(points: str) -> Callable[[Session], Any]:
        return lambda own: save(own, hall, {"1": points}, version=1, operation=f"tab-{points}")

    first, second = sorted(run_together(app, [tab("31"), tab("32")]), key=lambda a: isinstance(a, Stale))
    assert isinstance(second, Stale)
    assert kept(session, hall)["1"] == first.points["1"]
    assert second.theirs["1"] == str(first.points["1"])


def test_one_operation_sent_five_times_at_once_is_one_save(app: Flask, session: Session, hall: Hall) -> None:
    session.commit()
    answers = run_together(app, [lambda own: save(own, hall, {"1": "30"})] * 5)
    assert {answer.version for answer in answers} == {1}
    assert session.scalar(select(func.count()).select_from(ScoreEvent)) == 1
