"""A certificate as a verifiable credential: signed by the published key, its bit set when it no longer stands."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy.orm import Session

from app.domain.vocabulary import DocumentKind
from app.infra.pressroom import pressroom
from app.services import certificates
from tests.app import make
from tests.app.services.certified import ISSUED_ON, issued
from tests.app.services.world import order
from tests.certificates.keys import make_key


@pytest.fixture
def key(app: Flask, tmp_path: Path) -> None:
    """The installation signs with a P-256 key."""
    path = tmp_path / "khoa.p12"
    path.write_bytes(make_key().p12)
    tools = app.extensions["toolbox"]
    tools.settings = tools.settings.__class__(**{**vars(tools.settings), "signing_key": str(path)})
    app.extensions.pop("credential_signer", None)


def opened(client: FlaskClient, jwt: str) -> dict[str, Any]:
    """What a JWT says, once the key that its head names is fetched and its signature holds."""
    head = json.loads(base64.urlsafe_b64decode(jwt.split(".")[0] + "=="))
    public = ECKey.import_key(client.get(urlsplit(head["kid"]).path).json)
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = registry.max_payload_length = 100_000
    value: dict[str, Any] = json.loads(jws.deserialize_compact(jwt, public, registry=registry).payload)
    return value


def bit(client: FlaskClient, credential: dict[str, Any]) -> int:
    """The revocation bit of a credential, read as a verifier reads it."""
    status = credential["credentialStatus"]
    answer = client.get(urlsplit(status["statusListCredential"]).path)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/vc+jwt", "no-cache")
    listed = opened(client, answer.text)
    assert listed["id"] == status["statusListCredential"]
    bits = gzip.decompress(base64.urlsafe_b64decode(listed["credentialSubject"]["encodedList"][1:] + "=="))
    place = int(status["statusListIndex"])
    return bits[place // 8] >> (7 - place % 8) & 1


def credential_of(client: FlaskClient, code: str) -> dict[str, Any]:
    answer = client.get(f"/gcn/{code}", headers={"Accept": "application/vc+jwt"})
    assert answer.mimetype == "application/vc+jwt"
    return opened(client, answer.text)


@pytest.mark.usefixtures("key")
def test_a_credential_is_signed_by_the_published_key_and_says_what_the_paper_says(
    session: Session, client: FlaskClient
) -> None:
    _, rows = issued(session)
    told = client.get(f"/gcn/{rows[0].code}.json").json
    badge = opened(client, told["credential_jwt"])
    assert badge == told["credential"] == credential_of(client, rows[0].code)
    assert badge["credentialSubject"]["achievement"]["name"] == rows[0].content["product_name"]
    assert [one["kid"] for one in client.get("/gcn/khoa.json").json["keys"]] == [
        json.loads(base64.urlsafe_b64decode(told["credential_jwt"].split(".")[0] + "=="))["kid"].rsplit("/", 1)[1]
    ]


@pytest.mark.usefixtures("key")
def test_a_revoked_and_a_replaced_certificate_have_their_bit_set_and_nobody_else(
    session: Session, client: FlaskClient
) -> None:
    world, rows = issued(session)
    badges = [credential_of(client, row.code) for row in rows]
    assert [bit(client, badge) for badge in badges] == [0, 0, 0]
    document = order(session, world, kind=DocumentKind.REVOCATION_DECISION)
    certificates.revoke(session, world.giang, certificate_id=rows[0].id, document_id=document.id, now=make.NOW)
    new = certificates.reissue(
        session, world.giang, certificate_id=rows[1].id, reason="lost", issued_on=ISSUED_ON, room=pressroom(), now=make.NOW
    )
    session.commit()
    assert [bit(client, badge) for badge in badges] == [1, 1, 0]
    assert bit(client, credential_of(client, new.code)) == 0


def test_without_a_key_the_list_is_plain_and_no_key_is_published(session: Session, client: FlaskClient) -> None:
    issued(session)
    answer = client.get("/gcn/tinh-trang/1")
    assert (answer.mimetype, answer.get_json(force=True)["credentialSubject"]["type"]) == (
        "application/vc",
        "BitstringStatusList",
    )
    assert client.get("/gcn/khoa.json").json == {"keys": []}
    assert [client.get(path).status_code for path in ("/gcn/tinh-trang/2", "/gcn/tinh-trang/0", "/gcn/khoa/x")] == [404] * 3
