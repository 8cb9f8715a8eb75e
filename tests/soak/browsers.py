"""Many judges' browsers at once, and the record of every call and its answer."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from tests.app.make import PASSWORD
from tests.soak.hall import AGENT, Judge

SAVE = "/giam-khao/phieu/{}/luu"
LOG_IN = "/tai-khoan/dang-nhap"
NO_OP = "/khong-lam-gi"
PATIENCE_SECONDS = 90
RETRY_SECONDS = 0.2


@dataclass
class Call:
    """One save as the judge's browser saw it. Times are seconds of one clock; ``due`` is when it was to be sent.

    ``status`` is 0 as long as no answer came; ``tries`` counts how often it was sent.
    """

    judge: str
    assignment: int
    operation: str
    version: int
    points: str
    due: float
    ended: float = 0.0
    status: int = 0
    answered: int = 0
    tries: int = 0

    @property
    def seconds(self) -> float:
        """From when it was due to its answer: waiting behind the one before counts too."""
        return self.ended - self.due


@dataclass
class History:
    """Every call of a run, in the order of sending."""

    calls: list[Call] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[Call]:
        """The calls that were answered with 200."""
        return [call for call in self.calls if call.status == 200]


@asynccontextmanager
async def browsers(url: str, trust: ssl.SSLContext | None = None) -> AsyncIterator[aiohttp.ClientSession]:
    """Connections that stay open, without a limit and without a shared cookie jar; ``trust`` checks the certificate."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60, ssl=trust or True)
    jar = aiohttp.DummyCookieJar()
    # Behind TLS a token counts only from a page of the site itself.
    own = {"Referer": f"{url}/"}
    async with aiohttp.ClientSession(url, connector=connector, cookie_jar=jar, timeout=timeout, headers=own) as http:
        yield http


def next_call(judge: Judge, randomness: random.Random, due: float | None = None) -> Call:
    """The judge's next save, of one of the own sheets, with other points than before."""
    assignment = randomness.choice(list(judge.sheets))
    points = str(randomness.randrange(0, 41))
    began = time.monotonic() if due is None else due
    return Call(judge.name, assignment, uuid.uuid4().hex, judge.sheets[assignment], points, began)


async def send(http: aiohttp.ClientSession, judge: Judge, call: Call, *, retry_until: float = 0.0) -> Call:
    """Send a save; with ``retry_until`` again and again with the same operation until it is answered."""
    while True:
        call.tries += 1
        try:
            await _post(http, judge, call)
        except (aiohttp.ClientError, OSError, TimeoutError):
            call.status = 0
        if (call.status and call.status < 500) or time.monotonic() >= retry_until:
            break
        await asyncio.sleep(RETRY_SECONDS)
    call.ended = time.monotonic()
    if call.status == 200:
        judge.sheets[call.assignment] = call.answered
    return call


async def _post(http: aiohttp.ClientSession, judge: Judge, call: Call) -> None:
    body = {"fields": {"points-1": call.points}, "version": call.version, "operation_id": call.operation}
    async with http.post(SAVE.format(call.assignment), json=body, headers=_headers(judge)) as answer:
        content = await answer.json(content_type=None) if answer.status == 200 else await answer.read()
        call.status = answer.status
        if answer.status == 200:
            call.answered = content["version"]


async def no_op(http: aiohttp.ClientSession, judge: Judge) -> int:
    """A POST that passes session and token and does nothing; its status."""
    async with http.post(NO_OP, json={}, headers=_headers(judge)) as answer:
        await answer.read()
        return answer.status


async def log_in(http: aiohttp.ClientSession, judge: Judge) -> tuple[int, float]:
    """A real log-in through the form: status (302 is success) and seconds of the second request."""
    async with http.get(LOG_IN) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', await page.text())
        cookie = "; ".join(f"{key}={value.value}" for key, value in page.cookies.items())
    assert token is not None
    form = {"email": judge.email, "password": PASSWORD, "csrf_token": token.group(1)}
    began = time.monotonic()
    async with http.post(LOG_IN, data=form, headers={"Cookie": cookie, "User-Agent": AGENT}, allow_redirects=False) as answer:
        await answer.read()
        return answer.status, time.monotonic() - began


def _headers(judge: Judge) -> dict[str, str]:
    return {"Cookie": judge.cookie, "User-Agent": AGENT, "X-CSRFToken": judge.token, "Accept": "application/json"}
