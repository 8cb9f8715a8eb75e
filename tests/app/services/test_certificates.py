"""Certificates: one a recognised entry, numbers without a gap, contents as of the order, files that can be had again."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import CertificateState, DocumentKind, JobState, Phase
from app.infra.database import db, unit_of_work
from app.infra.pressroom import pressroom
from app.jobs.bell import sweep
from app.models.certificate import Certificate, CertificateDesign, CertificateSeries
from app.models.entry import Entry
from app.models.facility import Product
from app.models.record import AuditEvent, Job
from app.models.round import Round
from app.models.unit import UnitName
from app.queries import certificates as reads
from app.queries import issuing
from app.services import audit, certificates, series
from app.services.certificate_files import file_of
from certificates.codes import is_code
from certificates.content import CertificateContent
from certificates.reference import check_signature
from tests.app import make
from tests.app.services.certified import ISSUED_ON, crowd, issued, of_round, published, request, unlock
from tests.app.services.world import World, order
from tests.certificates.keys import TestKey, make_key
from tests.certificates.timestamping import StampServer


def test_every_recognised_entry_gets_one_certificate_in_ceremony_order(session: Session) -> None:
    world, rows = issued(session)
    entries = [reads.by_id(session, row.id, on=ISSUED_ON) for row in rows]
    assert [found.entry_id for found in entries if found] == [entry.id for entry in world.entries[:3]]
    code = make.province(session).code
    assert [row.serial for row in rows] == [f"0000{number}/GCN-T-{code}-2026" for number in (1, 2, 3)]
    assert all(is_code(row.code) for row in rows)
    assert len({row.code for row in rows}) == 3


def test_contents_say_what_the_order_the_round_and_the_entry_say(session: Session) -> None:
    _, rows = issued(session)
    content = rows[0].content
    assert {name: content[name] for name in ("level", "recipient", "product_name", "product_kind", "issuer")} == {
        "level": "cấp tỉnh năm 2026",
        "recipient": "Cơ sở Mẫu An",
        "product_name": "Sản phẩm mẫu 1",
        "product_kind": "single",
        "issuer": "Ủy ban nhân dân tỉnh Mẫu",
    }
    assert (content["order_number"], content["order_date"]) == ("01/QĐ-MẪU", "2026-11-20")
    assert (content["valid_from"], content["valid_until"]) == ("2026-11-21", "2031-11-21")
    assert content["address"].startswith("Thôn Mẫu, xã ")
    assert content["address"].endswith(", tỉnh Bắc Ninh")
    assert content["verify_url"] == f"http://localhost/gcn/{rows[0].code}"
    assert rows[0].content_digest == CertificateContent.from_dict(content).digest()


def test_a_place_is_printed_with_its_name_on_the_day_of_the_order(session: Session) -> None:
    world = published(session)
    place = make.province(session)
    session.add(
        UnitName(
            unit_id=place.id,
            name="Kinh Bắc",
            full_name="Tỉnh Kinh Bắc",
            valid_from=date(2026, 11, 20),
            valid_to=date(2026, 11, 20),
        )
    )
    request(session, world)
    assert of_round(session, world.round.id)[0].content["address"].endswith(", tỉnh Kinh Bắc")


def test_an_unsigned_file_is_stamped_anew_and_equals_its_digest(app: Flask, session: Session) -> None:
    _, rows = issued(session)
    pdf = file_of(session, pressroom(), rows[0])
    app.extensions.pop("pressroom")
    again = file_of(session, pressroom(), rows[0])
    assert hashlib.sha256(pdf).hexdigest() == rows[0].file_digest
    assert pdf == again
    assert rows[0].sha256 is None


def test_a_file_that_comes_out_otherwise_is_refused(session: Session) -> None:
    _, rows = issued(session)
    unlock(session)
    session.execute(update(Certificate).where(Certificate.id == rows[0].id).values(file_digest="0" * 64))
    session.expire_all()
    with pytest.raises(Refused) as refusal:
        file_of(session, pressroom(), rows[0])
    assert refusal.value.code == "certificate_file_differs"


def test_the_design_is_on_record_with_its_compiled_form(session: Session) -> None:
    _, rows = issued(session)
    design = session.get_one(CertificateDesign, rows[0].design_digest)
    assert (design.name, design.shipped, design.issued_at is not None) == ("provincial", True, True)
    assert pressroom().storage.exists(design.compiled_sha256 or "")


def test_asking_again_when_all_have_theirs_is_refused(session: Session) -> None:
    world, _ = issued(session)
    with pytest.raises(Refused) as refusal:
        certificates.request_issue(session, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
    assert refusal.value.code == "nothing_to_issue"


def test_asking_twice_gives_the_job_that_waits(session: Session) -> None:
    world = published(session)
    jobs = [
        certificates.request_issue(session, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
        for _ in range(2)
    ]
    assert jobs[0].id == jobs[1].id


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 19), "before_order"), (ISSUED_ON + timedelta(days=367), "too_far_ahead")]
)
def test_the_day_of_issue_follows_the_order_and_is_near(session: Session, day: date, code: str) -> None:
    world = published(session)
    with pytest.raises(Invalid) as refusal:
        certificates.request_issue(session, world.giang, round_id=world.round.id, issued_on=day, now=make.NOW)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("issued_on", code)]


def test_only_the_secretary_issues_and_only_once_published(session: Session) -> None:
    world = published(session)
    stranger = make.acting(session, make.user(session, "Lạ"))
    with pytest.raises(NotFound):
        certificates.request_issue(session, stranger, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
    with pytest.raises(Forbidden):
        certificates.request_issue(session, world.hoa, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
    session.execute(update(Round).values(phase=Phase.DELIBERATION))
    session.expire_all()
    with pytest.raises(Refused) as refusal:
        certificates.request_issue(session, world.giang, round_id=world.round.id, issued_on=ISSUED_ON, now=make.NOW)
    assert refusal.value.code == "phase_closed"


def test_what_cannot_be_printed_is_told_by_entry_and_nothing_is_issued(session: Session) -> None:
    world = published(session)
    session.execute(update(Product).where(Product.id == world.entries[1].product_id).values(name="Bình gốm 龍 vẽ tay"))
    session.execute(update(Entry).values(snapshot_id=None))
    job_id = request(session, world)
    job = session.get_one(Job, job_id)
    assert job.state is JobState.DONE
    assert job.result["issued"] == 0
    assert [(problem["entry_id"], problem["field"]) for problem in job.result["problems"]] == [
        (world.entries[1].id, "product_name")
    ]
    assert of_round(session, world.round.id) == []


def test_every_step_is_in_the_audit_chain(session: Session) -> None:
    _, rows = issued(session)
    actions = session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.like("certificate%")).order_by(AuditEvent.id)
    ).all()
    assert actions == ["certificates:request", *["certificate:issue"] * len(rows)]
    assert audit.verify(session) == []


def test_twenty_writers_get_numbers_of_their_own_without_a_gap(app: Flask, session: Session) -> None:
    plan = series.SeriesPlan("T", "27", 2026, series.TERRITORY_PATTERN)
    session.commit()
    found: list[int] = []

    def take() -> None:
        with app.app_context():
            for _ in range(5):
                with unit_of_work() as writing:
                    _, numbers = series.allot(writing, plan, 3)
                    found.extend(number.number for number in numbers)
            db.session.remove()

    workers = [threading.Thread(target=take) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(found) == list(range(1, 301))


def test_a_roll_back_gives_numbers_back_and_a_commit_spends_them(session: Session) -> None:
    plan = series.SeriesPlan("T", "27", 2026, series.TERRITORY_PATTERN)
    _, [first] = series.allot(session, plan, 1)
    session.commit()
    series.allot(session, plan, 7)
    session.rollback()
    _, [second] = series.allot(session, plan, 1)
    assert (first.serial, second.serial) == ("00001/GCN-T-27-2026", "00002/GCN-T-27-2026")


def test_the_database_admits_one_first_certificate_a_recognition(session: Session) -> None:
    _, rows = issued(session)
    copied = {column.key: getattr(rows[0], column.key) for column in Certificate.__table__.columns}
    session.add(Certificate(**{**copied, "id": None, "number": 99, "serial": "X", "code": "Y"}))
    with pytest.raises(IntegrityError):
        session.flush()


def reissued(session: Session, world: World, row: Certificate, **values: object) -> Certificate:
    chosen = {"reason": "lost", "issued_on": ISSUED_ON, **values}
    return certificates.reissue(
        session,
        world.giang,
        certificate_id=row.id,
        room=pressroom(),
        now=make.NOW,
        **chosen,  # type: ignore[arg-type]
    )


def test_a_misspelt_certificate_is_replaced_and_linked_both_ways(session: Session) -> None:
    world, rows = issued(session)
    new = reissued(session, world, rows[0], reason="misspelt", note="Sai tên", corrections={"recipient": "Cơ sở Mẫu Ân"})
    old = rows[0]
    assert (old.state, old.replaced_by_id, new.replaces_id) == (CertificateState.REPLACED, new.id, old.id)
    assert (new.number, new.content["recipient"], old.content["recipient"]) == (4, "Cơ sở Mẫu Ân", "Cơ sở Mẫu An")
    assert new.code != old.code
    assert new.content["verify_url"].endswith(new.code)
    assert (new.valid_from, new.valid_until) == (old.valid_from, old.valid_until)


def test_a_misspelt_certificate_needs_a_correction(session: Session) -> None:
    world, rows = issued(session)
    with pytest.raises(Invalid) as refusal:
        reissued(session, world, rows[0], reason="misspelt", corrections={"recipient": " Cơ sở  Mẫu An "})
    assert refusal.value.faults[0].code == "correction_required"


def test_a_replaced_certificate_is_not_replaced_again(session: Session) -> None:
    world, rows = issued(session)
    reissued(session, world, rows[0])
    with pytest.raises(Refused) as refusal:
        reissued(session, world, rows[0])
    assert refusal.value.code == "certificate_replaced"


def test_a_number_never_returns_after_a_revocation(session: Session) -> None:
    world, rows = issued(session)
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    certificates.revoke(session, world.giang, certificate_id=rows[2].id, document_id=document.id, now=make.NOW)
    new = reissued(session, world, rows[1])
    found = reads.by_id(session, rows[2].id, on=date(2026, 11, 20))
    assert found is not None
    assert (found.verdict.value, new.number) == ("revoked", 4)
    assert issuing.pending(session, world.round.id) == []


def test_revoking_needs_a_revocation_decision_of_the_round(session: Session) -> None:
    world, rows = issued(session)
    other = order(session, world, kind=DocumentKind.NOMINATION_LETTER)
    with pytest.raises(NotFound):
        certificates.revoke(session, world.giang, certificate_id=rows[0].id, document_id=other.id, now=make.NOW)


def test_certificates_of_an_archived_round_can_still_be_revoked(session: Session) -> None:
    world, rows = issued(session)
    session.execute(update(Round).values(phase=Phase.ARCHIVED))
    session.expire_all()
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    row = certificates.revoke(session, world.giang, certificate_id=rows[0].id, document_id=document.id, now=make.NOW)
    assert row.state is CertificateState.REVOKED


def test_the_pattern_is_set_once_a_series(session: Session) -> None:
    world = published(session)
    own = "GCN-{level}-{territory}/{year}/{number:3}"
    assert series.plan_for(session, world.round, year=2026, pattern=own).pattern == own
    request(session, world)
    with pytest.raises(Invalid) as refusal:
        series.plan_for(session, world.round, year=2026, pattern=own)
    assert refusal.value.faults[0].code == "pattern_fixed"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("{number}/GCN-{year}", "pattern_incomplete"), ("{so}/{level}/{territory}/{year}", "pattern_unreadable")],
)
def test_a_pattern_that_two_series_could_share_is_refused(session: Session, pattern: str, code: str) -> None:
    world = published(session)
    with pytest.raises(Invalid) as refusal:
        series.plan_for(session, world.round, year=2026, pattern=pattern)
    assert refusal.value.faults[0].code == code


def sign_with(app: Flask, **settings: str) -> None:
    tools = app.extensions["toolbox"]
    tools.settings = tools.settings.__class__(**{**vars(tools.settings), **settings})


def key_file(folder: Path) -> tuple[str, TestKey]:
    key = make_key(password="mat-khau")
    (folder / "khoa.p12").write_bytes(key.p12)
    return str(folder / "khoa.p12"), key


def test_a_signed_certificate_is_stored_and_stays_as_it_was_signed(app: Flask, session: Session, tmp_path: Path) -> None:
    path, key = key_file(tmp_path)
    world = published(session)
    with StampServer() as stamps:
        sign_with(app, signing_key=path, signing_key_password="mat-khau", timestamp_url=stamps.url)
        request(session, world)
    row = of_round(session, world.round.id)[0]
    pdf = file_of(session, pressroom(), row)
    assert row.sha256 == row.file_digest == hashlib.sha256(pdf).hexdigest()
    state = check_signature(pdf, [key.root, stamps.root])
    assert (state.accepted, state.stamped) == (True, True)


def test_when_the_time_stamp_service_fails_no_number_is_spent(app: Flask, session: Session, tmp_path: Path) -> None:
    path, _key = key_file(tmp_path)
    world = published(session)
    with StampServer() as stamps:
        sign_with(app, signing_key=path, signing_key_password="mat-khau", timestamp_url=stamps.url)
        stamps.fail = True
        job_id = request(session, world)
        assert "SigningError" in session.get_one(Job, job_id).error
        assert (of_round(session, world.round.id), session.scalar(select(func.count(CertificateSeries.id)))) == ([], 0)
        stamps.fail = False
        sweep()
    assert [row.number for row in of_round(session, world.round.id)] == [1, 2, 3]


def test_a_reissue_that_cannot_be_signed_is_refused_with_the_reason(app: Flask, session: Session, tmp_path: Path) -> None:
    world, rows = issued(session)
    path, _key = key_file(tmp_path)
    sign_with(app, signing_key=path, signing_key_password="mat-khau", timestamp_url="http://127.0.0.1:9/")
    app.extensions.pop("pressroom")
    with pytest.raises(Refused) as refusal:
        certificates.reissue(
            session,
            world.giang,
            certificate_id=rows[0].id,
            reason="lost",
            issued_on=ISSUED_ON,
            room=pressroom(),
            now=make.NOW,
        )
    assert refusal.value.code == "certificate_not_signed"
    assert "Dịch vụ cấp dấu thời gian" in refusal.value.params["reason"]


def test_two_hundred_certificates_take_seconds(session: Session) -> None:
    world = published(session)
    crowd(session, world, 200)
    request(session, world)
    numbers = session.scalars(select(Certificate.number).order_by(Certificate.number)).all()
    assert numbers == list(range(1, 204))
    assert set(session.scalars(select(CertificateSeries.next_number))) == {204}
    places = session.scalars(select(Certificate.status_index).order_by(Certificate.status_index)).all()
    assert places == list(range(203))
    assert session.scalar(select(func.count(Certificate.recognition_id.distinct()))) == 203
