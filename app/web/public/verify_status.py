"""What a machine needs to check a credential by itself: the lists of what no longer stands, and the public key."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response
from flask.typing import ResponseReturnValue

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.credentials import credential_signer
from app.infra.database import db
from app.infra.limits import limiter
from app.infra.pressroom import pressroom
from app.queries import certificates as reads
from app.web.public import bp
from app.web.public.verify_answer import list_url, secured_credential
from certificates import credential

LIMIT = "60 per minute"
CREDENTIAL_TYPE = "application/vc+jwt"
PLAIN_TYPE = "application/vc"


@bp.get("/gcn/tinh-trang/<int:number>")
@limiter.limit(LIMIT)
def status_list(number: int) -> ResponseReturnValue:
    """A list of 131,072 bits (W3C Bitstring Status List): 1 where a certificate was revoked or replaced."""
    size = credential.STATUS_LIST_BITS
    first = (number - 1) * size
    if number < 1 or first > max(reads.places_taken(db.session()) - 1, 0):
        raise NotFound("list")
    today = local_date(now())
    withdrawn = reads.places_withdrawn(db.session(), range(first, first + size), on=today)
    value = credential.status_list(
        [place - first for place in withdrawn], list_url(number), pressroom().base_url, today.isoformat()
    )
    return credential_answer(value)


@bp.get("/gcn/khoa.json")
@limiter.limit(LIMIT)
def credential_keys() -> Response:
    """The keys that sign credentials (JSON Web Key Set); empty where certificates stay unsigned."""
    signer = credential_signer()
    return _public(jsonify(keys=[signer.public_key] if signer else []))


@bp.get("/gcn/khoa/<thumbprint>")
@limiter.limit(LIMIT)
def credential_key(thumbprint: str) -> Response:
    """One key, at the address that the head of a signed credential names."""
    signer = credential_signer()
    if signer is None or signer.public_key["kid"] != thumbprint:
        raise NotFound("key")
    return _public(jsonify(signer.public_key))


def credential_answer(value: dict[str, Any]) -> Response:
    """A credential as a signed JWT; as plain JSON where there is no key. Never kept: it changes with a revocation."""
    jwt = secured_credential(value)
    body = jsonify(value).get_data() if jwt is None else jwt.encode()
    answer = make_response(body)
    answer.mimetype = PLAIN_TYPE if jwt is None else CREDENTIAL_TYPE
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept")
    return _public(answer)


def _public(answer: Response) -> Response:
    # The answer is public and holds nothing of the person who asks.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
