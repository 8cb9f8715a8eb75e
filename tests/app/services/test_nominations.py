"""A nomination is taken in at the next level: with its letter and its certificate, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import (
    CertificateState,
    EntryState,
    LevelCode,
    NominationState,
    Phase,
    UnitTier,
)
from app.models.certificate import Certificate
from app.models.council import Nomination
from app.models.dossier import DossierDocument, DossierSnapshot
from app.models.entry import Entry
from app.models.facility import Facility
from app.models.record import AuditEvent, OutboxMail
from app.models.unit import Unit, UnitSuccession
from app.queries import nominations as reads
from app.services import nominations
from tests.app import make
from tests.app.services import path
from tests.app.services.certified import unlock
from tests.app.services.path import Path


@pytest.fixture
def way(session: Session) -> Path:
    return path.sent(session)


def take(session: Session, way: Path, **changes: object) -> Entry:
    values = {"nomination_id": way.nomination.id, "round_id": way.upper.id, "now": make.NOW, **changes}
    return nominations.accept(session, way.minh, **values)  # type: ignore[arg-type]


def test_the_same_product_and_dossier_enter_the_round_above_with_a_code_and_a_snapshot_of_its_own(
    session: Session, way: Path
) -> None:
    lower = way.lower.entries[0]
    entry = take(session, way)
    assert (entry.product_id, entry.dossier_id, entry.facility_id) == (
        lower.product_id, lower.dossier_id, lower.facility_id,
    )  # fmt: skip
    assert (entry.round_id, entry.state, entry.code) == (way.upper.id, EntryState.SUBMITTED, "TCMN-001")
    snapshot = session.get_one(DossierSnapshot, entry.snapshot_id)
    assert (snapshot.entry_id, snapshot.number) == (entry.id, 1)
    assert (way.nomination.state, way.nomination.accepted_entry_id) == (NominationState.ACCEPTED, entry.id)


def test_at_the_region_the_province_counts_as_the_locality(session: Session, way: Path) -> None:
    assert take(session, way).locality_id == make.province(session).id


def test_both_rounds_tell_where_the_dossier_went_and_the_facility_is_told(session: Session, way: Path) -> None:
    entry = take(session, way)
    links = session.scalars(select(AuditEvent).where(AuditEvent.action == "nomination:accept")).all()
    assert {link.chain for link in links} == {f"round:{way.upper.id}", f"round:{way.lower.round.id}"}
    assert {link.details["letter"] for link in links} == {"01/QĐ-MẪU"}
    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    assert mail.link == f"/co-so/ho-so/{entry.id}"


def test_without_a_letter_nothing_is_taken_in(session: Session) -> None:
    world, row = path.nominated(session)
    path.certificate(session, path.recognition_of(session, world))
    upper, minh = path.regional(session)
    with pytest.raises(Refused) as refusal:
        take(session, Path(world, row, upper, minh))
    assert refusal.value.code == "nomination_not_sent"


def test_the_second_secretary_is_told_that_it_was_taken_in(session: Session, way: Path) -> None:
    take(session, way)
    with pytest.raises(Refused) as refusal:
        take(session, way)
    assert refusal.value.code == "nomination_accepted"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"valid_until": date(2026, 11, 20)}, "Giấy chứng nhận cấp dưới đã hết hiệu lực ngày 20/11/2026."),
        ({"valid_from": date(2026, 11, 22)}, "Giấy chứng nhận cấp dưới có hiệu lực từ 22/11/2026."),
        (None, "Sản phẩm chưa có giấy chứng nhận của cấp dưới."),
    ],
)
def test_the_certificate_below_must_be_in_force_on_that_day(
    session: Session, way: Path, held: dict[str, date] | None, reason: str
) -> None:
    unlock(session)
    if held is None:
        session.query(Certificate).delete()
    else:
        session.execute(update(Certificate).values(**held))
    session.flush()
    with pytest.raises(Refused) as refusal:
        take(session, way)
    assert (refusal.value.code, refusal.value.params["reason"]) == ("lower_certificate_invalid", reason)


def test_the_last_day_of_the_certificate_below_still_counts(session: Session, way: Path) -> None:
    unlock(session)
    session.execute(update(Certificate).values(valid_until=date(2026, 11, 21)))
    assert take(session, way).state is EntryState.SUBMITTED


def test_papers_that_expired_since_are_found_and_written_down(session: Session, way: Path) -> None:
    lower = way.lower.entries[0]
    file = make.stored_file(session, b"giay")
    session.add(
        DossierDocument(
            dossier_id=lower.dossier_id, slot="quality_declaration", sha256=file.sha256, expires_on=date(2026, 11, 20),
            added_at=make.NOW,
        )
    )  # fmt: skip
    session.flush()
    session.expire_all()
    item = reads.one(session, way.nomination.id, way.upper, make.TODAY)
    assert item is not None
    codes = [fault.code for fault in item.papers]
    entry = take(session, way)
    link = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"entry:{entry.id}")).one()
    assert link.details["findings"] == codes
    assert "paper_missing" in codes


@pytest.mark.parametrize("region", ["central", "south"])
def test_a_round_of_another_region_cannot_take_it(session: Session, way: Path, region: str) -> None:
    other, lan = path.regional(session, region)
    with pytest.raises(Refused) as refusal:
        take(session, Path(way.lower, way.nomination, other, lan))
    assert refusal.value.code == "outside_territory"
    assert reads.incoming(session, other, make.TODAY) == []


def test_a_level_cannot_be_left_out(session: Session, way: Path) -> None:
    nation = make.round_(session, level=LevelCode.NATION)
    minh = make.user(session, "Minh")
    make.secretary(session, minh, nation)
    with pytest.raises(Refused) as refusal:
        take(session, Path(way.lower, way.nomination, nation, make.acting(session, minh)))
    assert refusal.value.code == "not_next_level"


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.JUDGING, Phase.DELIBERATION, Phase.PUBLISHED])
def test_only_a_round_that_receives_or_checks_takes_nominations(session: Session, way: Path, phase: Phase) -> None:
    way.upper.phase = phase
    if phase not in (Phase.DRAFT,):
        way.upper.frozen_digest, way.upper.published_at = "f" * 64, make.NOW
    session.flush()
    with pytest.raises(Refused) as refusal:
        take(session, way)
    assert refusal.value.code == "phase_closed"


def test_nobody_but_the_secretary_of_the_round_above_takes_it_in(session: Session, way: Path) -> None:
    with pytest.raises(NotFound):
        nominations.accept(session, way.lower.giang, nomination_id=way.nomination.id, round_id=way.upper.id, now=make.NOW)
    with pytest.raises((NotFound, Forbidden)):
        nominations.accept(session, way.lower.hoa, nomination_id=way.nomination.id, round_id=way.upper.id, now=make.NOW)


def test_a_product_that_is_in_the_round_already_is_not_entered_twice(session: Session, way: Path) -> None:
    lower = way.lower.entries[0]
    session.add(
        Entry(
            round_id=way.upper.id, facility_id=lower.facility_id, product_id=lower.product_id,
            dossier_id=lower.dossier_id, group_code=lower.group_code, locality_id=lower.locality_id,
            created_at=make.NOW,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(Refused) as refusal:
        take(session, way)
    assert refusal.value.code == "nomination_already_entered"


def end_commune(session: Session, facility: Facility, successors: int) -> list[Unit]:
    """A decree ends the facility's commune yesterday; its successors by name."""
    old = session.get_one(Unit, facility.commune_id)
    old.valid_to = make.TODAY - timedelta(days=1)
    made = []
    for number in range(successors):
        unit = Unit(
            tier=UnitTier.COMMUNE, code=f"9900{number}", kind="xa", name=f"Mới {number}", full_name=f"Xã Mới {number}",
            parent_id=old.parent_id, valid_from=make.TODAY, sort_key=f"moi {number}", decree="01/2026/NQ-MẪU",
        )  # fmt: skip
        session.add(unit)
        session.flush()
        session.add(UnitSuccession(predecessor_id=old.id, successor_id=unit.id, decree=unit.decree))
        made.append(unit)
    session.flush()
    return made


def test_a_merged_commune_is_followed_without_asking(session: Session, way: Path) -> None:
    (new,) = end_commune(session, way.lower.facilities[0], 1)
    take(session, way)
    assert way.lower.facilities[0].commune_id == new.id
    link = session.scalars(select(AuditEvent).where(AuditEvent.action == "facility:follow_units")).one()
    assert link.details["after"]["commune_id"] == new.id


def test_of_a_split_commune_a_person_chooses(session: Session, way: Path) -> None:
    _, second = end_commune(session, way.lower.facilities[0], 2)
    with pytest.raises(Invalid) as refusal:
        take(session, way)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("commune_id", "commune_to_choose")]
    with pytest.raises(Invalid):
        take(session, way, commune_id=make.commune(session, make.province(session), kind="phuong").id)
    take(session, way, commune_id=second.id)
    assert way.lower.facilities[0].commune_id == second.id


def test_a_revoked_certificate_opens_nothing(session: Session, way: Path) -> None:
    from app.domain.vocabulary import DocumentKind
    from tests.app.services.world import order

    row = session.query(Certificate).one()
    document = order(session, way.lower, kind=DocumentKind.REVOCATION_DECISION)
    row.revocation_id, row.revoked_at, row.state = document.id, make.NOW, CertificateState.REVOKED
    session.flush()
    with pytest.raises(Refused) as refusal:
        take(session, way)
    assert refusal.value.params["reason"] == "Giấy chứng nhận cấp dưới đã bị thu hồi."


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_the_database_itself_refuses_a_state_without_its_document(session: Session, state: str) -> None:
    _, row = path.nominated(session)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(update(Nomination).where(Nomination.id == row.id).values(state=NominationState(state)))
    session.rollback()
