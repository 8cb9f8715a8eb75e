"""Webhooks over TLS: the connection goes to the address that was looked at, certificate and SNI are the name's."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.infra.clock import now
from app.infra.outgoing import Target, Unreachable, post

NAME = "tin.example.vn"


class Receiver(HTTPServer):
    """A TLS server on this machine whose certificate is of the name; it keeps what was asked for."""

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.names: list[str | None] = []
        self.heard: list[tuple[str, str | None, bytes]] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that turns away is what some tests ask for."""

    @property
    def target(self) -> Target:
        return Target("https", NAME, self.server_port, "127.0.0.1", "/nhan?a=1")


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, self.headers["Host"], body))
        self.send_response(307 if self.path == "/di" else 204)
        self.send_header("Location", "https://127.0.0.1/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def certificate(path: Path, names: list[x509.GeneralName], key: ec.EllipticCurvePrivateKey) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Mẫu")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The receiver's certificate, trusted as an operator's own authority would be."""
    made = certificate(tmp_path / "ten.pem", [x509.DNSName(NAME)], ec.generate_private_key(ec.SECP256R1()))
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made


def serving(receiver: Receiver) -> Iterator[Receiver]:
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    receiver.shutdown()
    thread.join()
    receiver.server_close()


@pytest.fixture
def receiver(trusted: Path) -> Iterator[Receiver]:
    yield from serving(Receiver(trusted))


def test_the_pinned_address_is_asked_under_the_name(receiver: Receiver) -> None:
    assert post(receiver.target, b"{}", {"webhook-id": "msg_1"}) == 204
    assert receiver.names == [NAME]
    assert receiver.heard == [("/nhan?a=1", f"{NAME}:{receiver.server_port}", b"{}")]


def test_a_certificate_of_another_name_is_refused_before_anything_is_told(receiver: Receiver) -> None:
    with pytest.raises(Unreachable, match="SSLError"):
        post(replace(receiver.target, host="khac.example.vn"), b"{}", {})
    assert receiver.heard == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificate(tmp_path / "khac.pem", [x509.DNSName(NAME)], ec.generate_private_key(ec.SECP256R1()))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with pytest.raises(Unreachable, match="SSLError"):
        post(receiver.target, b"{}", {})
    assert receiver.heard == []


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    assert post(replace(receiver.target, path="/di"), b"{}", {}) == 307
    assert [path for path, _host, _body in receiver.heard] == ["/di"]


def test_an_address_without_a_name_is_held_to_its_own_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificate(tmp_path / "so.pem", [x509.IPAddress(ip_address("127.0.0.1"))], key)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    for receiver in serving(Receiver(made)):
        assert post(replace(receiver.target, host="127.0.0.1"), b"{}", {}) == 204
