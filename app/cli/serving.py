"""Commands that start processes: the web server and the worker."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication
from gunicorn.workers import gthread

from app.infra import farewell, readiness
from app.infra.database import db

# gunicorn's default of 2 s resets connections that browsers and proxies reuse.
KEEP_ALIVE_SECONDS = 75
# A hall that comes at the same instant keeps a connection each: at gunicorn's default of 1,000 the next must wait
# until somebody's has been idle for long enough.
CONNECTIONS = 4096
# Browsers open connections in stock. gunicorn lets each of them hold a thread for 5 s, and the end of a server with it.
QUIET_SECONDS = 0.2
# At the end of a server, as long as gunicorn leaves to connections on which something was asked before.
LAST_SECONDS = gthread.STOP_KEEPALIVE_LINGER


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which waits only a moment for those who say nothing, above all at its end.

    A proxy keeps connections in stock; one on which nothing came yet would hold the end up for KEEP_ALIVE_SECONDS.
    """

    def handle(self, conn: gthread.TConn) -> object:
        """Answer what is asked; who says nothing is put back to where it costs no thread, or at the end is cut off."""
        if not conn.initialized and not conn.wait_for_data(QUIET_SECONDS):
            if self.alive:
                return gthread._DEFER
            if not conn.wait_for_data(LAST_SECONDS):
                _hang_up(conn.sock, 0.0)
                return False
        kept = super().handle(conn)
        if not kept:
            _hang_up(conn.sock, LAST_SECONDS)
        return kept

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for connection in self.pending_conns:
            connection.timeout = min(connection.timeout, deadline)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the application that is already made."""

    def __init__(self, app: Any, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn our options."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The WSGI application."""
        return self.app


def _hang_up(line: socket.socket, seconds: float) -> None:
    """Say that no more comes, and give the other side some time to hang up as well, so that the answer arrives whole.

    gunicorn does so too, but in the one thread that all connections need; it finds nothing left to wait for.
    """
    deadline = time.monotonic() + seconds
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            line.settimeout(left)
            if not line.recv(65536):
                break
    with suppress(OSError):
        line.shutdown(socket.SHUT_RD)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
@click.option("--with-worker", is_flag=True, help="Also run one background worker.")
@click.option(
    "--drain",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 60),
    help="Seconds between being asked to end and ending, in which /readyz answers 503 and everything else as ever.",
)
@with_appcontext
def serve(host: str, port: int, processes: int, threads: int, with_worker: bool, drain: float) -> None:
    """Serve the application with gunicorn."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    workers: list[subprocess.Popen[bytes]] = []

    def when_ready(server: Any) -> None:
        if drain:
            _take_leave_first(server, drain)
        # Only now: two processes that import the application at once make the first page wait.
        if with_worker:
            workers.append(_start_worker())

    def warm_up(_worker: object) -> None:
        # Before the first request: what the answers need is made once, not by every thread that waits for it.
        with app.app_context():
            readiness.parts()
            db.session.remove()
        # What is there now stays: looking for garbage among it would stop all requests for a fifth of a second now and then.
        gc.collect()
        gc.freeze()

    _announce(app, host, port)
    readiness.heads(f"{app.root_path}/migrations")
    options = {
        "bind": f"{host}:{port}",
        "workers": processes,
        "threads": threads,
        "worker_class": Worker,
        "keepalive": KEEP_ALIVE_SECONDS,
        "worker_connections": CONNECTIONS,
        "backlog": CONNECTIONS,
        "timeout": 120,
        "graceful_timeout": 30,
        # Its socket lies in the home folder, one for all servers of a user; they are steered by signals.
        "control_socket_disable": True,
        "loglevel": "warning",
        "proc_name": "tieubieu",
        "when_ready": when_ready,
        "post_worker_init": warm_up,
    }
    try:
        Server(app, options).run()
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(timeout=30)


def _take_leave_first(server: Any, seconds: float) -> None:
    """At SIGTERM tell the proxy, and end ``seconds`` later; a second SIGTERM ends at once.

    A listening socket is shared with the system's queue of connections: one that is closed resets what waits there. So the
    proxy must have turned to another server before.
    """

    def leave(number: int, _frame: object) -> None:
        farewell.say()
        signal.signal(signal.SIGTERM, server.signal)
        timer = threading.Timer(seconds, os.kill, (os.getpid(), number))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, leave)


def _announce(app: Any, host: str, port: int) -> None:
    click.echo(f"Tiêu Biểu serves http://{host}:{port}")
    if app.config["TIEUBIEU_MODE"] == "demo":
        from app.cli.demo import show_accounts

        show_accounts()


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.argv[0], "worker"])


@click.command()
@click.option("--threads", default=1, show_default=True, help="Jobs at the same time.")
@with_appcontext
def worker(threads: int) -> None:
    """Run background jobs: bulk certificates, mail, imports."""
    from app.jobs.bell import sweep

    logging.basicConfig(level=logging.WARNING)
    queue = current_app.extensions["queue"]
    sweep()
    queue.create_consumer(workers=threads, periodic=True, check_worker_health=True).run()


COMMANDS = (serve, worker)
