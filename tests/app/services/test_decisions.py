"""Decisions: they follow from the vote, differ from the jury only with a reason, and need an order to be public."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.vocabulary import (
    DocumentKind,
    NominationState,
    Outcome,
    Phase,
    VoteChoice,
)
from app.models.council import CouncilSession, Nomination, Recognition
from app.models.record import OutboxMail
from app.services import council, decisions, publication, results
from tests.app import make
from tests.app.services.world import World, in_session, judged, order, vote_all


def voted(session: Session, *choices: VoteChoice) -> tuple[World, CouncilSession]:
    """A closed session in which all members voted the same way on each of the three entries."""
    world = judged(session)
    meeting = in_session(session, world)
    for entry, choice in zip(world.entries[:3], choices, strict=True):
        vote_all(session, world, meeting, choice, entry)
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    return world, meeting


def recognitions(session: Session, world: World) -> dict[int, Recognition]:
    rows = session.scalars(select(Recognition).where(Recognition.round_id == world.round.id))
    return {row.entry_id: row for row in rows}


FOR, AGAINST = VoteChoice.FOR, VoteChoice.AGAINST


def test_adopting_the_proposal_decides_what_jury_and_council_agree_on(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, AGAINST)
    count = decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    found = recognitions(session, world)
    assert count == 3
    assert {key: row.outcome for key, row in found.items()} == {
        world.entries[0].id: Outcome.RECOGNISED,
        world.entries[1].id: Outcome.RECOGNISED,
        world.entries[3].id: Outcome.NOT_RECOGNISED,
    }


def test_differing_from_the_jury_needs_a_reason(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, AGAINST)
    entry = world.entries[2]
    with pytest.raises(Invalid) as refusal:
        decisions.decide(
            session, world.hoa, session_id=meeting.id, entry_id=entry.id, outcome=Outcome.NOT_RECOGNISED, now=make.NOW
        )
    row = decisions.decide(
        session,
        world.hoa,
        session_id=meeting.id,
        entry_id=entry.id,
        outcome=Outcome.NOT_RECOGNISED,
        reason="Nhãn hàng hóa chưa đúng quy định",
        now=make.NOW,
    )
    assert refusal.value.faults[0].code == "reason_required"
    assert row.against_jury is True


@pytest.mark.parametrize(
    ("number", "outcome", "code"),
    [
        (0, Outcome.NOT_RECOGNISED, "against_vote"),
        (2, Outcome.RECOGNISED, "against_vote"),
        (3, Outcome.RECOGNISED, "below_pass_mark"),
    ],
)
def test_a_decision_follows_the_vote_and_the_pass_mark(session: Session, number: int, outcome: Outcome, code: str) -> None:
    world, meeting = voted(session, FOR, FOR, AGAINST)
    with pytest.raises(Refused) as refusal:
        decisions.decide(
            session,
            world.hoa,
            session_id=meeting.id,
            entry_id=world.entries[number].id,
            outcome=outcome,
            reason="lý do",
            now=make.NOW,
        )
    assert refusal.value.code == code


def test_the_second_to_decide_is_told(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    with pytest.raises(Refused) as refusal:
        decisions.decide(
            session,
            world.hoa,
            session_id=meeting.id,
            entry_id=world.entries[0].id,
            outcome=Outcome.RECOGNISED,
            now=make.NOW,
        )
    assert refusal.value.code == "decided"


def test_nothing_is_decided_while_the_session_is_open_or_by_a_member(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    with pytest.raises(Refused) as refusal:
        decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    assert refusal.value.code == "session_not_closed"
    with pytest.raises(NotFound):
        decisions.adopt_proposal(
            session, make.acting(session, make.user(session, "Khách")), session_id=meeting.id, now=make.NOW
        )


def test_after_a_decision_the_result_cannot_be_computed_anew(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    with pytest.raises(Refused) as refusal:
        results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert refusal.value.code == "already_decided"


def test_recognition_and_nomination_are_two_decisions(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    found = recognitions(session, world)
    nomination = decisions.nominate(session, world.hoa, recognition_id=found[world.entries[0].id].id, now=make.NOW)
    with pytest.raises(Refused) as twice:
        decisions.nominate(session, world.hoa, recognition_id=found[world.entries[0].id].id, now=make.NOW)
    with pytest.raises(Refused) as unworthy:
        decisions.nominate(session, world.hoa, recognition_id=found[world.entries[3].id].id, now=make.NOW)
    assert nomination.state is NominationState.DECIDED
    assert (twice.value.code, unworthy.value.code) == ("nominated", "not_recognised")


def test_nothing_is_published_before_all_is_decided_and_the_order_is_there(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    with pytest.raises(Refused) as undecided:
        publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    with pytest.raises(Refused) as no_order:
        publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    document = order(session, world)
    publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    round_ = publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    assert (undecided.value.params, no_order.value.params) == ({"missing": 4}, {"missing": 3})
    assert (round_.phase, round_.published_at) == (Phase.PUBLISHED, make.NOW)


def test_publishing_tells_every_facility_once(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    document = order(session, world)
    publication.attach_order(session, world.giang, round_id=world.round.id, document_id=document.id, now=make.NOW)
    publication.publish(session, world.giang, round_id=world.round.id, now=make.NOW)
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.recipient)).all()
    assert len(mails) == 2
    assert "Sản phẩm mẫu 4: chưa được công nhận" in mails[1].body


def test_the_database_itself_refuses_a_public_recognition_without_an_order(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    with pytest.raises(IntegrityError):
        session.execute(update(Recognition).values(published_at=make.NOW))


def test_the_database_itself_refuses_a_sent_nomination_without_a_letter(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    found = recognitions(session, world)
    decisions.nominate(session, world.hoa, recognition_id=found[world.entries[0].id].id, now=make.NOW)
    with pytest.raises(IntegrityError):
        session.execute(update(Nomination).values(state=NominationState.SENT))


def test_nominations_go_up_under_their_letter(session: Session) -> None:
    world, meeting = voted(session, FOR, FOR, FOR)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    found = recognitions(session, world)
    row = decisions.nominate(session, world.hoa, recognition_id=found[world.entries[0].id].id, now=make.NOW)
    letter = order(session, world, kind=DocumentKind.NOMINATION_LETTER)
    sent = publication.send_nominations(session, world.giang, round_id=world.round.id, document_id=letter.id, now=make.NOW)
    assert (sent, row.state, row.letter_id) == (1, NominationState.SENT, letter.id)
