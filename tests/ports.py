"""Ports for servers that tests start and that cannot choose one themselves."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

LOWEST, USUAL = 20_000, 32_768
HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_held: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback interface on which nobody listens, this process's own until it ends.

    It lies below the range that the system hands out by itself, so that no connection and no server elsewhere gets it
    before the test's server listens; and other processes that ask here are told another one.

    Raises:
        RuntimeError: none is left.
    """
    ports = list(range(LOWEST, _first_handed_out()))
    random.Random(os.urandom(8)).shuffle(ports)
    for port in ports:
        if _reserve(port) and _nobody_listens(port):
            return port
    raise RuntimeError("no port is free")


def _first_handed_out() -> int:
    first = int(HANDED_OUT.read_text().split()[0]) if HANDED_OUT.exists() else USUAL
    return first if first > LOWEST + 1_000 else USUAL


def _reserve(port: int) -> bool:
    """A name without a file that one process of this network can hold; it goes with the process."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0tieubieu-port-{port}")
    except OSError:
        mark.close()
        return False
    _held.append(mark)
    return True


def _nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
