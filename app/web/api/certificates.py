"""Certificates: lists for those whose they are, and what the public verification says of a code."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.domain.scopes import Scope
from app.infra.clock import now
from app.infra.database import db
from app.models.certificate import Certificate
from app.queries import certificates as reads
from app.queries import exchange
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.paging import PageArgs, own_page, page_schema, query_id
from certificates.codes import is_code, normalise_code


class CertificateSchema(Schema):
    """A certificate and what it is worth today."""

    id = fields.Integer()
    serial = fields.String()
    code = fields.String()
    product = fields.String()
    recipient = fields.String()
    group = fields.String()
    issued_on = fields.String()
    valid_until = fields.Date(allow_none=True)
    verdict = fields.String(attribute="verdict.value")


class CertificateArgs(PageArgs):
    """Which certificates."""

    round_id = query_id(load_default=None)


class CodeArgs(Schema):
    """The code as it is printed."""

    code = fields.String(required=True, validate=validate.Length(1, 64))


@bp.get("/certificates")
@needs(Scope.CERTIFICATES_READ)
@bp.etag
@bp.arguments(CertificateArgs, location="query")
@bp.response(200, page_schema(CertificateSchema))
def certificates(asked: dict[str, Any]) -> dict[str, Any]:
    """Giấy chứng nhận của cơ sở mình, và của đợt mình là tổ giúp việc."""
    return own_page(exchange.certificates, asked, _certificate, round_id=asked["round_id"])


@bp.get("/certificates/verification")
@needs(Scope.CERTIFICATES_READ)
@bp.etag
@bp.arguments(CodeArgs, location="query")
@bp.response(200, CertificateSchema)
def verify_certificate(asked: dict[str, Any]) -> dict[str, Any]:
    """Tra cứu một giấy theo mã, như trang công khai."""
    if not is_code(asked["code"]):
        raise NotFound("certificate")
    found = reads.by_code(db.session(), normalise_code(asked["code"]), on=local_date(now()))
    if found is None:
        raise NotFound("certificate")
    return _certificate(found.row)


def _certificate(row: Certificate) -> dict[str, Any]:
    line = reads.line_of(row, local_date(now()))
    names = ("id", "serial", "code", "product", "recipient", "group", "issued_on", "verdict")
    return {**{name: getattr(line, name) for name in names}, "valid_until": row.valid_until}
