"""A small site full of holes: a scan that does not find them would not have found them in the product either."""

from __future__ import annotations

import html
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What the scanner calls each hole.
HOLES = {
    "Reflected Cross Site Scripting": "/echo?q=a",
    "Open Redirect": "/go?next=a",
    "SQL Injection": "/list?id=1",
    "HttpOnly Flag cookie": "/",
    "Content Security Policy Configuration": "/",
    "Clickjacking Protection": "/",
    "MIME Type Confusion": "/",
}
SYNTAX = "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version"


class _Holes(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        typed = dict(urllib.parse.parse_qsl(parts.query))
        if parts.path == "/go":
            self._answer(302, "", ("Location", typed.get("next", "/")))
        elif parts.path == "/echo":
            self._answer(200, f"<p>{typed.get('q', '')}</p>")
        elif parts.path == "/list" and any(mark in typed.get("id", "") for mark in "'\""):
            self._answer(200, SYNTAX)
        else:
            self._answer(200, f"<p>{html.escape(self.path)}</p>", ("Set-Cookie", "session=1"))

    def _answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>x</title><body>{text}</body>".encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads what the scanner asked for."""


@contextmanager
def planted() -> Iterator[tuple[str, list[str]]]:
    """The site's address, and the pages with holes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Holes)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield url, sorted(set(HOLES.values()))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
