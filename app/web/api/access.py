"""Who asks: the token of the request, its owner's rights now, and the language of the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from flask import Response, abort, g, jsonify, request
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException

from app.domain.scopes import Scope
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.api_token import ApiToken
from app.queries.rights import actor_for
from app.services import api_tokens
from app.services.accounts import LANGUAGES
from app.web.api import bp
from app.web.shared.errors import FAULT, HTTP_SENTENCES
from app.web.shared.steps import FIRST, missing_step

P = ParamSpec("P")
R = TypeVar("R")
BY_TOKEN, BY_ADDRESS = "300 per minute", "1200 per minute"
SENTENCES = {
    **HTTP_SENTENCES,
    401: "Cần mã truy cập còn hiệu lực trong tiêu đề Authorization: Bearer.",
    404: "Không có thứ này, hoặc chủ của mã truy cập không được xem.",
    412: "Bản trên máy chủ đã khác bản bạn đang giữ (If-Match). Hãy đọc lại rồi gửi lại.",
    415: "Nội dung gửi lên phải là application/json.",
    422: "Nội dung gửi lên chưa đúng; xem từng ô trong fields.",
    428: "Hãy gửi kèm tiêu đề If-Match với ETag của bản đã đọc.",
}
CODES = {400: "bad_request", 401: "unauthorized", 412: "precondition_failed", 422: "invalid", 428: "precondition_required"}


def token_key() -> str:
    """Whom requests are counted for: the token, as far as it is shown."""
    return api_tokens.digest_of(_word())


def address_key() -> str:
    """Where requests come from: guesses at tokens are counted here."""
    return f"api|{get_remote_address()}"


@bp.before_request
def admit() -> None:
    """Find the token and its owner; nobody else comes in."""
    g.language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    _require_plain()
    token = api_tokens.find(db.session(), _word(), now=now()) if _word() else None
    person = actor_for(db.session(), token.user_id if token else None, now=now())
    if token is None or person.is_guest:
        raise_answer(401, "unauthorized", _(SENTENCES[401]), {"WWW-Authenticate": "Bearer"})
    if missing_step(person) is not None:
        raise_answer(403, "step_missing", _(FIRST))
    g.api_token = token
    g.actor = replace(person, name=f"{person.name} (API: {token.name})")
    if api_tokens.is_seen_long_ago(token, now()):
        with unit_of_work() as session:
            api_tokens.see(session, token_id=token.id, now=now())


@bp.after_request
def may_be_kept(response: Response) -> Response:
    """A program may keep what it read, and ask each time whether it still holds."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept-Language"
    return response


@bp.errorhandler(HTTPException)
def on_http(error: HTTPException) -> Response:
    """Every refusal in the one shape; what webargs found wrong stands under ``fields``."""
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    found = getattr(error, "data", None) or {}
    messages = found.get("messages") or {}
    details: dict[str, Any] = {"fields": _flat(messages)} if messages else {}
    return _answer(status, CODES.get(status, f"http_{status}"), _(SENTENCES.get(status, FAULT)), details)


def needs(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only tokens with the scope pass."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            token: ApiToken = g.api_token
            if scope.value not in token.scopes:
                text = _("Mã truy cập này không có phạm vi %(scope)s.", scope=scope.value)
                header = f'Bearer error="insufficient_scope", scope="{scope.value}"'
                raise_answer(403, "insufficient_scope", text, {"WWW-Authenticate": header})
            return view(*args, **kwargs)

        return bp.doc(**{"x-scope": scope.value, "security": [{"token": []}]})(guarded)

    return decorate


def raise_answer(status: int, code: str, text: str, headers: dict[str, str] | None = None) -> NoReturn:
    """End the request with a refusal in the one shape."""
    answer = _answer(status, code, text, {})
    answer.headers.update(headers or {})
    abort(answer)


def _answer(status: int, code: str, text: str, details: dict[str, Any]) -> Response:
    answer = jsonify(error={"code": code, "message": text, **details})
    answer.status_code = status
    return answer


def _word() -> str:
    kind, _space, word = request.headers.get("Authorization", "").partition(" ")
    return word.strip() if kind.lower() == "bearer" else ""


def _flat(messages: Any, path: str = "") -> dict[str, str]:
    """What webargs says, by the name of the field: ``json.answers.color`` becomes ``answers.color``."""
    if not isinstance(messages, dict):
        return {path or "body": " ".join(str(text) for text in messages)}
    found: dict[str, str] = {}
    for key, value in messages.items():
        name = str(key) if key not in ("json", "query", "headers") or path else ""
        found |= _flat(value, ".".join(part for part in (path, name) if part))
    return found


def _require_plain() -> None:
    """Refuse what no database keeps: zero bytes, halves of characters, numbers that are none."""
    texts = [request.path, *request.args.keys(), *request.args.values()]
    is_plain = True
    if request.method in ("POST", "PATCH", "PUT") and request.is_json:
        try:
            body = json.loads(request.get_data(), parse_constant=_no_number)
            is_plain = _is_plain(body)
        except (ValueError, RecursionError):
            is_plain = False
    if not is_plain or not all(map(_is_plain, texts)):
        raise_answer(400, "bad_request", _(SENTENCES[400]))


def _no_number(_text: str) -> None:
    raise ValueError


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(_is_plain(key) and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, int) or abs(value) < 2**63
