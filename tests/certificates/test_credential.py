"""The certificate for machines: what the paper says, signed, with its revocation bit."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import load_der_x509_certificate

from certificates.credential import StatusEntry, credential, secured, status_list
from certificates.samples import sample_contents
from certificates.signing import Signer
from tests.certificates.keys import make_key

USUAL = sample_contents()["usual"]
ISSUER = "https://kiemtra.example.vn/co-quan/bct"
LIST = "https://kiemtra.example.vn/trang-thai/1"


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_credential_says_what_the_paper_says() -> None:
    value = credential(USUAL, ISSUER, StatusEntry(LIST, 17))
    subject = value["credentialSubject"]
    assert value["id"] == USUAL.verify_url
    assert value["issuer"]["name"] == "Bộ Công Thương"
    assert (value["validFrom"], value["validUntil"]) == ("2026-09-01T00:00:00+07:00", "2028-09-01T23:59:59+07:00")
    assert subject["achievement"]["name"] == USUAL.product_name
    assert subject["achievement"]["criteria"]["narrative"] == "Theo Quyết định số 0000/QĐ-BCT ngày 23 tháng 8 năm 2026"
    assert subject["identifier"][0]["identityHash"] == USUAL.recipient
    assert value["credentialStatus"]["id"] == f"{LIST}#17"


def test_a_certificate_without_end_or_list_says_nothing_of_them() -> None:
    value = credential(dataclasses.replace(USUAL, valid_until=""), ISSUER)
    assert ("validUntil" in value, "credentialStatus" in value) == (False, False)


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_a_secured_credential_is_signed_by_the_key_it_names(kind: str) -> None:
    head, body, signature = secured(credential(USUAL, ISSUER), Signer.from_pkcs12(make_key(kind).p12)).split(".")
    header = json.loads(decoded(head))
    public = load_der_x509_certificate(base64.b64decode(header["x5c"][0])).public_key()
    data, value = f"{head}.{body}".encode(), decoded(signature)
    if kind == "rsa":
        public.verify(value, data, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg, arg-type]
    else:
        half = len(value) // 2
        der = encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
        digest = hashes.SHA384() if kind == "p384" else hashes.SHA256()
        public.verify(der, data, ec.ECDSA(digest))  # type: ignore[union-attr, call-arg, arg-type]
    assert header["alg"] == {"p256": "ES256", "p384": "ES384", "rsa": "RS256"}[kind]
    assert json.loads(decoded(body)) == credential(USUAL, ISSUER)


def test_the_status_list_has_the_bits_of_the_revoked_and_no_others() -> None:
    value = status_list([0, 9, 131_071], LIST, ISSUER, "2026-09-01")
    encoded = value["credentialSubject"]["encodedList"]
    bits = gzip.decompress(decoded(encoded[1:]))
    assert encoded[0] == "u"
    assert len(bits) == 16_384
    assert (bits[0], bits[1], bits[-1], sum(byte.bit_count() for byte in bits)) == (0x80, 0x40, 0x01, 3)


@pytest.mark.parametrize("index", [-1, 131_072])
def test_a_place_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(IndexError):
        status_list([index], LIST, ISSUER, "2026-09-01")
