"""Sending stored files: by digest, never run by the browser, with their Vietnamese names intact."""

from __future__ import annotations

from flask import Response, request, send_file

from app.infra.toolbox import toolbox
from uploads.names import with_suffix

# A stored picture is ours: decoded and written anew. Everything else is only ever downloaded.
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
SUFFIXES = {"image/jpeg": ".jpg", "image/webp": ".webp"}
"""Pictures are kept in another format than they were sent in: what is saved must open."""
SANDBOX = "default-src 'none'; sandbox"


def send_stored(sha256: str, *, media_type: str, filename: str, private: bool = True) -> Response:
    """The stored file as an answer: pictures inline, the rest as a download; ranges work.

    Rights are the caller's business: a view passes only digests that the actor may read.
    """
    storage = toolbox().storage
    response: Response = send_file(
        storage.open(sha256),
        mimetype=media_type,
        as_attachment=media_type not in SHOWN_INLINE,
        download_name=with_suffix(filename, SUFFIXES[media_type]) if media_type in SUFFIXES else filename,
        conditional=False,
        etag=sha256,
    )
    # A stream does not tell its length, and without one no range can be answered.
    response.content_length = length = storage.info(sha256).bytes
    response.make_conditional(request, accept_ranges=True, complete_length=length)
    response.headers["Content-Security-Policy"] = SANDBOX
    scope = "private" if private else "public"
    response.headers["Cache-Control"] = f"{scope}, max-age=86400"
    return response
