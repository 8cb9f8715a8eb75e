"""The council: seats and sessions, attendance, votes, and the closing of the count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain import policies, voting
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.phases import Verb
from app.domain.policies import Actor
from app.domain.vocabulary import BallotKind, CouncilRole, SessionState, VoteChoice
from app.models.council import Attendance, BallotMark, CouncilRecusal, CouncilSeat, CouncilSession, Tally, Vote
from app.models.result import ResultLine, ResultRun
from app.models.round import Round
from app.services import visits
from app.services.council_access import count_vote, meeting_of, record, require_steward, round_of
from app.services.council_recusals import ON_BALLOT, recusals_by_entry, recuse, recused_entries
from app.services.council_seats import seat, unseat
from app.services.freezing import rules_of

__all__ = [
    "CHAIRS",
    "ON_BALLOT",
    "ballot_entries",
    "cast_ballot",
    "close_session",
    "mark_attendance",
    "open_session",
    "plan_session",
    "present_voters",
    "recusals_by_entry",
    "recuse",
    "recused_entries",
    "seat",
    "unseat",
    "vote",
]

CHAIRS = (CouncilRole.CHAIR, CouncilRole.VICE_CHAIR)


def plan_session(
    session: Session,
    actor: Actor,
    *,
    round_id: int,
    meets_at: datetime,
    place: str,
    ballot: BallotKind,
    now: datetime,
) -> CouncilSession:
    """Plan a meeting over the round's present result run.

    Raises:
        NotFound: no such round for the actor.
        Refused: ``phase_closed``; ``no_result`` before the result was computed; ``session_pending``
            while another session is planned or open.
    """
    round_ = round_of(session, round_id)
    policies.require(actor, Verb.PLAN_SESSION, round_)
    run = session.scalar(select(ResultRun).where(ResultRun.round_id == round_id, ResultRun.superseded_at.is_(None)))
    if run is None:
        raise Refused("no_result")
    if session.scalar(
        select(CouncilSession.id).where(CouncilSession.round_id == round_id, CouncilSession.state != SessionState.CLOSED)
    ):
        raise Refused("session_pending")
    count = session.scalar(select(func.count()).where(CouncilSession.round_id == round_id)) or 0
    row = CouncilSession(
        round_id=round_id,
        number=count + 1,
        run_id=run.id,
        ballot=ballot,
        meets_at=meets_at,
        place=place,
        state=SessionState.PLANNED,
    )
    session.add(row)
    session.flush()
    record(session, actor, round_id, "session:plan", f"session:{row.id}", now, {"number": row.number, "ballot": ballot})
    return row


def mark_attendance(session: Session, actor: Actor, *, session_id: int, seat_ids: Sequence[int], now: datetime) -> int:
    """Set who is present before the session opens; returns how many.

    Raises:
        NotFound: no such session for the actor.
        Refused: ``session_not_planned``.
        Invalid: a seat of another council.
    """
    meeting, round_ = meeting_of(session, session_id)
    require_steward(actor, round_)
    if meeting.state is not SessionState.PLANNED:
        raise Refused("session_not_planned")
    own = set(session.scalars(select(CouncilSeat.id).where(CouncilSeat.round_id == round_.id)))
    if not set(seat_ids) <= own:
        raise Invalid.one("seat_ids", "not_a_choice")
    session.execute(delete(Attendance).where(Attendance.session_id == session_id))
    session.add_all(Attendance(session_id=session_id, seat_id=key, marked_at=now) for key in sorted(set(seat_ids)))
    session.flush()
    record(session, actor, round_.id, "session:attend", f"session:{session_id}", now, {"seats": sorted(set(seat_ids))})
    return len(set(seat_ids))


def open_session(session: Session, actor: Actor, *, session_id: int, now: datetime) -> CouncilSession:
    """Open the votes once a quorum with a chair or vice-chair is present.

    Raises:
        NotFound: no such session for the actor.
        Refused: ``session_not_planned``, ``no_quorum`` (present, needed, members), ``no_chair``;
            ``result_superseded`` when the result was computed anew since; ``visit_unruled`` (count).
    """
    meeting, round_ = meeting_of(session, session_id)
    require_steward(actor, round_)
    if meeting.state is not SessionState.PLANNED:
        raise Refused("session_not_planned")
    if session.get_one(ResultRun, meeting.run_id).superseded_at is not None:
        raise Refused("result_superseded")
    visits.require_ruled(session, round_.id)
    _require_quorum(session, meeting, round_)
    meeting.state, meeting.opened_at = SessionState.OPEN, now
    for entry_id in ballot_entries(session, meeting):
        session.add(Tally(session_id=meeting.id, entry_id=entry_id, votes_for=0, votes_against=0, votes_blank=0))
    session.flush()
    record(session, actor, round_.id, "session:open", f"session:{session_id}", now, {})
    return meeting


def vote(
    session: Session,
    actor: Actor,
    *,
    session_id: int,
    entry_id: int,
    choice: VoteChoice,
    now: datetime,
    dissent: str = "",
) -> Vote:
    """Cast or change one's open vote on an entry while the session is open.

    Raises:
        NotFound: no such session for the actor, or the entry is not on the ballot.
        Forbidden: the actor has no vote, or was not marked present.
        Refused: ``session_not_open``; ``ballot_is_secret``; ``recused_from_entry``.
    """
    meeting, _round_row, seat_id = _voter(session, actor, session_id)
    if meeting.ballot is BallotKind.SECRET:
        raise Refused("ballot_is_secret")
    tally = session.get(Tally, (session_id, entry_id), with_for_update=True)
    if tally is None:
        raise NotFound("entry")
    if session.get(CouncilRecusal, (session_id, entry_id, seat_id)):
        raise Refused("recused_from_entry")
    row = session.get(Vote, (session_id, entry_id, seat_id))
    if row is not None:
        count_vote(tally, row.choice, -1)
    else:
        row = Vote(session_id=session_id, entry_id=entry_id, seat_id=seat_id)
        session.add(row)
    row.choice, row.dissent, row.cast_at = choice, dissent, now
    count_vote(tally, choice, +1)
    session.flush()
    record(
        session, actor, meeting.round_id, "vote:cast", f"entry:{entry_id}", now, {"session": session_id, "choice": choice}
    )
    return row


def cast_ballot(session: Session, actor: Actor, *, session_id: int, choices: Mapping[int, VoteChoice], now: datetime) -> int:
    """Cast a secret ballot on all entries that one is not recused from; only the tallies and the mark of having voted stay.

    Neither the choices nor the moment are written with the member, nor in the audit chain, so that
    no ballot can be traced. Returns the number of entries voted on.

    Raises:
        NotFound: no such session for the actor.
        Forbidden: the actor has no vote, or was not marked present.
        Refused: ``session_not_open``, ``ballot_is_open``, ``ballot_cast`` the second time.
        Invalid: an entry of the ballot has no choice, or a choice names no entry of it.
    """
    meeting, _round_row, seat_id = _voter(session, actor, session_id)
    if meeting.ballot is BallotKind.OPEN:
        raise Refused("ballot_is_open")
    if session.get(BallotMark, (session_id, seat_id)):
        raise Refused("ballot_cast")
    tallies = session.scalars(
        select(Tally).where(Tally.session_id == session_id).order_by(Tally.entry_id).with_for_update()
    ).all()
    barred = recused_entries(session, session_id, seat_id)
    open_to_me = [tally for tally in tallies if tally.entry_id not in barred]
    if {tally.entry_id for tally in open_to_me} != set(choices):
        raise Invalid.one("choices", "ballot_incomplete")
    for tally in open_to_me:
        count_vote(tally, choices[tally.entry_id], +1)
    session.add(BallotMark(session_id=session_id, seat_id=seat_id))
    session.flush()
    return len(open_to_me)


def close_session(session: Session, actor: Actor, *, session_id: int, now: datetime, note: str = "") -> CouncilSession:
    """End the votes; from here on decisions follow from the count.

    Raises:
        NotFound: no such session for the actor.
        Refused: ``session_not_open``; ``votes_missing`` (missing) while present members have not voted on all.
    """
    meeting, round_ = meeting_of(session, session_id)
    require_steward(actor, round_)
    if meeting.state is not SessionState.OPEN:
        raise Refused("session_not_open")
    missing = _missing_votes(session, meeting)
    if missing:
        raise Refused("votes_missing", missing=missing)
    meeting.state, meeting.closed_at, meeting.minutes_note = SessionState.CLOSED, now, note
    session.flush()
    record(session, actor, round_.id, "session:close", f"session:{session_id}", now, {})
    return meeting


def ballot_entries(session: Session, meeting: CouncilSession) -> Sequence[int]:
    """Entries that the council votes on: those at or above the pass mark, in the order of places."""
    return session.scalars(
        select(ResultLine.entry_id)
        .where(ResultLine.run_id == meeting.run_id, ResultLine.selection.in_(ON_BALLOT))
        .order_by(ResultLine.place, ResultLine.entry_id)
    ).all()


def present_voters(session: Session, session_id: int) -> int:
    """How many members with a vote are present."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Attendance)
            .join(CouncilSeat, CouncilSeat.id == Attendance.seat_id)
            .where(Attendance.session_id == session_id, CouncilSeat.role != CouncilRole.SECRETARY)
        )
        or 0
    )


def _missing_votes(session: Session, meeting: CouncilSession) -> int:
    present = present_voters(session, meeting.id)
    if meeting.ballot is BallotKind.SECRET:
        cast = session.scalar(select(func.count()).where(BallotMark.session_id == meeting.id)) or 0
        return present - cast
    entries = session.scalar(select(func.count()).where(Tally.session_id == meeting.id)) or 0
    cast = session.scalar(select(func.count()).where(Vote.session_id == meeting.id)) or 0
    return present * entries - cast - sum(recusals_by_entry(session, meeting.id).values())


def _require_quorum(session: Session, meeting: CouncilSession, round_: Round) -> None:
    members = (
        session.scalar(
            select(func.count()).where(CouncilSeat.round_id == round_.id, CouncilSeat.role != CouncilRole.SECRETARY)
        )
        or 0
    )
    present = present_voters(session, meeting.id)
    percent = rules_of(round_).quorum_percent
    if not voting.has_quorum(present, members, percent):
        needed = voting.needed_for_quorum(members, percent)
        raise Refused("no_quorum", present=present, members=members, needed=needed)
    chaired = session.scalar(
        select(Attendance.seat_id)
        .join(CouncilSeat, CouncilSeat.id == Attendance.seat_id)
        .where(Attendance.session_id == meeting.id, CouncilSeat.role.in_(CHAIRS))
        .limit(1)
    )
    if chaired is None:
        raise Refused("no_chair")


def _voter(session: Session, actor: Actor, session_id: int) -> tuple[CouncilSession, Round, int]:
    meeting, round_ = meeting_of(session, session_id)
    policies.require(actor, Verb.VOTE, round_)
    seat_id = actor.council_seats[round_.id].id
    if meeting.state is not SessionState.OPEN:
        raise Refused("session_not_open")
    if session.get(Attendance, (session_id, seat_id)) is None:
        raise Forbidden("vote")
    return meeting, round_, seat_id
