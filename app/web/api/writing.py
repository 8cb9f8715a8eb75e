"""What a program may do for a facility: enter a product, write its dossier, hand it in, withdraw it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Response, jsonify, request
from marshmallow import Schema, fields, validate
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.scopes import Scope
from app.domain.vocabulary import ProductForm
from app.infra.clock import now
from app.infra.database import unit_of_work
from app.queries import exchange
from app.services import idempotency, registration
from app.services.entry_access import open_for_editing
from app.web.api import bp
from app.web.api.access import needs
from app.web.api.entries import WholeEntrySchema, whole_entry
from app.web.api.paging import LARGEST_ID, row_id
from app.web.shared.actor import actor

ENTRY = f"/entries/<int(min=1, max={LARGEST_ID}):entry_id>"
NAME = validate.Length(1, 300)


class KeyHeader(Schema):
    """The word under which a repeated request is known again."""

    key = fields.String(
        data_key="Idempotency-Key",
        load_default=None,
        validate=validate.Regexp(r"^[!-~]{1,200}\Z"),
    )


class NewEntrySchema(Schema):
    """A product or set that enters a round."""

    round_id = row_id(required=True)
    facility_id = row_id(required=True)
    name = fields.String(required=True, validate=NAME)
    form = fields.Enum(ProductForm, by_value=True, required=True)
    group_code = fields.String(required=True, validate=validate.Length(1, 64))
    items = fields.String(load_default="", validate=validate.Length(max=2000))


class ChangedEntrySchema(Schema):
    """What is to be changed; what is not named stays."""

    name = fields.String(validate=NAME)
    form = fields.Enum(ProductForm, by_value=True)
    group_code = fields.String(validate=validate.Length(1, 64))
    items = fields.String(validate=validate.Length(max=2000))
    answers = fields.Dict(keys=fields.String())
    conditions = fields.Dict(keys=fields.String(), values=fields.Boolean())


class SubmissionSchema(Schema):
    """The declaration without which nothing is handed in."""

    declared_true = fields.Boolean(required=True)


class WithdrawalSchema(Schema):
    """Why, for the secretariat."""

    reason = fields.String(load_default="", validate=validate.Length(max=2000))


@bp.post("/entries")
@needs(Scope.ENTRIES_WRITE)
@bp.arguments(KeyHeader, location="headers")
@bp.arguments(NewEntrySchema)
@bp.response(201, WholeEntrySchema)
def create_entry(header: dict[str, Any], sent: dict[str, Any]) -> Response:
    """Đăng ký một sản phẩm vào đợt: tạo bản nháp cho cơ sở của mình."""
    return _once(header["key"], 201, lambda session: registration.register(session, actor(), **sent, now=now()).id)


@bp.patch(ENTRY)
@needs(Scope.ENTRIES_WRITE)
@bp.etag
@bp.arguments(ChangedEntrySchema)
@bp.response(200, WholeEntrySchema)
def change_entry(sent: dict[str, Any], entry_id: int) -> dict[str, Any]:
    """Sửa bản nháp của mình; cần If-Match với ETag đã đọc."""
    with unit_of_work() as session:
        entry = open_for_editing(session, actor(), entry_id)
        bp.check_etag(whole_entry(entry), WholeEntrySchema)
        _change(session, entry_id, sent)
        session.flush()
        session.expire_all()
        return whole_entry(exchange.one_entry(session, actor(), entry_id))


@bp.post(f"{ENTRY}/submission")
@needs(Scope.ENTRIES_WRITE)
@bp.arguments(KeyHeader, location="headers")
@bp.arguments(SubmissionSchema)
@bp.response(200, WholeEntrySchema)
def submit_entry(header: dict[str, Any], sent: dict[str, Any], entry_id: int) -> Response:
    """Nộp hồ sơ: kiểm tra đủ thành phần, cấp mã số, khóa bản đã nộp."""
    return _once(
        header["key"],
        200,
        lambda session: (
            registration.submit(session, actor(), entry_id=entry_id, declared_true=sent["declared_true"], now=now()).id
        ),
    )


@bp.post(f"{ENTRY}/withdrawal")
@needs(Scope.ENTRIES_WRITE)
@bp.arguments(KeyHeader, location="headers")
@bp.arguments(WithdrawalSchema)
@bp.response(200, WholeEntrySchema)
def withdraw_entry(header: dict[str, Any], sent: dict[str, Any], entry_id: int) -> Response:
    """Rút hồ sơ khỏi đợt."""
    return _once(
        header["key"],
        200,
        lambda session: registration.withdraw(session, actor(), entry_id=entry_id, reason=sent["reason"], now=now()).id,
    )


def _change(session: Session, entry_id: int, sent: Mapping[str, Any]) -> None:
    entry = open_for_editing(session, actor(), entry_id)
    if sent.keys() & {"name", "form", "group_code", "items"}:
        product = entry.product
        registration.edit_product(
            session,
            actor(),
            entry_id=entry_id,
            name=sent.get("name", product.name),
            form=sent.get("form", product.form),
            group_code=sent.get("group_code", entry.group_code),
            items=sent.get("items", product.items),
            now=now(),
        )
    if sent.get("answers"):
        registration.save_dossier(
            session, actor(), entry_id=entry_id, answers=sent["answers"], version=entry.dossier.version, now=now()
        )
    if sent.get("conditions"):
        registration.declare_conditions(session, actor(), entry_id=entry_id, conditions=sent["conditions"], now=now())


def _once(key: str | None, status: int, work: Callable[[Session], int]) -> Response:
    """Do the work, once under a key, and answer with the entry as it is then."""
    try:
        with unit_of_work() as session:

            def answer() -> idempotency.Answer:
                entry_id = work(session)
                session.flush()
                session.expire_all()
                row = exchange.one_entry(session, actor(), entry_id)
                body = cast(dict[str, Any], WholeEntrySchema().dump(whole_entry(row)))
                return idempotency.Answer(status, body)

            if key is None:
                return _response(answer())
            owner = actor().user_id
            assert owner is not None, "a token has an owner"
            return _response(
                idempotency.once(session, user_id=owner, key=key, request_digest=_request_digest(), now=now(), work=answer)
            )
    except IntegrityError:
        if key is None:
            raise
        return _once(key, status, work)  # another process answered the same request meanwhile: its answer is kept now


def _response(answer: idempotency.Answer) -> Response:
    response = jsonify(answer.body)
    response.status_code = answer.status
    if answer.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _request_digest() -> str:
    body = json.dumps(request.get_json(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
