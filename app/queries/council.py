"""Reads about councils: seats, sessions, the ballot in order of places, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain import voting
from app.domain.errors import NotFound
from app.domain.rules import RuleSet
from app.domain.vocabulary import (
    BallotKind,
    CouncilRole,
    DocumentKind,
    EntryState,
    Outcome,
    SessionState,
    VoteChoice,
)
from app.models.account import User
from app.models.council import (
    Attendance,
    BallotMark,
    CouncilRecusal,
    CouncilSeat,
    CouncilSession,
    LegalDocument,
    Nomination,
    Recognition,
    Tally,
    Vote,
)
from app.models.entry import Entry
from app.models.facility import Facility, Product
from app.models.result import ResultLine, ResultRun
from app.models.round import Round
from app.models.unit import Unit

ORDER = list(CouncilRole)


@dataclass(frozen=True)
class Room:
    """A session as it stands: who sits, who is there, what is needed, how far the votes are."""

    meeting: CouncilSession
    round: Round
    seats: tuple[CouncilSeat, ...]
    present: frozenset[int]
    needed: int
    members: int
    voters_present: int
    voted: Mapping[int, int]
    superseded: bool
    majority_percent: int

    @property
    def has_quorum(self) -> bool:
        """Enough members with a vote are present."""
        return self.voters_present >= self.needed

    @property
    def is_secret(self) -> bool:
        """The ballot is secret."""
        return self.meeting.ballot is BallotKind.SECRET


@dataclass(frozen=True)
class Recused:
    """A member who takes no part in an entry."""

    seat_id: int
    name: str
    reason: str
    present: bool


@dataclass(frozen=True)
class BallotLine:
    """An entry of a session's result with its count and decision.

    ``mine`` is the asking member's open vote, ``suggested`` what the count decides, ``on_ballot``
    False for what lies below the pass mark.
    """

    entry_id: int
    code: str
    product: str
    facility: str
    locality: str
    group: str
    published: Decimal | None
    place: int | None
    group_place: int | None
    selection: str | None
    tier: str | None
    on_ballot: bool
    count: voting.Count
    mine: VoteChoice | None
    my_dissent: str
    recused: tuple[Recused, ...]
    taking_part: int
    suggested: Outcome
    recognition_id: int | None
    outcome: Outcome | None
    reason: str
    against_jury: bool
    nominated: bool

    @property
    def differs(self) -> bool:
        """The count goes another way than the jury's proposal."""
        return voting.differs_from_jury(self.suggested, self.selection)

    @property
    def is_tie(self) -> bool:
        """Left to the council by the jury: tied across the line of the quota."""
        return self.selection == "council"


@dataclass(frozen=True)
class Checklist:
    """What publishing still lacks."""

    decided: int
    undecided: int
    recognised: int
    without_order: int
    nominated: int
    nominated_sent: int
    orders: tuple[LegalDocument, ...]
    letters: tuple[LegalDocument, ...]
    decrees: tuple[LegalDocument, ...]
    session_pending: bool
    sent_under: frozenset[int] = frozenset()


def rules_in_force(round_: Round) -> RuleSet:
    """The frozen rules of a round, or its present ones before judging."""
    return RuleSet.from_dict((round_.frozen_content or {}).get("rules", round_.rules))


def seats(session: Session, round_id: int) -> list[CouncilSeat]:
    """The council with its people, the chair first."""
    rows = session.scalars(select(CouncilSeat).where(CouncilSeat.round_id == round_id).options(joinedload(CouncilSeat.user)))
    return sorted(rows, key=lambda seat: (ORDER.index(seat.role), seat.user.name))


def sessions(session: Session, round_id: int) -> Sequence[CouncilSession]:
    """The meetings of the round's council, newest first."""
    return session.scalars(
        select(CouncilSession).where(CouncilSession.round_id == round_id).order_by(CouncilSession.number.desc())
    ).all()


def room(session: Session, session_id: int) -> Room:
    """A session with everybody in it.

    Raises:
        NotFound: there is no such session.
    """
    found = session.execute(
        select(CouncilSession, Round, ResultRun.superseded_at)
        .join(Round, Round.id == CouncilSession.round_id)
        .join(ResultRun, ResultRun.id == CouncilSession.run_id)
        .where(CouncilSession.id == session_id)
    ).first()
    if found is None:
        raise NotFound("session")
    meeting, round_, superseded_at = found
    sitting = seats(session, round_.id)
    present = frozenset(session.scalars(select(Attendance.seat_id).where(Attendance.session_id == session_id)))
    voters = [seat for seat in sitting if seat.role is not CouncilRole.SECRETARY]
    rules = rules_in_force(round_)
    return Room(
        meeting=meeting,
        round=round_,
        seats=tuple(sitting),
        present=present,
        needed=voting.needed_for_quorum(len(voters), rules.quorum_percent),
        members=len(voters),
        voters_present=sum(seat.id in present for seat in voters),
        voted=_voted(session, meeting),
        superseded=superseded_at is not None,
        majority_percent=rules.majority_percent,
    )


def ballot(session: Session, room_: Room, *, seat_id: int | None = None) -> tuple[BallotLine, ...]:
    """Every entry of the session's result in order of places, in a constant number of statements."""
    meeting = room_.meeting
    tallies = {row.entry_id: row for row in session.scalars(select(Tally).where(Tally.session_id == meeting.id))}
    mine = {row.entry_id: row for row in _own_votes(session, meeting.id, seat_id)}
    away = _recused(session, room_)
    decided = _decided(session, room_.round.id)
    rows = session.execute(
        select(
            Entry.id,
            Entry.code,
            Product.name,
            Facility.name,
            Unit.full_name,
            Entry.group_code,
            ResultLine.published,
            ResultLine.place,
            ResultLine.group_place,
            ResultLine.selection,
            ResultLine.tier,
        )
        .join(Entry, Entry.id == ResultLine.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Entry.facility_id)
        .join(Unit, Unit.id == Entry.locality_id)
        .where(ResultLine.run_id == meeting.run_id)
        .order_by(ResultLine.place.is_(None), ResultLine.place, Entry.code)
    )
    return tuple(
        _ballot_line(row, room_, tallies.get(row[0]), mine.get(row[0]), away.get(row[0], ()), decided.get(row[0]))
        for row in rows
    )


def checklist(session: Session, round_id: int) -> Checklist:
    """What is recorded for publishing and what is missing."""
    decided = _decided(session, round_id)
    accepted = session.scalar(
        select(func.count()).where(
            Entry.round_id == round_id, Entry.state == EntryState.ACCEPTED, Entry.merged_into_id.is_(None)
        )
    )
    documents = session.scalars(
        select(LegalDocument).where(LegalDocument.round_id == round_id).order_by(LegalDocument.id)
    ).all()
    recognised = [row for row, _ in decided.values() if row.outcome is Outcome.RECOGNISED]
    nominations = [nomination for _, nomination in decided.values() if nomination is not None]
    pending = session.scalar(
        select(CouncilSession.id)
        .where(CouncilSession.round_id == round_id, CouncilSession.state != SessionState.CLOSED)
        .limit(1)
    )
    decrees = (DocumentKind.COUNCIL_DECREE, DocumentKind.PANEL_DECREE)
    return Checklist(
        decided=len(decided),
        undecided=(accepted or 0) - len(decided),
        recognised=len(recognised),
        without_order=sum(row.order_id is None for row in recognised),
        nominated=len(nominations),
        nominated_sent=sum(nomination.letter_id is not None for nomination in nominations),
        sent_under=frozenset(nomination.letter_id for nomination in nominations if nomination.letter_id is not None),
        orders=tuple(row for row in documents if row.kind is DocumentKind.RECOGNITION_ORDER),
        letters=tuple(row for row in documents if row.kind is DocumentKind.NOMINATION_LETTER),
        decrees=tuple(row for row in documents if row.kind in decrees),
        session_pending=pending is not None,
    )


def dissents(session: Session, session_id: int) -> list[tuple[str, str, str]]:
    """Opinions that members put beside their open votes: (member, entry code, text)."""
    rows = session.execute(
        select(User.name, Entry.code, Vote.dissent)
        .join(CouncilSeat, CouncilSeat.id == Vote.seat_id)
        .join(User, User.id == CouncilSeat.user_id)
        .join(Entry, Entry.id == Vote.entry_id)
        .where(Vote.session_id == session_id, Vote.dissent != "")
        .order_by(Entry.code, User.name)
    )
    return [(name, code or "", text) for name, code, text in rows]


def _voted(session: Session, meeting: CouncilSession) -> dict[int, int]:
    """How many entries each member has voted on: all at once in a secret ballot."""
    if meeting.ballot is BallotKind.SECRET:
        return dict.fromkeys(session.scalars(select(BallotMark.seat_id).where(BallotMark.session_id == meeting.id)), 1)
    rows = session.execute(select(Vote.seat_id, func.count()).where(Vote.session_id == meeting.id).group_by(Vote.seat_id))
    return {row[0]: row[1] for row in rows}


def _own_votes(session: Session, session_id: int, seat_id: int | None) -> Sequence[Vote]:
    if seat_id is None:
        return ()
    return session.scalars(select(Vote).where(Vote.session_id == session_id, Vote.seat_id == seat_id)).all()


def _recused(session: Session, room_: Room) -> dict[int, tuple[Recused, ...]]:
    names = {seat.id: seat.user.name for seat in room_.seats}
    found: dict[int, tuple[Recused, ...]] = {}
    for row in session.scalars(
        select(CouncilRecusal)
        .where(CouncilRecusal.session_id == room_.meeting.id)
        .order_by(CouncilRecusal.entry_id, CouncilRecusal.seat_id)
    ):
        one = Recused(row.seat_id, names[row.seat_id], row.reason, row.seat_id in room_.present)
        found[row.entry_id] = (*found.get(row.entry_id, ()), one)
    return found


def _decided(session: Session, round_id: int) -> dict[int, tuple[Recognition, Nomination | None]]:
    rows = session.execute(
        select(Recognition, Nomination)
        .outerjoin(Nomination, Nomination.recognition_id == Recognition.id)
        .where(Recognition.round_id == round_id)
    )
    return {recognition.entry_id: (recognition, nomination) for recognition, nomination in rows}


# The columns of a ballot line in the order of the statement that selects them.
SELECTED = tuple(item.name for item in fields(BallotLine))[:11]


def _ballot_line(
    row: Any,
    room_: Room,
    tally: Tally | None,
    vote: Vote | None,
    recused: tuple[Recused, ...],
    decision: tuple[Recognition, Nomination | None] | None,
) -> BallotLine:
    recognition, nomination = decision or (None, None)
    count = voting.Count(tally.votes_for, tally.votes_against, tally.votes_blank) if tally else voting.Count()
    taking_part = room_.voters_present - sum(one.present for one in recused)
    on_ballot = row[SELECTED.index("selection")] in ("selected", "council", "over_quota")
    suggested = voting.outcome_of(count, taking_part, room_.majority_percent) if tally else Outcome.NOT_RECOGNISED
    return BallotLine(
        **dict(zip(SELECTED, row[:11], strict=True)),
        on_ballot=on_ballot,
        count=count,
        mine=vote.choice if vote else None,
        my_dissent=vote.dissent if vote else "",
        recused=recused,
        taking_part=taking_part,
        suggested=suggested,
        recognition_id=recognition.id if recognition else None,
        outcome=recognition.outcome if recognition else None,
        reason=recognition.reason if recognition else "",
        against_jury=recognition.against_jury if recognition else False,
        nominated=nomination is not None,
    )
