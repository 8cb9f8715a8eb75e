"""An antivirus behind a socket: clamd's `INSTREAM` command.

Source: clamd(8), "INSTREAM": chunks of a four-byte big-endian length and data, ended by a length of zero.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from uploads.errors import Infected, ScannerUnavailable

_CHUNK_BYTES = 1 << 16
_LENGTH = struct.Struct(">I")
_MAX_ANSWER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd at `host:port`, or at the path of a Unix socket.

    Attributes:
        address: `127.0.0.1:3310` or `/run/clamav/clamd.ctl`.
        timeout_seconds: for connecting and for each step of the talk.
    """

    address: str
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        host, _, port = self.address.rpartition(":")
        if not self.address.startswith("/") and not (host and port.isdigit()):
            raise ValueError(f"{self.address!r} is neither host:port nor the path of a socket")

    def scan(self, data: bytes) -> None:
        """Return when clamd calls the bytes clean.

        Raises:
            Infected: clamd names a signature.
            ScannerUnavailable: no connection, no answer, or an error of clamd (for example its own size limit).
        """
        try:
            with self._connected() as line:
                _send(line, data)
                answer = _received(line)
        except OSError as error:
            raise ScannerUnavailable(reason=str(error)) from error
        _judge(answer)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            return _connected_to_path(self.address, self.timeout_seconds)
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self.timeout_seconds)


def _connected_to_path(path: str, timeout_seconds: float) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(timeout_seconds)
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, data: bytes) -> None:
    line.sendall(b"zINSTREAM\0")
    for at in range(0, len(data), _CHUNK_BYTES):
        chunk = data[at : at + _CHUNK_BYTES]
        line.sendall(_LENGTH.pack(len(chunk)) + chunk)
    line.sendall(_LENGTH.pack(0))


def _received(line: socket.socket) -> str:
    answer = bytearray()
    while b"\0" not in answer and len(answer) < _MAX_ANSWER_BYTES:
        part = line.recv(_MAX_ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _judge(answer: str) -> None:
    """`stream: OK`, `stream: <signature> FOUND`; anything else is no verdict."""
    text = answer.removeprefix("stream: ")
    if text == "OK":
        return
    if text.endswith(" FOUND"):
        raise Infected(signature=text.removesuffix(" FOUND"))
    raise ScannerUnavailable(reason=answer or "no answer")
