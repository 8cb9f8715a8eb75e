"""Everything that deploy/ names, started as processes: PostgreSQL, Redis, an S3 store, two web servers, a worker, Caddy with TLS."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

from app.factory import create_app
from app.infra.settings import from_environment
from tests.ports import free_port
from tests.postgresql import cluster, find_binaries

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.executable).parent / "tieubieu")
MOTO = str(Path(sys.executable).parent / "moto_server")
START_SECONDS = 120
# Longer than the proxy's health check takes to ask twice, as in deploy/.
DRAIN_SECONDS = 3
BUCKET = "tieubieu"


def missing_programs() -> list[str]:
    """What of Debian's packages is not installed here."""
    found = {name: shutil.which(name) for name in ("caddy", "redis-server")}
    return [name for name, path in found.items() if path is None] + ([] if find_binaries() else ["postgresql"])


@dataclass
class Web:
    """One web server with an instance folder of its own, as on a machine of its own."""

    port: int
    environment: Mapping[str, str]
    processes: int = 1
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until it is ready."""
        options = {"port": self.port, "processes": self.processes, "threads": 4, "drain": DRAIN_SECONDS}
        command = [PROGRAM, "serve", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
        self.process = _begin(command, self.environment)
        wait_for(f"http://127.0.0.1:{self.port}/readyz")

    def stop(self) -> None:
        """Ask it to end: what it began to answer is answered."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(timeout=START_SECONDS) == 0


@dataclass(frozen=True)
class Site:
    """The address behind the proxy, its certificate's issuer, the web servers, the same application in this process."""

    url: str
    roots: Path
    webs: tuple[Web, Web]
    app: Flask

    def visitor(self) -> urllib.request.OpenerDirector:
        """A browser that checks the certificate and keeps cookies."""
        trust = urllib.request.HTTPSHandler(context=self.trust())
        return urllib.request.build_opener(trust, urllib.request.HTTPCookieProcessor(CookieJar()))

    def trust(self) -> ssl.SSLContext:
        """Checks the proxy's certificate, which no public authority has signed."""
        return ssl.create_default_context(cafile=str(self.roots))


@contextmanager
def deployed(folder: Path, *, processes: int = 1, **more: str) -> Iterator[Site]:
    """All parts in production mode until the block ends; ``more`` are settings without their prefix."""
    with ExitStack() as stack:
        server = stack.enter_context(cluster())
        redis, store, front = free_port(), free_port(), free_port()
        stack.enter_context(_running(["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]))
        stack.enter_context(_running([MOTO, "-H", "127.0.0.1", "-p", str(store)]))
        settings = _settings(folder, _database(server.url), redis, store, front)
        settings |= {f"TIEUBIEU_{name}": value for name, value in more.items()}
        _bucket(store)
        for command in (["db", "upgrade"], ["reference", "load"]):
            subprocess.run([PROGRAM, *command], cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True)
        first, second = (Web(free_port(), _on_machine(settings, folder / name), processes) for name in "ab")
        webs = first, second
        for web in webs:
            stack.callback(_end, web)
            web.start()
        stack.enter_context(_running([PROGRAM, "worker"], _on_machine(settings, folder / "c")))
        upstreams = " ".join(f"127.0.0.1:{web.port}" for web in webs)
        caddy = {
            "TIEUBIEU_HOST": f"https://localhost:{front}",
            "TIEUBIEU_UPSTREAMS": upstreams,
            "CADDY_TLS": "tls internal",
            "CADDY_GLOBAL": "skip_install_trust\nauto_https disable_redirects",
            "XDG_DATA_HOME": str(folder / "caddy"),
            "XDG_CONFIG_HOME": str(folder / "caddy"),
        }
        stack.enter_context(_running(["caddy", "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")], caddy))
        roots = folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        _until(roots.exists)
        wait_for(f"https://localhost:{front}/readyz", ssl.create_default_context(cafile=str(roots)))
        app = create_app(from_environment({**_on_machine(settings, folder / "d"), "TIEUBIEU_QUEUE_URL": "memory://"}))
        yield Site(f"https://localhost:{front}", roots, webs, app)


def _settings(folder: Path, database: str, redis: int, store: int, front: int) -> dict[str, str]:
    return {
        "TIEUBIEU_MODE": "production",
        "TIEUBIEU_INSTANCE": str(folder / "setup"),
        "TIEUBIEU_SECRET_KEY": secrets.token_urlsafe(48),
        "TIEUBIEU_PASSWORD_SALT": secrets.token_urlsafe(48),
        "TIEUBIEU_BASE_URL": f"https://localhost:{front}",
        "TIEUBIEU_TRUSTED_HOSTS": "localhost,127.0.0.1",
        "TIEUBIEU_PROXIES": "1",
        "TIEUBIEU_DATABASE_URL": database,
        "TIEUBIEU_QUEUE_URL": f"redis://127.0.0.1:{redis}/0",
        "TIEUBIEU_LIMITS_URL": f"redis://127.0.0.1:{redis}/1",
        "TIEUBIEU_STORAGE_URL": f"s3://{BUCKET}?endpoint=http://127.0.0.1:{store}",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def _on_machine(settings: Mapping[str, str], instance: Path) -> dict[str, str]:
    return {**settings, "TIEUBIEU_INSTANCE": str(instance)}


def _database(server: str) -> str:
    engine = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE tieubieu"))
    engine.dispose()
    return f"{server}tieubieu"


def _bucket(port: int) -> None:
    _until(lambda: _listens(port))
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{BUCKET}", method="PUT")
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def _begin(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    log = Path(environment["TIEUBIEU_INSTANCE"], "log") if "TIEUBIEU_INSTANCE" in environment else Path(os.devnull)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=sink, stderr=sink, start_new_session=True
        )


@contextmanager
def _running(command: list[str], environment: Mapping[str, str] | None = None) -> Iterator[None]:
    process = _begin(command, environment or {})
    try:
        yield
    finally:
        _kill(process)


def _end(web: Web) -> None:
    if web.process is not None and web.process.poll() is None:
        _kill(web.process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With all its children: nothing that it holds is needed any more, and nobody waits for an orderly end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)


def wait_for(url: str, trust: ssl.SSLContext | None = None) -> None:
    """Wait until the address answers with 200."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=10, context=trust) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    _until(answers)


def _until(holds: object) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError("a part did not start in time")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
