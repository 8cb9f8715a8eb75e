"""Requests to addresses that people typed: never into the private network, never where a redirect leads.

The name is resolved once; every address behind it must be public, and the connection goes to that address
and no other, while certificate and Host are those of the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 5, 10
ANSWER_BYTES = 2000
PORTS = {"http": 80, "https": 443}


class Unreachable(Exception):
    """The address is not allowed, is not found, or does not answer; the text says which."""


@dataclass(frozen=True)
class Target:
    """An address that was looked at: where to connect, and what to say there."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


def is_well_formed(url: str, *, plain: bool = False) -> bool:
    """True for https:// (``plain``: http:// too) with a host and without a user."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    schemes = ("http", "https") if plain else ("https",)
    return parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc and port != 0 and len(url) <= 1000


def look_at(url: str, *, private: bool = False, plain: bool = False) -> Target:
    """Resolve the name and hold the address.

    Raises:
        Unreachable: ``malformed``, ``not found``, or ``private`` when one of its addresses is not public.
    """
    if not is_well_formed(url, plain=plain):
        raise Unreachable("malformed")
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable("not found") from error
    if not found or not (private or all(map(is_public, found))):
        raise Unreachable("private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, found[0], path)


def is_public(address: str) -> bool:
    """True for an address of the public internet; what is wrapped in IPv6 is unwrapped first."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if wrapped is not None or parsed in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return parsed.is_global and not parsed.is_multicast


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Send and return the HTTP status; redirects are not followed.

    Raises:
        Unreachable: nobody answered in time.
    """
    timeout = urllib3.Timeout(connect=SECONDS_TO_CONNECT, read=SECONDS_TO_ANSWER)
    own_port = PORTS[target.scheme] == target.port
    name = f"[{target.host}]" if ":" in target.host else target.host
    said = {**headers, "Host": name if own_port else f"{name}:{target.port}"}
    try:
        with _pool(target) as pool:
            answer = pool.urlopen(
                "POST", target.path, body=body, headers=said, redirect=False, retries=False, timeout=timeout,
                preload_content=False, assert_same_host=False,
            )  # fmt: skip
            answer.read(ANSWER_BYTES)
            answer.close()
            return int(answer.status)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.address, target.port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        target.address, target.port, maxsize=1, server_hostname=target.host, assert_hostname=target.host
    )
