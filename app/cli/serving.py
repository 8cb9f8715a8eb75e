"""Commands that start processes: the web server and the worker."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication

# gunicorn's default of 2 s resets connections that browsers and proxies reuse.
KEEP_ALIVE_SECONDS = 75
# A hall that comes at the same instant keeps a connection each: at gunicorn's default of 1,000 the next must wait
# until somebody's has been idle for long enough.
CONNECTIONS = 4096


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


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
@click.option("--with-worker", is_flag=True, help="Also run one background worker.")
@with_appcontext
def serve(host: str, port: int, processes: int, threads: int, with_worker: bool) -> None:
    """Serve the application with gunicorn."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    workers: list[subprocess.Popen[bytes]] = []

    def when_ready(_server: object) -> None:
        # Only now: two processes that import the application at once make the first page wait.
        if with_worker:
            workers.append(_start_worker())

    _announce(app, host, port)
    options = {
        "bind": f"{host}:{port}",
        "workers": processes,
        "threads": threads,
        "worker_class": "gthread",
        "keepalive": KEEP_ALIVE_SECONDS,
        "worker_connections": CONNECTIONS,
        "backlog": CONNECTIONS,
        "timeout": 120,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "proc_name": "tieubieu",
        "when_ready": when_ready,
    }
    try:
        Server(app, options).run()
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(timeout=30)


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
