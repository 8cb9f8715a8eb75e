"""The answer for machines: the standing, every printed field, and a credential, signed where there is a key."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from app.domain.deadlines import LOCAL
from app.infra.credentials import credential_signer
from app.infra.pressroom import pressroom
from app.queries.certificates import Found
from app.web.shared.certificate_words import award
from certificates.verification import Verdict

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGE_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def answer_for_machines(found: Found, at: datetime) -> dict[str, Any]:
    """The whole answer. ``signed`` is a compact JWS of all the rest; it is left out without a key."""
    row = found.row
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
        "credential": credential(found),
    }
    signer = credential_signer()
    return dict(signer.sign_or_leave(body)) if signer else body


def unknown_for_machines(at: datetime) -> dict[str, Any]:
    """The answer to a code that nobody knows."""
    return {"state": Verdict.UNKNOWN.value, "checked_at": _instant(at)}


def credential(found: Found) -> dict[str, Any]:
    """The certificate in the shape of a W3C Verifiable Credential and Open Badges 3.0 achievement."""
    content, url = found.content, found.content.verify_url
    body: dict[str, Any] = {
        "@context": [VC_CONTEXT, BADGE_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{content.title} {award(content)}",
        "issuer": {"id": pressroom().base_url, "type": ["Profile"], "name": content.issuer},
        "validFrom": _midnight(found.row.valid_from),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityHash": content.recipient, "identityType": "name", "hashed": False}
            ],
            "achievement": {
                "id": f"{url}#achievement",
                "type": ["Achievement"],
                "name": content.product_name,
                "description": award(content),
                "criteria": {"narrative": f"Quyết định số {content.order_number} ngày {content.order_date}"},
            },
        },
        "credentialStatus": {"id": f"{url}.json", "type": "TieuBieuCertificateState"},
    }
    if found.row.valid_until is not None:
        body["validUntil"] = _instant(datetime.combine(found.row.valid_until, time(23, 59, 59), LOCAL))
    return body


def _revocation(found: Found) -> dict[str, str] | None:
    act = found.revocation
    if act is None:
        return None
    return {"decision": act.number, "decided_on": act.decided_on.isoformat(), "authority": act.authority}


def _midnight(day: date) -> str:
    return _instant(datetime.combine(day, time(), LOCAL))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
