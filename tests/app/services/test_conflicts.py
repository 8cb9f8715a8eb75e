"""Conflicts of interest: the declaration before any dossier opens, and the chair's ruling."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policies import Actor
from app.domain.vocabulary import ConflictAnswer, ConflictRuling, EntryState, PanelRole, Phase
from app.models.entry import Entry
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.record import AuditEvent, OutboxMail
from app.models.round import Round
from app.queries.judging import find_assignment, require_open
from app.services import conflicts
from tests.app import make


@dataclass
class Hall:
    """Chi judges two entries; Hoa chairs and judges one of them."""

    round: Round
    entries: list[Entry]
    seat: PanelSeat
    held: list[Assignment]
    chi: Actor
    hoa: Actor


@pytest.fixture
def hall(session: Session) -> Hall:
    round_ = make.round_(session, phase=Phase.JUDGING)
    facility = make.facility(session)
    entries = [make.entry(session, round_, facility, name=name) for name in ("Ấm", "Chén")]
    chi, hoa = make.user(session, "Chi"), make.user(session, "Hoa")
    seat = make.judge(session, round_, chi)
    chair = make.judge(session, round_, hoa, role=PanelRole.CHAIR)
    held = [make.assignment(session, seat, entry) for entry in entries]
    make.assignment(session, chair, entries[0])
    return Hall(round_, entries, seat, held, make.acting(session, chi), make.acting(session, hoa))


def declare(session: Session, hall: Hall, told: dict[int, tuple[str, str]], actor: Actor | None = None) -> PanelSeat:
    return conflicts.declare(session, actor or hall.chi, round_id=hall.round.id, conflicts=told, now=make.NOW)


def declared(session: Session, hall: Hall) -> ConflictDeclaration:
    declare(session, hall, {hall.entries[0].id: ("family", "Chủ cơ sở là em trai")})
    return session.scalars(select(ConflictDeclaration)).one()


def rule(session: Session, actor: Actor, row: ConflictDeclaration, ruling: ConflictRuling, note: str = "") -> None:
    conflicts.rule(session, actor, declaration_id=row.id, ruling=ruling, note=note, now=make.NOW)


def opens(session: Session, hall: Hall, position: int) -> str:
    """What the gate says of Chi's assignment: ``open`` or the code of the refusal."""
    try:
        require_open(session, find_assignment(session, hall.chi, hall.held[position].id))
    except (Refused, NotFound) as refusal:
        return refusal.code
    return "open"


def test_nothing_opens_until_the_judge_has_answered(session: Session, hall: Hall) -> None:
    assert opens(session, hall, 0) == "declare_first"
    conflicts.answer_later(session, hall.chi, round_id=hall.round.id, now=make.NOW)
    assert (hall.seat.answer, opens(session, hall, 0)) == (ConflictAnswer.LATER, "declare_first")


def test_without_a_conflict_everything_opens(session: Session, hall: Hall) -> None:
    assert declare(session, hall, {}).answer is ConflictAnswer.NONE
    assert [opens(session, hall, n) for n in (0, 1)] == ["open", "open"]
    assert session.scalars(select(AuditEvent.action)).all() == ["conflict:declare"]


def test_a_declared_entry_closes_the_others_open_and_the_chair_is_told(session: Session, hall: Hall) -> None:
    row = declared(session, hall)
    assert (hall.seat.answer, row.ruling) == (ConflictAnswer.CONFLICT, ConflictRuling.PENDING)
    assert [opens(session, hall, n) for n in (0, 1)] == ["conflict_pending", "open"]
    assert session.scalars(select(OutboxMail.user_id)).all() == [hall.hoa.user_id]


def test_a_recusal_takes_the_entry_away_and_stands_in_the_minutes(session: Session, hall: Hall) -> None:
    rule(session, hall.hoa, declared(session, hall), ConflictRuling.RECUSED)
    assert opens(session, hall, 0) == "not_found"
    assert hall.held[0].active is False
    assert session.scalars(select(Recusal.reason)).all() == ["Chủ cơ sở là em trai"]


def test_a_dismissal_needs_a_note_and_opens_the_entry(session: Session, hall: Hall) -> None:
    row = declared(session, hall)
    with pytest.raises(Invalid, match="note"):
        rule(session, hall.hoa, row, ConflictRuling.DISMISSED)
    rule(session, hall.hoa, row, ConflictRuling.DISMISSED, "Quan hệ đã chấm dứt từ 2019")
    assert opens(session, hall, 0) == "open"
    assert session.scalars(select(Recusal)).all() == []


def test_a_ruling_is_given_once_by_the_chair_only(session: Session, hall: Hall) -> None:
    row = declared(session, hall)
    with pytest.raises(Forbidden):
        rule(session, hall.chi, row, ConflictRuling.RECUSED)
    with pytest.raises(NotFound):
        rule(session, make.acting(session, make.user(session, "Khách")), row, ConflictRuling.RECUSED)
    rule(session, hall.hoa, row, ConflictRuling.RECUSED)
    with pytest.raises(Refused, match="already_ruled"):
        rule(session, hall.hoa, row, ConflictRuling.DISMISSED, "Xem lại")


def test_the_chair_steps_back_from_an_own_conflict_but_cannot_dismiss_it(session: Session, hall: Hall) -> None:
    declare(session, hall, {hall.entries[0].id: ("business", "Góp vốn")}, hall.hoa)
    row = session.scalars(select(ConflictDeclaration)).one()
    with pytest.raises(Refused, match="own_declaration"):
        rule(session, hall.hoa, row, ConflictRuling.DISMISSED, "Không sao")
    rule(session, hall.hoa, row, ConflictRuling.RECUSED)
    assert row.ruling is ConflictRuling.RECUSED


def test_answering_again_adds_and_never_takes_back(session: Session, hall: Hall) -> None:
    declared(session, hall)
    assert declare(session, hall, {}).answer is ConflictAnswer.CONFLICT
    declare(session, hall, {hall.entries[1].id: ("consulting", "Tư vấn hồ sơ năm 2025")})
    assert [opens(session, hall, n) for n in (0, 1)] == ["conflict_pending", "conflict_pending"]
    conflicts.answer_later(session, hall.chi, round_id=hall.round.id, now=make.NOW)
    assert hall.seat.answer is ConflictAnswer.CONFLICT


def test_every_wrong_declaration_is_named_and_nothing_is_kept(session: Session, hall: Hall) -> None:
    first, second = (entry.id for entry in hall.entries)
    other = make.entry(session, hall.round, make.facility(session), state=EntryState.SUBMITTED).id
    with pytest.raises(Invalid) as refusal:
        declare(session, hall, {first: ("friend", "Bạn"), second: ("family", " "), other: ("family", "Em")})
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        (str(first), "conflict_kind_missing"),
        (str(second), "conflict_reason_missing"),
        (str(other), "not_a_choice"),
    ]
    assert (hall.seat.answer, session.scalars(select(ConflictDeclaration)).all()) == (None, [])


def test_only_a_scoring_seat_of_the_round_declares(session: Session, hall: Hall) -> None:
    with pytest.raises(NotFound):
        declare(session, hall, {}, make.acting(session, make.user(session, "Khách")))
    hall.seat.role = PanelRole.SECRETARY
    session.flush()
    with pytest.raises(NotFound):
        declare(session, hall, {})
