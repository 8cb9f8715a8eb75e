"""Signing keys: in memory from a PKCS#12 file, or in a token behind PKCS#11, both behind one protocol.

A token is named as RFC 7512 has it: `pkcs11:token=NAME;object=KEY?module-path=/usr/lib/.../module.so`.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate, load_der_x509_certificate

from certificates.errors import SigningError

TOKEN_SCHEME = "pkcs11:"

_DIGESTS: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


class SigningKey(Protocol):
    """A private key that signs, wherever it lives, with its certificate. Safe to share between threads."""

    @property
    def certificate(self) -> Certificate:
        """Return the signer's certificate; its public key tells what kind of key this is."""

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """Return the certificates that vouch for it, as far as they came with the key."""

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Return the signature over data: DER for EC keys, PKCS#1 v1.5 for RSA keys.

        Raises:
            SigningError: the key cannot sign now.
        """


@dataclass(frozen=True, slots=True)
class MemoryKey:
    """A key held in memory."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: Certificate
    chain: tuple[Certificate, ...] = ()

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str | None = None) -> MemoryKey:
        """Open a PKCS#12 file. Raises `SigningError` if it or its password is not right."""
        try:
            secret = None if password is None else password.encode()
            key, certificate, chain = pkcs12.load_key_and_certificates(data, secret)
        except ValueError as error:
            raise SigningError("Không mở được tệp khoá: sai mật khẩu hoặc không phải PKCS#12.") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
            raise SigningError("Tệp khoá phải có khoá riêng EC hoặc RSA cùng chứng thư của nó.")
        if key.public_key() != certificate.public_key():
            raise SigningError("Khoá riêng không khớp với chứng thư.")
        return cls(key, certificate, tuple(chain))

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Return the signature."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(_DIGESTS[digest]))
        return self.key.sign(data, padding.PKCS1v15(), _DIGESTS[digest])


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key is: the library that speaks PKCS#11, the token by its label, the key by its label."""

    module: str
    token: str
    label: str

    @classmethod
    def from_uri(cls, uri: str) -> TokenPlace:
        """Read a PKCS#11 address (RFC 7512). Raises `SigningError` if a part is missing."""
        path, _, query = uri.removeprefix(TOKEN_SCHEME).partition("?")
        parts = {name: unquote(value) for name, _, value in (part.partition("=") for part in path.split(";"))}
        module = dict(parse_qsl(query)).get("module-path", "")
        if not (uri.startswith(TOKEN_SCHEME) and module and parts.get("token") and parts.get("object")):
            raise SigningError("Địa chỉ thiết bị ký số phải có dạng pkcs11:token=TÊN;object=KHOÁ?module-path=TỆP.so.")
        return cls(module, parts["token"], parts["object"])


class TokenKey:
    """A key that never leaves its token. The token is opened when it is first asked for something.

    A session with a token is not to be used by two threads at once, nor after a fork: calls take
    turns, and a new process opens a session of its own.
    """

    def __init__(self, place: TokenPlace, pin: str) -> None:
        """Remember where the key is; nothing is opened yet."""
        self._place, self._pin = place, pin
        self._lock = threading.Lock()
        self._opened: tuple[int, Any] | None = None

    @cached_property
    def _certificates(self) -> tuple[Certificate, ...]:
        """The signer's certificate and then all others in the token."""
        with self._lock:
            key = self._key()
            return self._guarded(lambda: _certificates_of(key))

    @property
    def certificate(self) -> Certificate:
        """Return the certificate that stands beside the key in the token."""
        return self._certificates[0]

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """Return the certificates in the token that vouch for the signer's, one for the other."""
        found: list[Certificate] = []
        above = self.certificate
        for _ in self._certificates:
            above = next((one for one in self._certificates[1:] if one.subject == above.issuer), above)
            if above in found or above == self.certificate:
                break
            found.append(above)
        return tuple(found)

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Return the signature that the token makes."""
        curved = isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey)
        with self._lock:
            key = self._key()
            return self._guarded(lambda: _sign_in_token(key, data, digest, curved))

    def _key(self) -> Any:
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), self._guarded(self._open))
        return self._opened[1]

    def _open(self) -> Any:
        import pkcs11

        library = pkcs11.lib(self._place.module)
        if self._opened is not None:
            library.reinitialize()
        token = library.get_token(token_label=self._place.token)
        try:
            session = token.open(user_pin=self._pin)
        except pkcs11.UserAlreadyLoggedIn:
            # Another signer of this process has opened the token: its login holds for all sessions.
            session = token.open()
        return session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=self._place.label)

    def _guarded(self, work: Any) -> Any:
        """Do what asks the token; whatever goes wrong is told in a sentence, and the session is opened anew next time."""
        try:
            return work()
        except ImportError as error:
            raise SigningError("Cần cài thêm phần mở rộng pkcs11 để dùng thiết bị ký số.") from error
        except SigningError:
            raise
        except Exception as error:  # a token's library fails in ways of its own
            self._opened = None if self._opened is None else (0, None)
            said = str(error) or type(error).__name__
            raise SigningError(f"Thiết bị ký số “{self._place.token}” không ký được: {said}.") from error


def open_key(address: str, password: str = "") -> SigningKey:
    """Return the key at an address: a PKCS#12 file, or a token's key as `pkcs11:...`.

    Args:
        password: of the file, or the token's PIN; empty for none.

    Raises:
        SigningError: the file is not right, or the address is not complete.
        OSError: the file cannot be read.
    """
    if address.startswith(TOKEN_SCHEME):
        return TokenKey(TokenPlace.from_uri(address), password)
    return MemoryKey.from_pkcs12(Path(address).read_bytes(), password or None)


def _certificates_of(key: Any) -> tuple[Certificate, ...]:
    from pkcs11 import Attribute, ObjectClass

    own: list[Certificate] = []
    others: list[Certificate] = []
    for one in key.session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        certificate = load_der_x509_certificate(one[Attribute.VALUE])
        beside = one[Attribute.ID] == key.id if key.id else one[Attribute.LABEL] == key.label
        (own if beside and not own else others).append(certificate)
    if not own:
        raise SigningError(f"Thiết bị ký số không có chứng thư của khoá “{key.label}”.")
    return (*own, *others)


def _sign_in_token(key: Any, data: bytes, digest: str, curved: bool) -> bytes:
    from pkcs11 import Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    if curved:
        hashed = hashlib.new(digest, data).digest()
        return bytes(encode_ecdsa_signature(key.sign(hashed, mechanism=Mechanism.ECDSA)))
    mechanism = {"sha256": Mechanism.SHA256_RSA_PKCS, "sha384": Mechanism.SHA384_RSA_PKCS}[digest]
    return bytes(key.sign(data, mechanism=mechanism))
