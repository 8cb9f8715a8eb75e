"""Copies signed with the authority's own tool: kept beside the record, handed out, and told from everything else."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.domain.errors import Forbidden, NotFound
from app.infra.pressroom import pressroom
from app.models.account import User
from app.models.certificate import Certificate, CertificateSignature
from app.models.record import AuditEvent
from app.queries import certificates as reads
from app.services import certificates
from app.services.agency_signing import Taken, take_copies
from app.services.certificate_files import file_of, record_file_of
from certificates.keys import MemoryKey
from certificates.reference import PyhankoSigner
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import ISSUED_ON, issued
from tests.app.services.world import World
from tests.certificates.keys import SIGNER_NAME, make_key

KEY = make_key()
TOOL = PyhankoSigner.of(MemoryKey.from_pkcs12(KEY.p12))


def person(session: Session) -> User:
    return session.scalars(select(User).where(User.name == "Giang")).one()


def take(session: Session, world: World, *copies: bytes, roots: tuple[bytes, ...] = ()) -> list[Taken]:
    named = [(f"{number}.pdf", copy) for number, copy in enumerate(copies, 1)]
    return take_copies(
        session, world.giang, round_id=world.round.id, copies=named, room=pressroom(), roots=roots, now=make.NOW
    )


def signed(session: Session, row: Certificate) -> bytes:
    return TOOL.sign_file(file_of(session, pressroom(), row))


def test_a_signed_copy_is_kept_and_handed_out_while_the_record_stays(session: Session) -> None:
    world, rows = issued(session)
    copy, before = signed(session, rows[0]), rows[0].file_digest
    assert take(session, world, copy, roots=(KEY.root,)) == [Taken("1.pdf", rows[0].serial, SIGNER_NAME, trusted=True)]
    session.expire_all()
    assert file_of(session, pressroom(), rows[0]) == copy
    assert hashlib.sha256(record_file_of(session, pressroom(), rows[0])).hexdigest() == before == rows[0].file_digest
    deed = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate:countersign")).one()
    assert deed.details["signer"] == SIGNER_NAME


def test_both_files_lead_to_the_certificate(session: Session) -> None:
    world, rows = issued(session)
    copy = signed(session, rows[0])
    take(session, world, copy)
    digests = (rows[0].file_digest or "", hashlib.sha256(copy).hexdigest())
    found = [reads.by_file(session, digest, on=make.TODAY) for digest in digests]
    assert [one and one.row.id for one in found] == [rows[0].id] * 2
    assert found[0] is not None
    assert found[0].file_digests == digests


def test_what_cannot_be_kept_is_told_file_by_file_and_the_rest_is_kept(session: Session) -> None:
    world, rows = issued(session)
    plain, good = file_of(session, pressroom(), rows[1]), signed(session, rows[0])
    found = take(session, world, plain, good, good, b"%PDF-1.7 none %%EOF\n", signed(session, rows[2])[:-40])
    assert [one.fault for one in found] == ["copy_not_signed", "", "copy_known", "copy_of_nothing", "copy_not_signed"]
    assert [row.certificate_id for row in session.scalars(select(CertificateSignature))] == [rows[0].id]


def test_with_trusted_issuers_a_stranger_signs_in_vain(session: Session) -> None:
    world, rows = issued(session)
    (found,) = take(session, world, signed(session, rows[0]), roots=(make_key().root,))
    assert (found.fault, found.signer) == ("copy_not_trusted", SIGNER_NAME)
    assert reads.copies_in_round(session, world.round.id) == 0


def test_a_copy_of_a_replaced_certificate_or_another_round_is_refused(session: Session) -> None:
    world, rows = issued(session)
    copy = signed(session, rows[0])
    certificates.reissue(
        session, world.giang, certificate_id=rows[0].id, reason="lost", issued_on=ISSUED_ON, room=pressroom(), now=make.NOW
    )
    assert [one.fault for one in take(session, world, copy)] == ["certificate_replaced"]
    other = make.round_(session)
    with pytest.raises((NotFound, Forbidden)):
        take_copies(session, world.giang, round_id=other.id, copies=[("a.pdf", copy)], room=pressroom(), now=make.NOW)


def archive(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(name, data)
    return out.getvalue()


def test_the_page_takes_an_archive_and_says_what_became_of_each(app: Flask, session: Session, client: FlaskClient) -> None:
    world, rows = issued(session)
    browser = sign_in(app, person(session))
    address = f"/to-giup-viec/dot/{world.round.id}/giay-chung-nhan/ky-so"
    assert f'href="{address}"' in browser.get(address.removesuffix("/ky-so")).text
    packed = archive(("giấy/1.pdf", signed(session, rows[0])), ("2.pdf", b"\0" * 6_000_000), ("đọc.txt", b"x"))
    file = FileStorage(io.BytesIO(packed), "da-ky.zip")
    answer = browser.post(address, data={"files": [file]}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Đã nhận 1 bản ký số" in answer.text
    assert "2.pdf: Không phải bản tải về từ đợt này" in answer.text
    page = client.get(f"/gcn/{rows[0].code}").text
    assert f"do {SIGNER_NAME} ký số" in page
    assert client.get(f"/gcn/{rows[0].code}.json").json["signed_files"][0]["signer"] == SIGNER_NAME


def test_the_page_wants_at_least_one_file(app: Flask, session: Session) -> None:
    world, _rows = issued(session)
    address = f"/to-giup-viec/dot/{world.round.id}/giay-chung-nhan/ky-so"
    assert sign_in(app, person(session)).post(address, data={}).status_code == 422
