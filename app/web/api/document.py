"""The description of the interface: OpenAPI for programs, a page for people."""

from __future__ import annotations

from threading import Lock
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint

from app.infra.limits import limiter
from app.services.accounts import LANGUAGES
from app.web.api import bp
from app.web.api.access import BY_ADDRESS, BY_TOKEN, address_key, token_key

WORDS = ("summary", "description")
METHODS = ("get", "post", "patch", "put", "delete")
page = Blueprint("api_page", __name__)


class LateApi(Api):  # type: ignore[misc]
    """The library's interface, described when somebody first asks for it: that takes as long as the rest of the start.

    It has no error pages: refusals have the application's one shape, ``app.web.api.access`` answers.
    """

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[SmorestBlueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blp: SmorestBlueprint) -> None:
        """Attach the addresses; ``describe`` does the library's other half."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undescribed.append(blp)

    def describe(self) -> dict[str, Any]:
        """The OpenAPI document."""
        with self._describing:
            while self._undescribed:
                blp = self._undescribed.pop(0)
                blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
                self.spec.tag({"name": blp.name, "description": blp.description})
            document: dict[str, Any] = self.spec.to_dict()
            return document

    def _openapi_json(self) -> Response:
        """The description in the language of the address, else of Accept-Language, else of the page."""
        if "lang" not in request.args and "Accept-Language" in request.headers:
            g.language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
        answer = jsonify(_said(self.describe()))
        answer.headers["Vary"] = "Accept-Language"
        return answer

    def _register_error_handlers(self) -> None:
        """Nothing."""


def init_api(app: Flask) -> None:
    """Attach the interface, its description and its page."""
    app.config.update(
        API_TITLE="Tiêu Biểu",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = LateApi(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    limiter.limit(BY_TOKEN, key_func=token_key)(bp)
    limiter.limit(BY_ADDRESS, key_func=address_key)(bp)
    api.register_blueprint(bp)
    app.extensions["csrf"].exempt(bp)
    app.register_blueprint(page)
    app.extensions["api_document"] = api.describe


@page.get("/api")
def api_page() -> str:
    """What programs can do here, for people."""
    return render_template("public/api.html", operations=_operations(_said(current_app.extensions["api_document"]())))


def _said(part: Any, key: str = "") -> Any:
    """The description with its words in the reader's language."""
    if isinstance(part, dict):
        return {name: _said(value, name) for name, value in part.items()}
    if isinstance(part, list):
        return [_said(value) for value in part]
    return _(part) if part and key in WORDS and isinstance(part, str) else part


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "scope": operation.get("x-scope", ""),
            "arguments": [
                {"name": item["name"], "place": item["in"], "required": item.get("required", False)}
                for item in (*operations.get("parameters", ()), *operation.get("parameters", ()))
                if "name" in item
            ],
        }
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]


__all__ = ["init_api"]
