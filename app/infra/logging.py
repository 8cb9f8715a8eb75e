"""Structured logs: one JSON line an event, with the request's id, never with personal data."""

from __future__ import annotations

import logging
import re
import sys
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# What a fault's own words may carry of a row: PostgreSQL's detail line, mail addresses, long numbers.
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.M)
PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.-])\+?\d{9,15}(?![\w.-])")


def init_logging(app: Flask, *, level: str = "INFO", show_requests: bool = False) -> None:
    """Send structlog's events to standard error and give every request an id.

    ``show_requests`` writes a line for each answer: method, route and status, no address and no value in it.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )

    @app.before_request
    def bind_request_id() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if show_requests:
            route = request.url_rule.rule if request.url_rule else ""
            get_logger().info("request", method=request.method, route=route, status=response.status_code)
        return response


def without_personal_data(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blacken in the words of a fault what may identify somebody."""
    for key in ("exception", "error"):
        if isinstance(event.get(key), str):
            event[key] = PERSONAL.sub("…", DETAIL.sub(r"\1: …", event[key]))
    return event


def get_logger() -> structlog.stdlib.BoundLogger:
    """The logger of events: ``get_logger().info("static event", key=value)``."""
    return structlog.get_logger()
