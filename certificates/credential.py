"""A certificate as a machine reads it: an Open Badge 3.0, that is, a W3C Verifiable Credential.

The credential says what the paper says and nothing more. It is secured as a JWT with the same
key that signs the PDF files; revocation is told by a bit string that many certificates share.
Source: 1EdTech Open Badges 3.0; W3C Verifiable Credentials Data Model 2.0, Securing Verifiable
Credentials using JOSE and COSE, Bitstring Status List 1.0.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from certificates.content import CertificateContent
from certificates.signing import Signer
from certificates.wording import heading, order_line

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
STATUS_LIST_BITS = 131_072
"""The least length that the specification allows, so that one entry hides among many."""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a certificate's revocation bit is: the address of the list, and the place in it."""

    list_url: str
    index: int


def credential(
    content: CertificateContent, issuer_url: str, status: StatusEntry | None = None
) -> dict[str, Any]:
    """Return the credential of a certificate, not yet secured.

    Args:
        issuer_url: address that stands for the issuing body.
        status: the revocation entry, if a list is published.
    """
    title, level_line = heading(content.title, content.level)
    value: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": content.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{title} {content.serial}",
        "issuer": {"id": issuer_url, "type": ["Profile"], "name": content.issuer},
        "validFrom": _moment(content.valid_from or content.issued_on, "00:00:00"),
        "credentialSubject": _subject(content, level_line),
    }
    if content.valid_until:
        value["validUntil"] = _moment(content.valid_until, "23:59:59")
    if status is not None:
        value["credentialStatus"] = {
            "id": f"{status.list_url}#{status.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status.index),
            "statusListCredential": status.list_url,
        }
    return value


def status_list(
    revoked: Iterable[int], list_url: str, issuer_url: str, valid_from: str, bits: int = STATUS_LIST_BITS
) -> dict[str, Any]:
    """Return the credential that carries the revocation bits, not yet secured.

    Args:
        revoked: places of revoked certificates, from 0. valid_from: day as YYYY-MM-DD.

    Raises:
        IndexError: a place lies outside the list.
    """
    data = bytearray(bits // 8)
    for index in revoked:
        if index < 0:
            raise IndexError(index)
        data[index // 8] |= 0x80 >> index % 8
    return {
        "@context": [CONTEXTS[0]],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_url,
        "validFrom": _moment(valid_from, "00:00:00"),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + _base64url(gzip.compress(bytes(data), 9, mtime=0)),
        },
    }


def secured(value: dict[str, Any], signer: Signer, key_id: str = "") -> str:
    """Return a credential as a signed JWT (`application/vc+jwt`), its certificate included.

    Args:
        key_id: address at which the public key can be had as a JWK, as Open Badges 3.0 asks.
    """
    chain = [base64.b64encode(signer.certificate).decode()]
    header: dict[str, Any] = {"alg": signer.jws_algorithm, "typ": "vc+jwt", "cty": "vc", "x5c": chain}
    if key_id:
        header["kid"] = key_id
    parts = [_base64url(json.dumps(part, ensure_ascii=False).encode()) for part in (header, value)]
    text = ".".join(parts)
    return f"{text}.{_base64url(signer.jws_signature(text.encode()))}"


def _subject(content: CertificateContent, level_line: str) -> dict[str, Any]:
    return {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityHash": content.recipient,
                "identityType": "name",
                "hashed": False,
            }
        ],
        "achievement": {
            "id": f"{content.verify_url}#achievement",
            "type": ["Achievement"],
            "achievementType": "Award",
            "name": content.product_name,
            "description": level_line,
            "humanCode": content.serial,
            "criteria": {"narrative": order_line(content.order_number, content.order_date) or level_line},
            **({"tag": [content.group]} if content.group else {}),
        },
    }


def _moment(day: str, time: str) -> str:
    return f"{day}T{time}+07:00"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
