"""Visitors who ask a web server at a given rate: one thread, sockets and nothing else.

The generator shares the processors with the server, so that what it takes itself is told beside the answer.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass
class Told:
    """Seconds from the instant a question was due to the last byte of its answer, and the generator's own work."""

    taken: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    own_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.elapsed

    def percentile_ms(self, share: float) -> float:
        """Milliseconds within which this share (0-1) was answered."""
        return percentile_ms(self.taken, share)


class _Connection(asyncio.Protocol):
    """A kept connection; it says through ``free`` when its answer is whole."""

    def __init__(self, free: Callable[[_Connection, float], None], fail: Callable[[str], None]) -> None:
        self._free, self._fail = free, fail
        self._data = b""
        self._missing = -1
        self._due = 0.0
        self._write: Callable[[bytes], None] = lambda _data: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Kept open until the end."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._write = transport.write

    def connection_lost(self, _error: Exception | None) -> None:
        """The server may not hang up on a question."""
        if self._due:
            self._fail("the server hung up")

    def ask(self, question: bytes, due: float) -> None:
        """Send a question."""
        self._due, self._data, self._missing = due, b"", -1
        self._write(question)

    def data_received(self, data: bytes) -> None:
        """Collect until the body is whole; anything but 200 is a failure."""
        if self._missing >= 0:
            self._missing -= len(data)
        else:
            self._data += data
            if _END not in self._data:
                return
            head, _, body = self._data.partition(_END)
            if not head.startswith(b"HTTP/1.1 200"):
                self._fail(head.decode())
                return
            self._missing = int(head.lower().split(_LENGTH, 1)[1].split(b"\r\n", 1)[0]) - len(body)
        if self._missing == 0:
            due, self._due = self._due, 0.0
            self._free(self, due)


class Crowd:
    """A number of kept connections to a port of this machine."""

    def __init__(self, port: int, connections: int) -> None:
        self._port, self._count = port, connections

    def at_a_rate(self, questions: Callable[[int], bytes], rate: float, seconds: float) -> Told:
        """Ask ``rate`` questions a second; one that finds no free connection waits, and its waiting counts.

        Raises:
            RuntimeError: an answer is not 200, or the server hung up.
        """
        return asyncio.run(self._run(questions, int(rate * seconds), rate))

    def as_fast_as_it_goes(self, questions: Callable[[int], bytes], total: int) -> Told:
        """Ask ``total`` questions, each connection again as soon as it is answered. Raises as `at_a_rate`."""
        return asyncio.run(self._run(questions, total, None))

    async def _run(self, questions: Callable[[int], bytes], total: int, rate: float | None) -> Told:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        free: deque[_Connection] = deque()
        waiting: deque[tuple[bytes, float]] = deque()
        told, asked = Told(), 0

        def fail(what: str) -> None:
            if not ended.done():
                ended.set_exception(RuntimeError(what))

        def answered(connection: _Connection, due: float) -> None:
            nonlocal asked
            told.taken.append(time.perf_counter() - due)
            if len(told.taken) == total and not ended.done():
                ended.set_result(None)
            elif waiting:
                connection.ask(*waiting.popleft())
            elif rate is None and asked < total:
                connection.ask(questions(asked), time.perf_counter())
                asked += 1
            else:
                free.append(connection)

        made = [
            await loop.create_connection(lambda: _Connection(answered, fail), "127.0.0.1", self._port)
            for _ in range(self._count)
        ]
        free.extend(protocol for _, protocol in made)
        began, own = time.perf_counter(), _own()
        if rate is None:
            while free and asked < total:
                free.popleft().ask(questions(asked), time.perf_counter())
                asked += 1
        while rate is not None and asked < total and not ended.done():
            due = began + asked / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if free:
                free.popleft().ask(questions(asked), due)
            else:
                waiting.append((questions(asked), due))
            asked += 1
        await ended
        told.elapsed, told.own_seconds = time.perf_counter() - began, _own() - own
        for transport, _ in made:
            transport.close()
        return told


def _own() -> float:
    used = os.times()
    return used.user + used.system


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """Milliseconds within which this share (0-1) lies."""
    return sorted(seconds)[int((len(seconds) - 1) * share)] * 1000


def address_of(visitor: int) -> str:
    """One of 16 million addresses."""
    return f"10.{visitor >> 16 & 255}.{visitor >> 8 & 255}.{visitor & 255}"


def gzip_question(path: str, visitor: int) -> bytes:
    """A phone's question for a page, from an address of its own as a proxy tells it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n"
        f"X-Forwarded-For: {address_of(visitor)}\r\n\r\n"
    ).encode()


def certificates(codes: Sequence[str], first_visitor: int) -> Callable[[int], bytes]:
    """Questions for the pages of certificates in turn, each from another visitor."""
    return lambda number: gzip_question(f"/gcn/{codes[number % len(codes)]}", first_visitor + number)
