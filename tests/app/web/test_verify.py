"""The check of a certificate by anybody: by QR, code, number or file; what it tells and what it does not."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.vocabulary import DocumentKind
from app.infra.pressroom import pressroom
from app.models.account import User
from app.models.certificate import Certificate
from app.models.dossier import DossierSnapshot
from app.models.entry import Entry
from app.services import certificates
from app.services.certificate_files import file_of
from app.web.public import verify
from app.web.shared.formats import vi_datetime
from tests.app import make
from tests.app.conftest import sign_in
from tests.app.services.certified import ISSUED_ON, issued, unlock
from tests.app.services.world import order
from tests.certificates.keys import make_key


def test_the_answer_comes_first_then_every_printed_field(session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    page = client.get(f"/gcn/{rows[0].code}").text
    content = rows[0].content
    assert page.index("Còn hiệu lực</h1>") < page.index(content["product_name"] + "</h2>")
    told = ("recipient", "address", "group", "issuer", "order_number", "serial", "place", "signer_title", "signer_name")
    assert [name for name in (*told, "code") if content[name] not in page] == []
    assert "Có giá trị từ 21/11/2026 đến 21/11/2031" in page


def test_nothing_personal_is_told_beyond_what_is_printed(session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    pages = client.get(f"/gcn/{rows[0].code}").text + client.get(f"/gcn/{rows[0].code}.json").text
    hidden = ("Người Đại Diện Mẫu", "0912345678", "cosomau@example.vn", "0100109106", "Giang")
    assert [value for value in hidden if value in pages] == []


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_is_found_however_it_is_typed(session: Session, client: FlaskClient, change: object) -> None:
    _, rows = issued(session)
    answer = client.get("/tra-cuu", query_string={"q": change(rows[0].code)})  # type: ignore[operator]
    assert (answer.status_code, answer.location) == (302, f"/gcn/{rows[0].code}")


def test_a_certificate_is_found_by_its_number_and_by_its_file(session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    digest = rows[1].file_digest
    by_number = client.get("/tra-cuu", query_string={"q": rows[1].serial.lower()})
    by_file = client.get("/tra-cuu", query_string={"q": digest})
    assert by_number.location == f"/gcn/{rows[1].code}"
    assert by_file.location == f"/gcn/{rows[1].code}?tep={digest}"
    assert "đúng từng byte" in client.get(by_file.location).text
    assert "khác với bản đã phát hành" in client.get(f"/gcn/{rows[1].code}?tep={'0' * 64}").text


@pytest.mark.parametrize("path", ["/gcn/2345-6789-ABCDE", "/gcn/abc", "/tra-cuu?q=99999/GCN-2026", "/tra-cuu?q=" + "0" * 64])
def test_what_nobody_issued_is_answered_404_with_a_sentence(session: Session, client: FlaskClient, path: str) -> None:
    issued(session)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


def test_a_revoked_certificate_names_the_decision(session: Session, client: FlaskClient) -> None:
    world, rows = issued(session)
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    certificates.revoke(session, world.giang, certificate_id=rows[0].id, document_id=document.id, now=make.NOW)
    page = client.get(f"/gcn/{rows[0].code}").text
    assert "Đã bị thu hồi</h1>" in page
    assert "theo Quyết định số 01/QĐ-MẪU ngày 20/11/2026" in page
    assert "Giấy này hiện không cho quyền dùng biểu trưng" in page


def test_a_replaced_certificate_leads_to_the_new_one_and_back(session: Session, client: FlaskClient) -> None:
    world, rows = issued(session)
    new = certificates.reissue(
        session, world.giang, certificate_id=rows[0].id, reason="lost", issued_on=ISSUED_ON, room=pressroom(), now=make.NOW
    )
    old_page, new_page = client.get(f"/gcn/{rows[0].code}").text, client.get(f"/gcn/{new.code}").text
    assert "Đã được thay thế</h1>" in old_page
    assert f'href="/gcn/{new.code}"' in old_page
    assert "Còn hiệu lực</h1>" in new_page
    assert f'href="/gcn/{rows[0].code}"' in new_page


def test_an_expired_certificate_says_so(session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    unlock(session)
    session.execute(
        update(Certificate)
        .where(Certificate.id == rows[0].id)
        .values(valid_from=date(2020, 1, 1), valid_until=date(2025, 1, 1))
    )
    page = client.get(f"/gcn/{rows[0].code}").text
    assert "Hết hiệu lực</h1>" in page
    assert "hết hạn sau ngày 01/01/2025" in page


def test_machines_get_the_same_answer_at_the_same_address(session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    answer = client.get(f"/gcn/{rows[0].code}", headers={"Accept": "application/json"})
    told = answer.json
    assert told["state"] == client.get(f"/gcn/{rows[0].code}.json").json["state"] == "valid"
    assert told["certificate"] == rows[0].content
    assert told["file_sha256"] == hashlib.sha256(file_of(session, pressroom(), rows[0])).hexdigest()
    assert told["credential"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["credential"]["validUntil"] == "2031-11-21T23:59:59+07:00"
    assert "signed" not in told
    assert client.get("/gcn/2345-6789-ABCDE.json").status_code == 404


def test_with_a_key_the_answer_for_machines_is_signed(
    app: Flask, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    _, rows = issued(session)
    key = tmp_path / "khoa.p12"
    key.write_bytes(make_key().p12)
    tools = app.extensions["toolbox"]
    tools.settings = tools.settings.__class__(**{**vars(tools.settings), "signing_key": str(key)})
    told = client.get(f"/gcn/{rows[0].code}.json").json
    signed = told.pop("signed")
    header = json.loads(_unpadded(signed.split(".")[0]))
    public = ECKey.import_key(_certificate_pem(header["x5c"][0]))
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = registry.max_payload_length = 100_000  # the chain stands in the header
    opened = jws.deserialize_compact(signed, public, registry=registry)
    assert json.loads(opened.payload) == told


def test_a_kept_page_tells_the_time_of_each_check_and_never_outlives_a_revocation(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, rows = issued(session)
    address = f"/gcn/{rows[0].code}"
    first, later = make.NOW, make.NOW + timedelta(minutes=3)
    monkeypatch.setattr(verify, "now", lambda: first)
    assert f"kiểm tra lúc {vi_datetime(first)}" in client.get(address).text
    monkeypatch.setattr(verify, "now", lambda: later)
    with monkeypatch.context() as watched:
        watched.setattr(verify, "_page", lambda *_given: pytest.fail("made anew"))
        kept = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert f"kiểm tra lúc {vi_datetime(later)}" in kept.text
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", kept.data)
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    certificates.revoke(session, world.giang, certificate_id=rows[0].id, document_id=document.id, now=make.NOW)
    session.commit()
    assert "Đã bị thu hồi</h1>" in client.get(address).text


def test_a_kept_page_is_nobodys_own(app: Flask, session: Session, client: FlaskClient) -> None:
    _, rows = issued(session)
    address = f"/gcn/{rows[0].code}"
    signed_in = sign_in(app, session.scalars(select(User).where(User.name == "Giang")).one())
    assert "Bàn làm việc" in signed_in.get(address).text
    assert "Bàn làm việc" not in client.get(address).text
    assert "Còn hiệu lực" not in client.get(f"{address}?lang=en").text
    assert "Còn hiệu lực</h1>" in app.test_client().get(address).text


def test_the_picture_is_shown_only_once_the_round_is_public(session: Session, client: FlaskClient) -> None:
    world, rows = issued(session)
    assert client.get(f"/gcn/{rows[0].code}/anh").status_code == 404
    stored = pressroom().storage.put(b"\xff\xd8\xff picture")
    entry = session.get_one(Entry, world.entries[0].id)
    snapshot = DossierSnapshot(
        entry_id=entry.id, number=2, content={"photos": [{"sha256": stored.sha256}]}, digest="0" * 64, taken_at=make.NOW
    )
    session.add(snapshot)
    session.flush()
    entry.snapshot_id = snapshot.id
    answer = client.get(f"/gcn/{rows[0].code}/anh")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _certificate_pem(text: str) -> bytes:
    public = load_der_x509_certificate(base64.b64decode(text)).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
