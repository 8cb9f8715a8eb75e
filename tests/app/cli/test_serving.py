"""Connections that say nothing: they cost no thread, and hold up the end of a server for a moment at most."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.workers import gthread

from app.cli import serving


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> serving.Worker:
    """One that is not started: it answers "answered" instead of an application, and keeps the connection."""
    monkeypatch.setattr(gthread.ThreadWorker, "handle", lambda _worker, _connection: "answered")
    monkeypatch.setattr(serving, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(serving, "LAST_SECONDS", 0.01)
    return serving.Worker(1, 1, [], None, 30, Config(), None)


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, gthread.TConn]]:
    """A browser's end, and the server's."""
    theirs, ours = socket.socketpair()
    theirs.settimeout(10)
    with theirs, ours:
        yield theirs, gthread.TConn(Config(), ours, "127.0.0.1", "127.0.0.1")


def test_one_that_says_nothing_goes_back_to_where_it_costs_no_thread(
    worker: serving.Worker, line: tuple[socket.socket, gthread.TConn]
) -> None:
    _, connection = line
    assert worker.handle(connection) is gthread._DEFER


def test_one_that_asks_is_answered(worker: serving.Worker, line: tuple[socket.socket, gthread.TConn]) -> None:
    browser, connection = line
    browser.sendall(b"GET / HTTP/1.1\r\n")
    assert worker.handle(connection) == "answered"


def test_one_on_which_was_answered_before_is_not_asked_whether_it_says_something(
    worker: serving.Worker, line: tuple[socket.socket, gthread.TConn]
) -> None:
    _, connection = line
    connection.initialized = True
    assert worker.handle(connection) == "answered"


def test_at_the_end_of_the_server_one_that_says_nothing_is_closed(
    worker: serving.Worker, line: tuple[socket.socket, gthread.TConn]
) -> None:
    browser, connection = line
    worker.alive = False
    assert worker.handle(connection) is False
    assert browser.recv(1) == b""


def test_at_the_end_of_the_server_one_that_asks_late_is_still_answered(
    worker: serving.Worker, line: tuple[socket.socket, gthread.TConn], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, connection = line
    waited: list[float] = []

    def ask_during_the_second_wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 2

    monkeypatch.setattr(connection, "wait_for_data", ask_during_the_second_wait)
    worker.alive = False
    assert worker.handle(connection) == "answered"
    assert waited == [serving.QUIET_SECONDS, serving.LAST_SECONDS]


def test_a_browser_that_does_not_hang_up_after_its_last_answer_keeps_nobody_waiting(
    worker: serving.Worker, line: tuple[socket.socket, gthread.TConn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """gunicorn waits for the other side in the thread that all connections need: there nothing may be left to wait for."""
    monkeypatch.setattr(gthread.ThreadWorker, "handle", lambda _worker, connection: connection.sock.sendall(b"bye"))
    browser, connection = line
    connection.initialized = True
    worker.handle(connection)
    assert (browser.recv(10), browser.recv(1)) == (b"bye", b"")
    connection.sock.setblocking(False)
    assert connection.sock.recv(1) == b""
