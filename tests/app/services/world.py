"""A judged round in small: four entries of two facilities, three judges, a council of three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import BallotKind, CouncilRole, DocumentKind, FileKind, PanelRole, Phase, VoteChoice
from app.models.council import CouncilSession, LegalDocument
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.panel import PanelSeat
from app.models.round import Round
from app.services import council, publication, results
from tests.app import make

# Totals: 90, 80, 80 (a tie with the second), 60 (below the pass mark).
SHEETS = (("36", "36", "9", "9"), ("32", "32", "8", "8"), ("32", "32", "8", "8"), ("24", "24", "6", "6"))


@dataclass
class World:
    """Everybody and everything of the round."""

    round: Round
    facilities: list[Facility]
    entries: list[Entry]
    judges: list[PanelSeat]
    giang: Actor
    hoa: Actor
    members: list[Actor]


def judged(session: Session, *, rules: RuleSet | None = None, phase: Phase = Phase.DELIBERATION) -> World:
    """A round whose sheets are all signed, in deliberation."""
    round_ = make.round_(session, phase=phase, rules=rules or RuleSet(direct_registration=True))
    owners = [make.user(session, name) for name in ("An", "Bình")]
    facilities = [make.facility(session, owner, name=f"Cơ sở Mẫu {owner.name}") for owner in owners]
    entries = [make.entry(session, round_, facilities[number % 2], name=f"Sản phẩm mẫu {number + 1}") for number in range(4)]
    judges = [
        make.judge(session, round_, make.user(session, name), role=role)
        for name, role in (("Chi", PanelRole.CHAIR), ("Dũng", PanelRole.MEMBER), ("Em", PanelRole.MEMBER))
    ]
    for entry, points in zip(entries, SHEETS, strict=True):
        for seat in judges:
            make.signed_sheet(session, make.assignment(session, seat, entry), *points)
    giang = make.user(session, "Giang")
    make.secretary(session, giang, round_)
    people = [make.user(session, name) for name in ("Hoa", "Inh", "Kiên")]
    for person, role in zip(people, (CouncilRole.CHAIR, CouncilRole.MEMBER, CouncilRole.MEMBER), strict=True):
        make.council_member(session, round_, person, role=role)
    session.flush()
    actors = [make.acting(session, person) for person in people]
    return World(round_, facilities, entries, judges, make.acting(session, giang), actors[0], actors)


def planned(session: Session, world: World, *, ballot: BallotKind = BallotKind.OPEN, present: int = 3) -> CouncilSession:
    """The result computed, a council session planned over it, and its members there."""
    results.compute(session, world.giang, round_id=world.round.id, now=make.NOW)
    meeting = council.plan_session(
        session, world.giang, round_id=world.round.id, meets_at=make.NOW, place="Hội trường", ballot=ballot, now=make.NOW
    )
    seats = [member.council_seats[world.round.id].id for member in world.members[:present]]
    council.mark_attendance(session, world.giang, session_id=meeting.id, seat_ids=seats, now=make.NOW)
    return meeting


def in_session(session: Session, world: World, *, ballot: BallotKind = BallotKind.OPEN, present: int = 3) -> CouncilSession:
    """The result computed and a council session open over it."""
    meeting = planned(session, world, ballot=ballot, present=present)
    return council.open_session(session, world.hoa, session_id=meeting.id, now=make.NOW)


def vote_all(session: Session, world: World, meeting: CouncilSession, choice: VoteChoice, *entries: Entry) -> None:
    """Every member votes the same way on the entries."""
    for entry in entries:
        for member in world.members:
            council.vote(session, member, session_id=meeting.id, entry_id=entry.id, choice=choice, now=make.NOW)


def order(session: Session, world: World, *, kind: DocumentKind = DocumentKind.RECOGNITION_ORDER) -> LegalDocument:
    """The act of the authority, with its file."""
    file = make.stored_file(session, kind.value.encode(), kind=FileKind.LEGAL_DOCUMENT)
    return publication.record_document(
        session,
        world.giang,
        round_id=world.round.id,
        kind=kind,
        number="01/QĐ-MẪU",
        decided_on=date(2026, 11, 20),
        authority="Ủy ban nhân dân tỉnh Mẫu",
        signer_name="Nguyễn Văn Mẫu",
        signer_title="Chủ tịch",
        sha256=file.sha256,
        filename="quyet-dinh.pdf",
        now=make.NOW,
    )
