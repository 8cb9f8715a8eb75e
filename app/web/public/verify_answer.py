"""The answer for machines: the standing, every printed field, and a credential, signed where there is a key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import url_for

import certificates.credential
from app.infra.credentials import credential_signer
from app.infra.logging import get_logger
from app.infra.pressroom import pressroom
from app.queries.certificates import Found
from certificates.credential import STATUS_LIST_BITS, StatusEntry
from certificates.errors import SigningError
from certificates.verification import Verdict


def answer_for_machines(found: Found, at: datetime) -> dict[str, Any]:
    """The whole answer. ``credential_jwt`` is the credential as a signed JWT, ``signed`` a compact JWS of all the rest.

    Both are left out without a key.
    """
    row, badge = found.row, credential(found)
    body: dict[str, Any] = {
        "state": found.verdict.value,
        "checked_at": _instant(at),
        "certificate": found.content.to_dict(),
        "content_sha256": row.content_digest,
        "file_sha256": row.file_digest,
        "signed_files": [
            {"sha256": copy.sha256, "signer": copy.signer, "signed_at": _instant(copy.signed_at) if copy.signed_at else None}
            for copy in found.copies
        ],
        "replaced_by": found.replaced_by.content["verify_url"] if found.replaced_by else None,
        "replaces": found.replaces.serial if found.replaces else None,
        "revoked": _revocation(found),
        "credential": badge,
    }
    if jwt := secured_credential(badge):
        body["credential_jwt"] = jwt
    signer = credential_signer()
    return dict(signer.sign_or_leave(body)) if signer else body


def unknown_for_machines(at: datetime) -> dict[str, Any]:
    """The answer to a code that nobody knows."""
    return {"state": Verdict.UNKNOWN.value, "checked_at": _instant(at)}


def credential(found: Found) -> dict[str, Any]:
    """The certificate as an Open Badge 3.0, with its bit in a status list."""
    index = found.row.status_index
    status = None if index is None else StatusEntry(list_url(index // STATUS_LIST_BITS + 1), index % STATUS_LIST_BITS)
    return certificates.credential.credential(found.content, pressroom().base_url, status)


def secured_credential(value: dict[str, Any]) -> str | None:
    """A credential as a signed JWT; None where there is no key, or it cannot sign now."""
    signer = credential_signer()
    if signer is None:
        return None
    try:
        return signer.secure(value, key_url(signer.public_key["kid"]))
    except SigningError as error:
        get_logger().warning("a credential stays unsigned", reason=str(error))
        return None


def list_url(number: int) -> str:
    """The public address of a status list."""
    return pressroom().base_url + url_for("public.status_list", number=number)


def key_url(thumbprint: str) -> str:
    """The public address of the key that signs credentials."""
    return pressroom().base_url + url_for("public.credential_key", thumbprint=thumbprint)


def _revocation(found: Found) -> dict[str, str] | None:
    act = found.revocation
    if act is None:
        return None
    return {"decision": act.number, "decided_on": act.decided_on.isoformat(), "authority": act.authority}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
