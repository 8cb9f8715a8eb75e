"""One product goes from a district's round to the nation's, across 1/7/2025, with every document.

The district ended and its province was merged in between; each certificate prints the names of its
own day. Nothing is typed twice: the dossier of the first round is the dossier of the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.policies import Actor
from app.domain.rules import RuleSet
from app.domain.vocabulary import (
    BallotKind,
    CouncilRole,
    DocumentKind,
    EntryState,
    FileKind,
    LevelCode,
    NominationState,
    PanelRole,
    PaperVerdict,
    Phase,
    UnitTier,
    VoteChoice,
)
from app.infra.pressroom import pressroom
from app.models.account import User
from app.models.certificate import Certificate
from app.models.council import LegalDocument, Nomination, Recognition
from app.models.entry import Entry
from app.models.panel import Assignment
from app.models.unit import Unit, UnitSuccession
from app.queries import registration as reads
from app.queries.invariants import violations
from app.queries.nominations import incoming
from app.queries.rights import actor_for
from app.services import (
    assigning,
    certificates,
    checking,
    conflicts,
    council,
    decisions,
    designs,
    judging,
    line_lists,
    nominations,
    panels,
    publication,
    registration,
    results,
    rounds,
)
from app.services.round_values import RoundValues
from scoring.assignment import Mode
from tests.app import make, registering
from tests.app.conftest import app as app
from tests.app.conftest import database_url as database_url
from tests.app.conftest import session as session
from tests.app.conftest import template as template

RULES = RuleSet(minimum_sheets=1, quorum_percent=50)
POINTS = {"1": "36", "2": "36", "3": "9", "4": "9"}


def at(day: date, hour: int = 2) -> datetime:
    """An instant in the working hours of a day in Viet Nam."""
    return datetime.combine(day, time(hour), UTC)


@dataclass
class People:
    """Who carries the product upward: the household and one secretary, judge and chair for all rounds."""

    household: User
    secretary: User
    judge: User
    chair: User


class Stage:
    """One round from its founding to its certificate, every step by the service that users call."""

    def __init__(self, session: Session, people: People, day: date, **territory: object) -> None:
        """Found the round on a day and open it for registration."""
        self.session, self.people, self.day = session, people, day
        level = territory["level"]
        values = RoundValues(
            year=day.year, code=f"{level}-{day.year}", name=f"Bình chọn {level} {day.year}", authority="Ủy ban nhân dân mẫu",
            signer_title="Chủ tịch", place="Đồng Phú", rules=RULES,
            windows={Phase.REGISTRATION: (at(day), at(day + timedelta(days=20)))}, **territory,  # type: ignore[arg-type]
        )  # fmt: skip
        self.round = rounds.create(session, self.as_(people.secretary), values=values, now=at(day))
        self.move(Phase.REGISTRATION)

    def as_(self, person: User) -> Actor:
        """The person with the rights of this moment."""
        return actor_for(self.session, person.id, now=at(self.day))

    def move(self, to: Phase) -> None:
        rounds.move(self.session, self.as_(self.people.secretary), round_id=self.round.id, to=to, now=at(self.day))

    def later(self, days: int = 1) -> None:
        self.day += timedelta(days=days)

    def check_and_judge(self, entry_id: int) -> None:
        """The officer accepts the papers, the jury signs, the result is computed."""
        session, people, round_id = self.session, self.people, self.round.id
        secretary = self.as_(people.secretary)
        self.move(Phase.CHECKING)
        found = {"facility": {"verdict": PaperVerdict.VALID.value, "note": ""}}
        checking.check(session, secretary, entry_id=entry_id, items=found, note="", now=at(self.day))
        checking.accept(session, secretary, entry_id=entry_id, now=at(self.day))
        panels.seat(session, secretary, round_id=round_id, user_id=people.judge.id, role=PanelRole.CHAIR, now=at(self.day))
        assigning.assign(session, secretary, round_id=round_id, mode=Mode.ALL, now=at(self.day))
        self.move(Phase.JUDGING)
        self.later()
        judge = self.as_(people.judge)
        conflicts.declare(session, judge, round_id=round_id, conflicts={}, now=at(self.day))
        assignment = session.scalars(select(Assignment).where(Assignment.entry_id == entry_id)).one()
        saved = judging.save_draft(
            session, judge, assignment_id=assignment.id, points=POINTS, comment="", version=0,
            operation=f"save-{round_id}", now=at(self.day),
        )  # fmt: skip
        judging.sign(
            session, judge, assignment_id=assignment.id, version=saved.version, operation=f"sign-{round_id}",
            now=at(self.day),
        )  # fmt: skip
        self.move(Phase.DELIBERATION)
        results.compute(session, secretary, round_id=round_id, now=at(self.day))

    def decide(self, entry_id: int) -> Recognition:
        """The council meets, votes for the product and recognises it."""
        session, round_id = self.session, self.round.id
        secretary = self.as_(self.people.secretary)
        seat = council.seat(
            session, secretary, round_id=round_id, user_id=self.people.chair.id, role=CouncilRole.CHAIR, now=at(self.day)
        )
        meeting = council.plan_session(
            session, secretary, round_id=round_id, meets_at=at(self.day), place="Hội trường", ballot=BallotKind.OPEN,
            now=at(self.day),
        )  # fmt: skip
        council.mark_attendance(session, secretary, session_id=meeting.id, seat_ids=[seat.id], now=at(self.day))
        chair = self.as_(self.people.chair)
        council.open_session(session, chair, session_id=meeting.id, now=at(self.day))
        council.vote(session, chair, session_id=meeting.id, entry_id=entry_id, choice=VoteChoice.FOR, now=at(self.day))
        council.close_session(session, chair, session_id=meeting.id, now=at(self.day))
        assert decisions.adopt_proposal(session, chair, session_id=meeting.id, now=at(self.day)) == 1
        return session.scalars(select(Recognition).where(Recognition.entry_id == entry_id)).one()

    def document(self, kind: DocumentKind) -> LegalDocument:
        """An act of the authority on this day, with its file."""
        file = make.stored_file(self.session, f"{self.round.code} {kind}".encode(), kind=FileKind.LEGAL_DOCUMENT)
        return publication.record_document(
            self.session, self.as_(self.people.secretary), round_id=self.round.id, kind=kind,
            number=f"{self.round.id}/{kind.value}", decided_on=self.day, authority=self.round.authority,
            signer_name="Nguyễn Văn Mẫu", signer_title="Chủ tịch", sha256=file.sha256, filename="van-ban.pdf",
            now=at(self.day),
        )  # fmt: skip

    def publish(self) -> None:
        """The order is recorded, put behind the decision, and everything becomes public."""
        order = self.document(DocumentKind.RECOGNITION_ORDER)
        secretary = self.as_(self.people.secretary)
        publication.attach_order(self.session, secretary, round_id=self.round.id, document_id=order.id, now=at(self.day))
        publication.publish(self.session, secretary, round_id=self.round.id, now=at(self.day))

    def certify(self) -> Certificate:
        """The certificate is issued by the press."""
        room = pressroom()
        design = designs.chosen(self.session, room, None, self.round.level, now=at(self.day))
        (row,) = certificates.issue_batch(
            self.session, self.as_(self.people.secretary), round_id=self.round.id, issued_on=self.day, room=room,
            design_digest=design.digest, now=at(self.day),
        )  # fmt: skip
        return row

    def nominate(self, recognition: Recognition) -> Nomination:
        """Chosen for the level above, and sent under its letter."""
        secretary = self.as_(self.people.secretary)
        row = decisions.nominate(self.session, secretary, recognition_id=recognition.id, now=at(self.day))
        letter = self.document(DocumentKind.NOMINATION_LETTER)
        publication.send_nominations(
            self.session, secretary, round_id=self.round.id, document_id=letter.id, now=at(self.day)
        )
        assert row.state is NominationState.SENT
        return row

    def take_in(self, nomination: Nomination) -> Entry:
        """The round takes the nomination in; the manifest lists exactly it."""
        upper = reads.round_with_groups(self.session, self.round.id)
        assert upper is not None
        items = incoming(self.session, upper, self.day)
        assert [item.row.id for item in items] == [nomination.id]
        listed = line_lists.manifest(self.session, items).entries
        held = items[0].certificate
        assert held is not None
        assert [line.lower_certificate for line in listed] == [held.serial]
        return nominations.accept(
            self.session, self.as_(self.people.secretary), nomination_id=nomination.id, round_id=self.round.id,
            now=at(self.day),
        )  # fmt: skip

    def run(self, entry_id: int) -> tuple[Recognition, Certificate]:
        """From the accepted dossier to the certificate."""
        self.check_and_judge(entry_id)
        self.later()
        recognition = self.decide(entry_id)
        self.later()
        self.publish()
        return recognition, self.certify()


@pytest.fixture
def people(session: Session) -> People:
    found = People(*(make.user(session, name) for name in ("An", "Giang", "Chi", "Hoa")))
    make.administrator(session, found.secretary)
    return found


def old_places(session: Session) -> tuple[Unit, Unit, Unit]:
    """Bình Phước as it was, a district of it, and a commune of that district, whose decree merged it later."""
    province = session.scalars(
        select(Unit).where(Unit.tier == UnitTier.PROVINCE, Unit.name == "Bình Phước", Unit.valid_to == date(2025, 6, 30))
    ).one()
    district = Unit(
        tier=UnitTier.DISTRICT, code="M1", kind="huyen", name="Mẫu", full_name="Huyện Mẫu", parent_id=province.id,
        valid_from=date(2008, 8, 1), valid_to=date(2025, 6, 30), sort_key="mau",
    )  # fmt: skip
    session.add(district)
    session.flush()
    commune = Unit(
        tier=UnitTier.COMMUNE, code="M1X", kind="xa", name="Cũ", full_name="Xã Cũ", parent_id=district.id,
        valid_from=date(2008, 8, 1), valid_to=date(2025, 6, 30), sort_key="cu",
    )  # fmt: skip
    session.add(commune)
    session.flush()
    today = make.commune(session, make.province(session, "Đồng Nai"))
    session.add(UnitSuccession(predecessor_id=commune.id, successor_id=today.id, decree="NQ mẫu"))
    session.flush()
    return province, district, commune


def test_one_product_goes_from_the_district_to_the_nation_with_every_document(
    app: Flask, session: Session, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_day = date(2025, 5, 12)
    monkeypatch.setattr(make, "NOW", at(first_day))
    province, district, commune = old_places(session)
    new_commune = session.scalars(select(UnitSuccession).where(UnitSuccession.predecessor_id == commune.id)).one()
    facility = make.facility(session, people.household, name="Cơ sở Mẫu", province=province, commune=commune)

    lowest = Stage(session, people, first_day, level=LevelCode.COMMUNE, unit_id=district.id)
    household = lowest.as_(people.household)
    draft = registering.draft(session, household, lowest.round, facility)
    registering.fill(session, household, draft)
    entry = registration.submit(session, household, entry_id=draft.id, declared_true=True, now=at(first_day))
    recognition, held = lowest.run(entry.id)
    chain, printed = [entry], [held.content]
    nomination = lowest.nominate(recognition)

    upward: tuple[tuple[date, dict[str, object]], ...] = (
        (date(2025, 9, 8), {"level": LevelCode.PROVINCE, "unit_id": make.province(session, "Đồng Nai").id}),
        (date(2026, 3, 9), {"level": LevelCode.REGION, "region_code": "south"}),
        (date(2026, 9, 7), {"level": LevelCode.NATION}),
    )
    for day, territory in upward:
        stage = Stage(session, people, day, **territory)
        entry = stage.take_in(nomination)
        assert entry.state is EntryState.SUBMITTED
        recognition, held = stage.run(entry.id)
        chain.append(entry)
        printed.append(held.content)
        assert session.get_one(Nomination, nomination.id).accepted_entry_id == entry.id
        if territory["level"] is not LevelCode.NATION:
            nomination = stage.nominate(recognition)

    # One product and one dossier; a snapshot and a code for each level.
    assert {(row.product_id, row.dossier_id) for row in chain} == {(draft.product_id, draft.dossier_id)}
    assert len({row.snapshot_id for row in chain}) == 4
    assert [row.code for row in chain] == ["TCMN-001"] * 4
    # The facility went on in its successors, and each certificate prints the names of its own day.
    assert facility.commune_id == new_commune.successor_id
    today = session.get_one(Unit, new_commune.successor_id).full_name
    commune_name = f"{today[:1].lower()}{today[1:]}"
    assert [content["address"] for content in printed] == [
        "Thôn Mẫu, xã Cũ, tỉnh Bình Phước",
        f"Thôn Mẫu, {commune_name}, tỉnh Đồng Nai",
        f"Thôn Mẫu, {commune_name}, tỉnh Đồng Nai",
        f"Thôn Mẫu, {commune_name}, thành phố Đồng Nai",
    ]
    assert [content["level"].casefold() for content in printed] == [
        "cấp huyện năm 2025", "cấp tỉnh năm 2025", "cấp khu vực phía nam năm 2026", "cấp quốc gia năm 2026",
    ]  # fmt: skip
    assert session.query(LegalDocument).count() == 7
    assert violations(session) == []
