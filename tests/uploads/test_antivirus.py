"""Against a small server that speaks clamd's protocol, since a real one needs its signatures."""

import os
import socket
import socketserver
import struct
import threading

import pytest

from uploads.antivirus import Clamd
from uploads.errors import Infected, ScannerUnavailable

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
            if len(data) > 1_000_000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                self.rfile.read()
                return
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path_factory):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        address = "{}:{}".format(*server.server_address)
    else:
        # A socket's path has 108 bytes at most: a folder named for the test is too long.
        address = str(tmp_path_factory.mktemp("clamd") / "ctl")
        server = socketserver.ThreadingUnixStreamServer(address, Talk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Clamd(address, timeout_seconds=60)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("data", [b"", b"x", os.urandom(300_000)])
def test_clean_bytes_pass(clamd, data):
    assert clamd.scan(data) is None


def test_a_signature_is_named(clamd):
    with pytest.raises(Infected) as caught:
        clamd.scan(b"x" * 100_000 + EICAR)
    assert caught.value.signature == "Eicar-Test-Signature"


def test_an_error_of_the_scanner_is_no_verdict(clamd):
    with pytest.raises(ScannerUnavailable):
        clamd.scan(bytes(1_500_000))


def test_a_scanner_that_is_not_there_is_no_verdict(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for address in (f"127.0.0.1:{port}", str(tmp_path / "nowhere")):
        with pytest.raises(ScannerUnavailable):
            Clamd(address, timeout_seconds=1).scan(b"x")


@pytest.mark.parametrize("address", ["", "localhost", ":3310", "host:port"])
def test_an_address_that_is_none_is_refused_when_it_is_set(address):
    with pytest.raises(ValueError, match="neither host:port"):
        Clamd(address)
