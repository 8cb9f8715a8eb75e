"""The description of the interface: OpenAPI for programs, a page for people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, render_template
from flask_smorest import Api

from app.infra.limits import limiter
from app.web.api import bp
from app.web.api.access import BY_ADDRESS, BY_TOKEN, address_key, token_key

METHODS = ("get", "post", "patch", "put", "delete")
page = Blueprint("api_page", __name__)


class ErrorsOfOurOwn(Api):  # type: ignore[misc]
    """The library's description without its error pages: refusals have the application's one shape."""

    def _register_error_handlers(self) -> None:
        """Nothing: ``app.web.api.access`` answers."""


def init_api(app: Flask) -> None:
    """Attach the interface, its description and its page."""
    app.config.update(
        API_TITLE="Tiêu Biểu",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ErrorsOfOurOwn(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    limiter.limit(BY_TOKEN, key_func=token_key)(bp)
    limiter.limit(BY_ADDRESS, key_func=address_key)(bp)
    api.register_blueprint(bp)
    app.extensions["csrf"].exempt(bp)
    app.register_blueprint(page)
    app.extensions["api_document"] = api.spec


@page.get("/api")
def api_page() -> str:
    """What programs can do here, for people."""
    return render_template("public/api.html", operations=_operations(current_app.extensions["api_document"].to_dict()))


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
