"""What production mode does not start with: a setting that is missing, weak, or contradicts another."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from werkzeug.sansio.utils import host_is_trusted

# A setting by its name without the prefix; the second argument stands for one that is not set.
Read = Callable[[str, str], str]

SHORTEST = 32
# A long secret with fewer different characters is a pattern: not even 32 random hexadecimal digits come out so.
ALPHABET = 8
# What manuals and examples write in the place of a secret.
PLACEHOLDERS = ("change", "secret", "password", "mat-khau", "example")
OWN = ("SECRET_KEY", "PASSWORD_SALT")


def faults(get: Read) -> list[str]:
    """One clause for each thing that is wrong, with the full names of the settings; none if all is well."""
    return [*_weak_secrets(get), *_missing(get), *_contradictions(get)]


def _weak_secrets(get: Read) -> list[str]:
    given = {name: [get(name, "")] for name in OWN}
    given["SECRET_KEY_FALLBACKS"] = get("SECRET_KEY_FALLBACKS", "").replace(",", " ").split()
    given["METRICS_TOKEN"] = [token] if (token := get("METRICS_TOKEN", "")) else []
    short = [name for name, values in given.items() if any(len(value) < SHORTEST for value in values)]
    guessable = [name for name, values in given.items() if name not in short and any(map(_is_guessable, values))]
    wishes = (
        (short, f"at least {SHORTEST} characters are needed"),
        (guessable, "must come from a generator of random values"),
    )
    return [f"{_named(names)}: {wish}" for names, wish in wishes if names]


def _is_guessable(secret: str) -> bool:
    return len(set(secret)) < ALPHABET or any(word in secret.lower() for word in PLACEHOLDERS)


def _missing(get: Read) -> list[str]:
    needed = ["BASE_URL", "TRUSTED_HOSTS", *(["OIDC_CLIENT_ID"] if get("OIDC_ISSUER", "") else [])]
    names = [name for name in needed if not get(name, "").strip(" ,")]
    return [f"{_named(names)}: must be set"] if names else []


def _contradictions(get: Read) -> list[str]:
    found = []
    address = _parts(get("BASE_URL", ""))
    hosts = [host.strip() for host in get("TRUSTED_HOSTS", "").split(",") if host.strip()]
    if get("BASE_URL", "") and not (address.scheme == "https" and address.hostname):
        found.append(f"{_named(['BASE_URL'])}: must begin with https:// and name a host")
    elif address.hostname and hosts and not host_is_trusted(address.hostname, hosts):
        found.append(f"{_named(['TRUSTED_HOSTS'])}: must hold {address.hostname}, the host of TIEUBIEU_BASE_URL")
    if get("OIDC_ISSUER", "") and not get("OIDC_ISSUER", "").startswith("https://"):
        found.append(f"{_named(['OIDC_ISSUER'])}: must begin with https://")
    if get(OWN[0], "") and get(OWN[0], "") == get(OWN[1], ""):
        found.append(f"{_named(list(OWN))}: must differ")
    return found


def _parts(address: str) -> SplitResult:
    """The parts of an address; one that is none has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _named(names: list[str]) -> str:
    return ", ".join(f"TIEUBIEU_{name}" for name in names)
