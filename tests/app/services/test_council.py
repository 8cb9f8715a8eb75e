"""The council: a quorum with a chair, votes that can be counted, and secret ballots that cannot be traced."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import BallotKind, CouncilRole, SessionState, VoteChoice
from app.models.council import CouncilSession, Tally, Vote
from app.models.record import AuditEvent
from app.services import council, results
from tests.app import make
from tests.app.services.world import in_session, judged, vote_all


def tally(session: Session, meeting: CouncilSession, entry_id: int) -> tuple[int, int, int]:
    row = session.get_one(Tally, (meeting.id, entry_id))
    return (row.votes_for, row.votes_against, row.votes_blank)


def test_without_a_result_there_is_no_session(session: Session) -> None:
    world = judged(session)
    with pytest.raises(Refused) as refusal:
        council.plan_session(
            session,
            world.giang,
            round_id=world.round.id,
            meets_at=make.NOW,
            place="",
            ballot=BallotKind.OPEN,
            now=make.NOW,
        )
    assert refusal.value.code == "no_result"


def test_one_of_three_members_is_no_quorum(session: Session) -> None:
    world = judged(session)
    with pytest.raises(Refused) as refusal:
        in_session(session, world, present=1)
    assert (refusal.value.code, refusal.value.params) == ("no_quorum", {"present": 1, "members": 3, "needed": 3})


def test_a_quorum_without_a_chair_cannot_open(session: Session) -> None:
    world = judged(session)
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    for name in ("Lan", "Minh", "Nga", "Oanh", "Phú", "Quý"):
        make.council_member(session, world.round, make.user(session, name))
    meeting = council.plan_session(
        session, world.giang, round_id=world.round.id, meets_at=make.NOW, place="", ballot=BallotKind.OPEN, now=make.NOW
    )
    seats = [
        row
        for row in session.scalars(select(council.CouncilSeat))
        if row.round_id == world.round.id and row.role is not CouncilRole.CHAIR
    ]
    council.mark_attendance(session, world.giang, session_id=meeting.id, seat_ids=[row.id for row in seats], now=make.NOW)
    with pytest.raises(Refused) as refusal:
        council.open_session(session, world.giang, session_id=meeting.id, now=make.NOW)
    assert refusal.value.code == "no_chair"


def test_the_ballot_holds_what_passed_the_mark_in_order_of_places(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    assert list(council.ballot_entries(session, meeting)) == [entry.id for entry in world.entries[:3]]


def test_a_changed_vote_is_counted_once(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    entry = world.entries[0]
    for choice in (VoteChoice.AGAINST, VoteChoice.FOR):
        council.vote(session, world.hoa, session_id=meeting.id, entry_id=entry.id, choice=choice, now=make.NOW)
    assert tally(session, meeting, entry.id) == (1, 0, 0)


def test_an_absent_member_and_a_stranger_have_no_vote(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    absent = make.user(session, "Vắng")
    make.council_member(session, world.round, absent)
    entry_id = council.ballot_entries(session, meeting)[0]
    with pytest.raises(Forbidden):
        council.vote(
            session,
            make.acting(session, absent),
            session_id=meeting.id,
            entry_id=entry_id,
            choice=VoteChoice.FOR,
            now=make.NOW,
        )
    with pytest.raises(NotFound):
        council.vote(
            session,
            make.acting(session, make.user(session, "Khách")),
            session_id=meeting.id,
            entry_id=entry_id,
            choice=VoteChoice.FOR,
            now=make.NOW,
        )


def test_the_session_closes_when_every_present_member_has_voted_on_all(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:2])
    with pytest.raises(Refused) as early:
        council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    vote_all(session, world, meeting, VoteChoice.BLANK, world.entries[2])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    assert (early.value.code, early.value.params) == ("votes_missing", {"missing": 3})
    assert meeting.state is SessionState.CLOSED


def test_a_secret_ballot_leaves_counts_and_no_trace_of_who_chose_what(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world, ballot=BallotKind.SECRET)
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    for member, choice in zip(world.members, (VoteChoice.FOR, VoteChoice.FOR, VoteChoice.AGAINST), strict=True):
        choices = {entry.id: choice for entry in world.entries[:3]}
        council.cast_ballot(session, member, session_id=meeting.id, choices=choices, now=make.NOW)
    assert tally(session, meeting, world.entries[1].id) == (2, 1, 0)
    assert session.scalars(select(Vote)).all() == []
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_a_secret_ballot_is_whole_and_cast_once(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world, ballot=BallotKind.SECRET)
    whole = {entry.id: VoteChoice.FOR for entry in world.entries[:3]}
    with pytest.raises(Invalid):
        council.cast_ballot(
            session, world.hoa, session_id=meeting.id, choices={world.entries[0].id: VoteChoice.FOR}, now=make.NOW
        )
    council.cast_ballot(session, world.hoa, session_id=meeting.id, choices=whole, now=make.NOW)
    with pytest.raises(Refused) as again:
        council.cast_ballot(session, world.hoa, session_id=meeting.id, choices=whole, now=make.NOW)
    assert again.value.code == "ballot_cast"
