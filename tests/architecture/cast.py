"""The cast and the places of the access matrix: one world, built once, in which every route has something to show.

Five rounds of the same people stand in five phases; a sixth belongs to others. What belongs to An is
what every address names, so that everybody else's answer shows who may see An's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta

from PIL import Image
from sqlalchemy.orm import Session
from weasyprint import HTML

from app.domain.policies import SYSTEM, Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import (
    BallotKind,
    ConflictAnswer,
    ConflictRuling,
    CouncilRole,
    DocumentKind,
    EntryState,
    FileKind,
    Outcome,
    PanelRole,
    Phase,
    VoteChoice,
)
from app.infra.toolbox import toolbox
from app.models.account import RoleGrant, User
from app.models.council import CouncilSeat, CouncilSession, LegalDocument, Recognition
from app.models.dossier import DossierDocument, DossierPhoto, StoredFile
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.panel import Assignment, ConflictDeclaration, PanelSeat, Recusal
from app.models.record import OutboxMail
from app.models.round import Round
from app.models.sheet import ScoreSheet
from app.queries import registration as reads
from app.services import council, decisions, files, publication, results, snapshots
from tests.app import make
from uploads.intake import receive
from uploads.policy import PAPER, PHOTO

PEOPLE = {
    "an": "An",
    "binh": "Bình",
    "chi": "Chi",
    "dung": "Dũng",
    "em": "Em",
    "giang": "Giang",
    "kim": "Kim",
    "hoa": "Hoa",
    "inh": "Inh",
    "quan": "Quân",
}
CAST = ("guest", *PEOPLE)
MARKS = ("36", "36", "9", "9")


@dataclass
class Place:
    """One round with An's entry and what hangs on it."""

    round: Round
    entry: Entry
    other: Entry
    chi: PanelSeat
    assignment: Assignment | None = None
    sheet: ScoreSheet | None = None
    declaration: ConflictDeclaration | None = None
    seats: dict[str, CouncilSeat] = field(default_factory=dict)
    meeting: CouncilSession | None = None
    order: LegalDocument | None = None


@dataclass
class Cast:
    """Everybody, An's facility, and the files that all dossiers hold."""

    session: Session
    people: dict[str, User]
    facilities: dict[str, Facility]
    photo: StoredFile
    paper: StoredFile
    places: dict[str, Place] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The person with the rights that they hold now."""
        return make.acting(self.session, self.people[name])


def assemble(session: Session) -> Cast:
    """The people, two facilities, and one picture and one paper that went through intake."""
    people = {key: make.user(session, name) for key, name in PEOPLE.items()}
    make.administrator(session, people["quan"])
    facilities = {key: make.facility(session, people[key], name=f"Cơ sở {PEOPLE[key]}") for key in ("an", "binh")}
    return Cast(session, people, facilities, _kept_photo(session), _kept_paper(session))


def stage(cast: Cast, phase: Phase, state: EntryState) -> Place:
    """A round in the phase with the whole cast: Dũng is recused from An's entry."""
    session = cast.session
    round_ = make.round_(session, phase=phase, rules=RuleSet(minimum_sheets=1, blind=False))
    make.secretary(session, cast.people["giang"], round_)
    entries = [_entry(cast, round_, owner, state) for owner in ("an", "binh")]
    chi = make.judge(
        session, round_, cast.people["chi"], role=PanelRole.CHAIR, answer=ConflictAnswer.NONE, answered_at=make.NOW
    )
    dung = make.judge(session, round_, cast.people["dung"], answer=ConflictAnswer.CONFLICT, answered_at=make.NOW)
    place = Place(round_, *entries, chi=chi)
    for name, role in (("hoa", CouncilRole.CHAIR), ("inh", CouncilRole.MEMBER)):
        place.seats[name] = make.council_member(session, round_, cast.people[name], role=role)
    place.declaration = _recused(session, dung, entries[0])
    if phase not in (Phase.REGISTRATION, Phase.CHECKING):
        place.assignment = make.assignment(session, chi, entries[0])
        make.assignment(session, dung, entries[0]).active = False
        make.assignment(session, dung, entries[1])
        place.sheet = make.signed_sheet(session, make.assignment(session, chi, entries[1]), *MARKS)
    if phase in (Phase.DELIBERATION, Phase.PUBLISHED):
        make.signed_sheet(session, place.assignment, *MARKS)
    session.flush()
    return place


def elsewhere(cast: Cast) -> None:
    """Another round, of which Kim is secretary and in whose panel and council Em sits."""
    round_ = make.round_(cast.session, phase=Phase.JUDGING, year=2025)
    make.secretary(cast.session, cast.people["kim"], round_)
    make.judge(cast.session, round_, cast.people["em"], role=PanelRole.CHAIR)
    make.council_member(cast.session, round_, cast.people["em"], role=CouncilRole.CHAIR)


def in_session(cast: Cast, place: Place, ballot: BallotKind = BallotKind.OPEN) -> None:
    """The result computed and the council in session over it."""
    session, giang = cast.session, cast.actor("giang")
    results.compute(session, giang, round_id=place.round.id, now=make.NOW)
    place.meeting = council.plan_session(
        session, giang, round_id=place.round.id, meets_at=make.NOW, place="Hội trường", ballot=ballot, now=make.NOW
    )
    present = [seat.id for seat in place.seats.values()]
    council.mark_attendance(session, giang, session_id=place.meeting.id, seat_ids=present, now=make.NOW)
    council.open_session(session, cast.actor("hoa"), session_id=place.meeting.id, now=make.NOW)


def decided(cast: Cast, place: Place) -> None:
    """Everything recognised, An's nominated, and the order recorded and attached."""
    session, hoa = cast.session, cast.actor("hoa")
    assert place.meeting is not None
    for entry in (place.entry, place.other):
        for name in ("hoa", "inh"):
            council.vote(
                session,
                cast.actor(name),
                session_id=place.meeting.id,
                entry_id=entry.id,
                choice=VoteChoice.FOR,
                now=make.NOW,
            )
    council.close_session(session, hoa, session_id=place.meeting.id, now=make.NOW)
    decisions.adopt_proposal(session, hoa, session_id=place.meeting.id, now=make.NOW)
    place.order = _act(cast, place, DocumentKind.RECOGNITION_ORDER)
    publication.attach_order(session, cast.actor("giang"), round_id=place.round.id, document_id=place.order.id, now=make.NOW)


def published(cast: Cast, place: Place) -> None:
    """The decided round made public."""
    publication.publish(cast.session, cast.actor("giang"), round_id=place.round.id, now=make.NOW)


def recognition(cast: Cast, place: Place) -> Recognition:
    """The council's decision on An's entry."""
    found = cast.session.query(Recognition).where(Recognition.entry_id == place.entry.id).one()
    assert found.outcome is Outcome.RECOGNISED
    return found


def message(cast: Cast) -> OutboxMail:
    """A message to An."""
    row = OutboxMail(
        recipient=cast.people["an"].email,
        user_id=cast.people["an"].id,
        subject="Tin",
        body="Tin cho An",
        written_at=make.NOW,
    )
    cast.session.add(row)
    cast.session.flush()
    return row


def grant(cast: Cast) -> RoleGrant:
    """Giang's first grant."""
    return cast.session.query(RoleGrant).where(RoleGrant.user_id == cast.people["giang"].id).order_by(RoleGrant.id).first()  # type: ignore[return-value]


def _act(cast: Cast, place: Place, kind: DocumentKind) -> LegalDocument:
    return publication.record_document(
        cast.session,
        cast.actor("giang"),
        round_id=place.round.id,
        kind=kind,
        number="01/QĐ-MẪU",
        decided_on=make.TODAY - timedelta(days=1),
        authority="Ủy ban nhân dân tỉnh Mẫu",
        signer_name="Người Ký Mẫu",
        signer_title="Chủ tịch",
        sha256=cast.paper.sha256,
        filename="quyet-dinh.pdf",
        now=make.NOW,
    )


def _entry(cast: Cast, round_: Round, owner: str, state: EntryState) -> Entry:
    session = cast.session
    entry = make.entry(session, round_, cast.facilities[owner], name=f"Sản phẩm của {PEOPLE[owner]}", state=state, photos=0)
    session.add(DossierPhoto(dossier_id=entry.dossier_id, sha256=cast.photo.sha256, position=0, added_at=make.NOW))
    session.add(
        DossierDocument(
            dossier_id=entry.dossier_id,
            slot="business_registration",
            sha256=cast.paper.sha256,
            filename="dang-ky.pdf",
            number="01",
            issuer="Phòng mẫu",
            added_at=make.NOW,
        )
    )
    session.flush()
    if state is not EntryState.DRAFT:
        row = reads.entry(session, entry.id)
        assert row is not None
        snapshots.take(session, SYSTEM, entry=row, now=make.NOW)
        session.flush()
    return entry


def _recused(session: Session, seat: PanelSeat, entry: Entry) -> ConflictDeclaration:
    told = {"seat_id": seat.id, "entry_id": entry.id, "reason": "Góp vốn"}
    row = ConflictDeclaration(
        **told, kind="ownership", declared_at=make.NOW, ruling=ConflictRuling.RECUSED, ruled_at=make.NOW
    )
    session.add_all([row, Recusal(**told, recused_at=make.NOW)])
    session.flush()
    return row


def _kept_photo(session: Session) -> StoredFile:
    sink = io.BytesIO()
    Image.new("RGB", (1400, 1050), "teal").save(sink, "PNG")
    received = receive(io.BytesIO(sink.getvalue()), "anh.png", PHOTO, toolbox().storage)
    return files.keep(session, received, kind=FileKind.PHOTO, now=make.NOW)


def _kept_paper(session: Session) -> StoredFile:
    sink = io.BytesIO()
    HTML(string="<h1>Giấy mẫu</h1>").write_pdf(sink)
    received = receive(io.BytesIO(sink.getvalue()), "giay.pdf", PAPER, toolbox().storage)
    return files.keep(session, received, kind=FileKind.PAPER, now=make.NOW)
