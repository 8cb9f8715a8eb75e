"""Signs answers for machines with the key that signs certificates: a compact JWS with its chain (RFC 7515)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from flask import current_app

from app.infra.logging import get_logger
from app.infra.pressroom import open_signer
from app.infra.toolbox import toolbox
from certificates.credential import secured
from certificates.errors import SigningError
from certificates.signing import Signer


class CredentialSigner:
    """The certificates' signing key, for JWS."""

    def __init__(self, signer: Signer) -> None:
        """Take the signer; its token, if it has one, is asked when something is signed."""
        self._signer = signer

    def sign(self, body: Mapping[str, Any]) -> str:
        """A compact JWS over the body as canonical JSON, the certificates in its header (``x5c``).

        Raises:
            SigningError: the key cannot sign now.
        """
        chain = [base64.b64encode(one).decode() for one in (self._signer.certificate, *self._signer.chain)]
        header = {"alg": self._signer.jws_algorithm, "typ": "JOSE", "x5c": chain}
        text = f"{_unpadded(_canonical(header))}.{_unpadded(_canonical(body))}"
        return f"{text}.{_unpadded(self._signer.jws_signature(text.encode()))}"

    def sign_or_leave(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body with ``signed`` beside it; without, where the key cannot sign now: the answer itself stays right."""
        try:
            return {**body, "signed": self.sign(body)}
        except SigningError as error:
            get_logger().warning("an answer stays unsigned", reason=str(error))
            return body

    @cached_property
    def public_key(self) -> dict[str, Any]:
        """The key as a JWK (RFC 7517); its ``kid`` is its thumbprint (RFC 7638)."""
        from joserfc.jwk import ECKey, RSAKey

        public = load_der_x509_certificate(self._signer.certificate).public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        kind = ECKey if isinstance(public, EllipticCurvePublicKey) else RSAKey
        key = kind.import_key(pem)
        return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": self._signer.jws_algorithm}

    def secure(self, credential: dict[str, Any], key_id: str) -> str:
        """A credential as a signed JWT; ``key_id`` is the address of `public_key`.

        Raises:
            SigningError: the key cannot sign now.
        """
        return secured(credential, self._signer, key_id)


def credential_signer() -> CredentialSigner | None:
    """The signer of the current application; None without ``TIEUBIEU_SIGNING_KEY``."""
    kept = current_app.extensions
    if "credential_signer" not in kept:
        signer = open_signer(toolbox().settings)
        kept["credential_signer"] = None if signer is None else CredentialSigner(signer)
    return cast("CredentialSigner | None", kept["credential_signer"])


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
