"""Pages of certificates kept in memory: a QR code on a poster is asked for by a whole hall at once.

A page is only given again after the database has said, in one statement, that nothing about its
certificate changed: a revocation is on the page with the next request. Only what everybody sees is
kept: pages asked for without cookies and without parameters.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from flask import Response, current_app, request

MOST_PAGES = 2000
GZIP_LEVEL = 5

Life = tuple[Any, ...]


@dataclass
class Page:
    """A rendered page in two halves, between which the time of the check stands; packed once a minute."""

    life: Life
    halves: tuple[bytes, bytes]
    packed: tuple[str, bytes] = ("", b"")

    def body(self, checked: str) -> bytes:
        """The whole page."""
        return self.halves[0] + checked.encode() + self.halves[1]

    def gzipped(self, checked: str) -> bytes:
        """The whole page, packed."""
        if self.packed[0] != checked:
            self.packed = (checked, gzip.compress(self.body(checked), GZIP_LEVEL, mtime=0))
        return self.packed[1]


@dataclass
class PageCache:
    """The pages of a web process, the most recently asked for."""

    _pages: OrderedDict[tuple[str, date], Page] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: tuple[str, date], life: Life) -> Page | None:
        """The page under a key, if the certificate's life is still the one it tells."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.life != life:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: tuple[str, date], page: Page) -> None:
        """Keep a page; the one that was not asked for longest goes."""
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def page_for(code: str, life: Life, day: date, checked: str, render: Callable[[], str]) -> str | Response:
    """The page of a certificate: a kept one with the time of this check, or a new one, kept if it may be.

    ``checked`` is the text with the time, which must stand on the page exactly once.
    """
    if request.args or request.cookies:
        return render()
    cache, key = _cache(), (code, day)
    page = cache.find(key, life)
    if page is None:
        made = render()
        halves = made.encode().split(checked.encode())
        if len(halves) != 2:
            return made
        page = Page(life, (halves[0], halves[1]))
        cache.keep(key, page)
    return _answer(page, checked)


def _answer(page: Page, checked: str) -> Response:
    if not request.accept_encodings["gzip"]:
        return Response(page.body(checked), mimetype="text/html")
    answer = Response(page.gzipped(checked), mimetype="text/html")
    answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


def _cache() -> PageCache:
    return cast(PageCache, current_app.extensions.setdefault("verify_pages", PageCache()))
