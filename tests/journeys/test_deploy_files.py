"""The files of deploy/ as their own programs read them: systemd's units, nginx's servers, the compose file."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from tests.journeys.deployed import wait_for
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OURS = ("setup", "web-a", "web-b", "worker")


@pytest.fixture(scope="module")
def compose() -> Mapping[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("unit", ["tieubieu-web@.service", "tieubieu-worker@.service"])
def test_systemd_finds_nothing_to_complain_of(unit: str, tmp_path: Path) -> None:
    program = _program("systemd-analyze")
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    # What is installed on the server is not installed here: any program that exists stands in for it.
    (tmp_path / unit).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M), encoding="utf-8")
    told = subprocess.run([program, "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, timeout=60, check=False)
    # Of the servers in After= only those that are installed here are known; nothing else may be said.
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    program = _program("nginx")
    told = subprocess.run(
        [program, "-t", "-c", str(nginx_settings(tmp_path))], capture_output=True, text=True, timeout=60, check=False
    )
    assert (told.returncode, "syntax is ok" in told.stderr) == (0, True), told.stderr


def test_nginx_hands_on_who_asks_and_keeps_the_figures_inside(tmp_path: Path) -> None:
    program = _program("nginx")
    port = free_port()
    with _upstream() as (told, upstream):
        settings = nginx_settings(tmp_path, port=port, upstream=upstream)
        server = subprocess.Popen([program, "-c", str(settings), "-g", "daemon off;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            trust = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
            wait_for(f"https://localhost:{port}/", trust)
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"https://localhost:{port}/metrics", timeout=60, context=trust)
        finally:
            server.terminate()
            server.wait(timeout=60)
    path, headers = told[-1]
    assert path == "/"
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"], headers["Host"]) == ("127.0.0.1", "https", "localhost")


@contextmanager
def _upstream() -> Iterator[tuple[list[tuple[str, Mapping[str, str]]], int]]:
    """A server that answers everything and remembers what it was told."""
    told: list[tuple[str, Mapping[str, str]]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append((self.path, dict(self.headers)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield told, server.server_port
        server.shutdown()
        thread.join()


def nginx_settings(folder: Path, *, port: int = 443, upstream: int = 8000) -> Path:
    """A whole configuration around the file, with a key and with ports of its own."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/tieubieu/fullchain.pem", str(certificate)).replace("/etc/ssl/tieubieu/privkey.pem", str(key))
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    (folder / "site.conf").write_text(text, encoding="utf-8")
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ include {folder}/site.conf; "
        + "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + "}",
        encoding="utf-8",
    )
    return whole


def test_every_name_in_the_compose_file_is_declared(compose: Mapping[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert set(_named_volumes(service)) <= set(compose["volumes"]), name
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])


def test_our_containers_are_not_root_write_nowhere_but_their_volume_and_gain_nothing(compose: Mapping[str, Any]) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert (service["user"], service["read_only"], service["cap_drop"]) == ("10001", True, ["ALL"]), name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_no_secret_stands_in_the_compose_file(compose: Mapping[str, Any]) -> None:
    settings = compose["services"]["web-a"]["environment"]
    secret = ("KEY", "SALT", "PASSWORD", "TOKEN", "DATABASE_URL")
    told = {name for name in settings if any(word in name for word in secret)}
    assert told == {name for name in told if name.endswith("_FILE")}


def test_whoever_waits_for_a_healthy_part_waits_for_one_that_says_so(compose: Mapping[str, Any]) -> None:
    """Ours say it by the image's own check."""
    services = compose["services"]
    asked = {
        on for service in services.values() for on, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }  # fmt: skip
    assert asked == {"database", "redis", "web-a", "web-b"}
    assert "HEALTHCHECK" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert all("healthcheck" in services[name] for name in ("database", "redis"))


def test_every_web_server_is_behind_the_proxy(compose: Mapping[str, Any]) -> None:
    services = compose["services"]
    webs = [name for name, service in services.items() if "serve" in service.get("command", [])]
    assert services["proxy"]["environment"]["TIEUBIEU_UPSTREAMS"] == " ".join(f"{name}:8000" for name in webs)
    assert len(webs) == 2


def _named_volumes(service: Mapping[str, Any]) -> Iterator[str]:
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        if not source.startswith("."):
            yield source


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"not installed: {name}")
    return found
