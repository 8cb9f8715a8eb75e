"""Reads about the council: the room, the ballot and the checklist."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.vocabulary import BallotKind, CouncilRole, Outcome, VoteChoice
from app.queries import council as reads
from app.queries.papers import paper_round
from app.services import council, decisions
from app.services.papers_council import council_minutes, vote_counting
from tests.app import make
from tests.app.queries.statements import counted
from tests.app.services.world import in_session, judged, order, vote_all


def test_the_room_counts_voters_and_not_the_secretary(session: Session) -> None:
    world = judged(session)
    make.council_member(session, world.round, make.user(session, "Lan"), role=CouncilRole.SECRETARY)
    room = reads.room(session, in_session(session, world).id)
    assert (room.members, room.voters_present, room.needed, room.has_quorum) == (3, 3, 3, True)
    assert [seat.role for seat in room.seats][-1] is CouncilRole.SECRETARY


def test_the_ballot_shows_my_vote_and_nobody_elses(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    entry = world.entries[0]
    council.vote(
        session, world.hoa, session_id=meeting.id, entry_id=entry.id, choice=VoteChoice.FOR, dissent="Rất đẹp", now=make.NOW
    )
    room = reads.room(session, meeting.id)
    seats = [member.council_seats[world.round.id].id for member in world.members[:2]]
    lines = [reads.ballot(session, room, seat_id=seat)[0] for seat in seats]
    assert [(line.mine, line.my_dissent) for line in lines] == [(VoteChoice.FOR, "Rất đẹp"), (None, "")]


def test_the_ballot_costs_the_same_statements_whatever_its_length(session: Session) -> None:
    world = judged(session)
    session_id = in_session(session, world).id
    with counted(session) as sent:
        lines = reads.ballot(session, reads.room(session, session_id), seat_id=1)
    assert (len(lines), len(sent)) == (4, 9)


def test_the_checklist_names_what_publishing_lacks(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    before = reads.checklist(session, world.round.id)
    vote_all(session, world, meeting, VoteChoice.FOR, *world.entries[:3])
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    order(session, world)
    after = reads.checklist(session, world.round.id)
    assert (before.undecided, before.session_pending) == (4, True)
    assert (after.undecided, after.recognised, after.without_order, len(after.orders)) == (0, 3, 3, 1)


def test_the_minutes_tell_the_recusal_the_departure_and_the_dissent(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world)
    first, second, third = world.entries[:3]
    inh = world.members[1]
    council.recuse(session, inh, session_id=meeting.id, entry_id=first.id, reason="Cố vấn của cơ sở.", now=make.NOW)
    for member in (world.members[0], world.members[2]):
        council.vote(
            session, member, session_id=meeting.id, entry_id=first.id, choice=VoteChoice.FOR, dissent="Tốt", now=make.NOW
        )
    vote_all(session, world, meeting, VoteChoice.FOR, second)
    vote_all(session, world, meeting, VoteChoice.AGAINST, third)
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.decide(
        session,
        world.hoa,
        session_id=meeting.id,
        entry_id=third.id,
        outcome=Outcome.NOT_RECOGNISED,
        reason="Nhãn chưa đúng",
        now=make.NOW,
    )
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    facts = paper_round(session, world.round.id)
    minutes, counting = council_minutes(facts), vote_counting(facts)
    assert [(one.member, one.reason) for one in minutes.recusals] == [("Inh", "Cố vấn của cơ sở")]
    assert [(one.jury, one.council, one.reason) for one in minutes.departures] == [
        ("Công nhận", "Không công nhận", "Nhãn chưa đúng")
    ]
    assert minutes.opinions == (f"Hoa ({first.code}): Tốt", f"Kiên ({first.code}): Tốt")
    assert [line.in_favour + line.against + line.blank + line.recused for line in counting.lines] == [3, 3, 3]


def test_a_secret_ballot_says_who_voted_and_keeps_no_choice(session: Session) -> None:
    world = judged(session)
    meeting = in_session(session, world, ballot=BallotKind.SECRET)
    choices = {entry.id: VoteChoice.FOR for entry in world.entries[:3]}
    council.cast_ballot(session, world.hoa, session_id=meeting.id, choices=choices, now=make.NOW)
    room = reads.room(session, meeting.id)
    seat = world.hoa.council_seats[world.round.id].id
    assert dict(room.voted) == {seat: 1}
    assert {line.mine for line in reads.ballot(session, room, seat_id=seat)} == {None}
