"""Answers packed with gzip where that is worth it and cannot help to guess a secret."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request, session

LEAST_BYTES = 1024
LEVEL = 6
PACKED = frozenset({"text/html", "text/csv", "text/plain", "application/json", "application/xml", "image/svg+xml"})
# Pages that show what was typed beside a token or a password: their length must tell nothing (BREACH).
SECRET_BLUEPRINTS = frozenset({"security"})


def init_compression(app: Flask) -> None:
    """Pack answers of ``LEAST_BYTES`` and more for clients that take gzip."""

    @app.after_request
    def pack(response: Response) -> Response:
        if not _is_packable(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0 and not _holds_secret():
            response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            if response.headers.get("ETag"):
                response.set_etag(response.get_etag()[0] or "", weak=True)
        return response


def _is_packable(response: Response) -> bool:
    return (
        response.status_code not in (204, 206, 304)
        and not response.direct_passthrough
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and response.mimetype in PACKED
        and len(response.get_data()) >= LEAST_BYTES
    )


def _holds_secret() -> bool:
    """True for sign-in pages, and where the address or a form is reflected beside the session's form token."""
    if request.blueprint in SECRET_BLUEPRINTS:
        return True
    reflects = bool(request.args) or request.method != "GET"
    # Looked at last: a touched session makes the answer vary by cookie.
    return reflects and bool(request.cookies) and "csrf_token" in session
